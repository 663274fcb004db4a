import { isReason, type Reason } from './reasons.ts'
import type { RunReport, TierCounts } from './report.ts'

type Check = (value: unknown) => boolean

const maxEntries = 1000

/** Whether something that was read is a run report, down to its last field; keys that are not known may be there. */
export function isRunReport(value: unknown): value is RunReport {
  const units = { applied: isCount, skipped: isSkipped }
  return has(value, {
    schemaVersion: oneOf(1),
    prewarm: isText,
    pid: isCount,
    node: isText,
    startedAt: isText,
    mode: oneOf('auto', 'strict', 'off'),
    profile: orNull(isText),
    appId: orNull(isText),
    outcome: oneOf('applied', 'cold'),
    reason: orNull(isKnownReason),
    detail: isText,
    budgetMs: isAmount,
    stages: listOf({ name: isText, ms: isAmount }),
    load: (load) => load === undefined || object(units)(load),
    codeCache: object(units),
    preload: object(units),
    rehearsal: object({
      ...units,
      rounds: isCount,
      requests: isCount,
      stopped: (stopped) => stopped === null || stopped === 'cap' || isKnownReason(stopped),
    }),
    tierUp: object(units),
    work: object({ ...units, rounds: isCount, calls: isCount }),
    skipped: listOf({
      unit: isText,
      reason: isKnownReason,
      detail: (detail) => detail === undefined || isText(detail),
    }),
    flagsRestored: (flag) => typeof flag === 'boolean',
    openMs: orNull(isAmount),
    guard: orNull(isGuardReport),
  })
}

export function isTierCounts(value: unknown): value is TierCounts {
  return has(value, {
    functions: isCount,
    polls: isCount,
    pollsWithTraffic: isCount,
    falls: isCount,
    fallen: listOf({ name: isText, falls: isCount }),
    undone: isCount,
  })
}

function isGuardReport(value: unknown): boolean {
  const verdicts = listOf({ reason: isKnownReason, detail: isText })
  return has(value, {
    state: oneOf('waiting', 'watching', 'over', 'off'),
    inForce: verdicts,
    verdicts,
    tiers: isTierCounts,
    latency: object({
      verdict: oneOf('undecided', 'harmless', 'harmful'),
      routes: isCount,
      requests: isCount,
      exceeded: isCount,
      slowRoutes: (routes) => isList(routes) && routes.every(isText),
    }),
    trouble: orNull(isText),
  })
}

function has(value: unknown, fields: Readonly<Record<string, Check>>): boolean {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Readonly<Record<string, unknown>>
  return Object.entries(fields).every(([key, check]) => check(record[key]))
}

function object(fields: Readonly<Record<string, Check>>): Check {
  return (value) => has(value, fields)
}

function listOf(fields: Readonly<Record<string, Check>>): Check {
  return (value) => isList(value) && value.every((entry) => has(entry, fields))
}

function orNull(check: Check): Check {
  return (value) => value === null || check(value)
}

function oneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value)
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length <= maxEntries
}

function isSkipped(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([reason, count]) => isReason(reason) && isCount(count))
}

export function isKnownReason(value: unknown): value is Reason {
  return typeof value === 'string' && isReason(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** A whole number, zero or more, exactly representable. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** A finite number, zero or more. */
export function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0
}
