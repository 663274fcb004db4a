import { isReason } from './reasons.ts'
import type { RunReport } from './report.ts'

/*
 * A run report comes from a file that anybody may have written, or cut off. What is shown of it later is read without further
 * checks, so that all of its shape is looked at here.
 */

/** A parsed JSON value as a run report; null: it is none of this version. */
export function parseRunReport(value: unknown): RunReport | null {
  return isRunReport(value) ? value : null
}

/** The same of a text. */
export function parseRunReportText(text: string | null): RunReport | null {
  if (text === null) return null
  try {
    return parseRunReport(JSON.parse(text))
  } catch {
    return null
  }
}

function isRunReport(value: unknown): value is RunReport {
  if (!isObject(value) || value['schemaVersion'] !== 1) return false
  const { stages, rehearsal, skipped, guard } = value
  return (
    ['prewarm', 'node', 'startedAt', 'mode', 'detail'].every((key) => isText(value[key])) &&
    ['profile', 'appId', 'reason'].every((key) => value[key] === null || isText(value[key])) &&
    ['pid', 'budgetMs'].every((key) => isNumber(value[key])) &&
    (value['openMs'] === null || isNumber(value['openMs'])) &&
    (value['outcome'] === 'applied' || value['outcome'] === 'cold') &&
    isListOf(stages, (stage) => isText(stage['name']) && isNumber(stage['ms'])) &&
    [value['codeCache'], value['preload'], value['tierUp'], value['work'], rehearsal].every(
      isCounts,
    ) &&
    isObject(rehearsal) &&
    isNumber(rehearsal['rounds']) &&
    isNumber(rehearsal['requests']) &&
    isListOf(skipped, (unit) => isText(unit['unit']) && isText(unit['reason'])) &&
    (guard === null || isGuard(guard))
  )
}

function isGuard(value: unknown): boolean {
  if (!isObject(value)) return false
  const { tiers, latency } = value
  return (
    isText(value['state']) &&
    [value['inForce'], value['verdicts']].every((verdicts) =>
      isListOf(verdicts, (verdict) => isText(verdict['reason']) && isText(verdict['detail'])),
    ) &&
    isObject(tiers) &&
    ['functions', 'polls', 'falls', 'undone'].every((key) => isNumber(tiers[key])) &&
    isListOf(tiers['fallen'], (each) => isText(each['name']) && isNumber(each['falls'])) &&
    isObject(latency) &&
    isText(latency['verdict']) &&
    ['routes', 'requests', 'exceeded'].every((key) => isNumber(latency[key])) &&
    Array.isArray(latency['slowRoutes'])
  )
}

function isCounts(value: unknown): boolean {
  return (
    isObject(value) &&
    isNumber(value['applied']) &&
    isObject(value['skipped']) &&
    Object.entries(value['skipped']).every(([reason, count]) => isReason(reason) && isNumber(count))
  )
}

function isListOf(
  value: unknown,
  isOne: (entry: Readonly<Record<string, unknown>>) => boolean,
): boolean {
  return Array.isArray(value) && value.every((entry) => isObject(entry) && isOne(entry))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
