import { isReason, type Reason } from './reasons.ts'

/*
 * What the guard keeps for the next start: `<profile>.guard.jsonl`, one event a line in the order in which they came, and a
 * marker `<profile>.guard.<digest>.<pid>-<nonce>.start` of each process that has not proved itself yet. Both may be written by
 * several processes, cut off, or be something else altogether: what cannot be understood is left out.
 */

/** How a process began: with the profile, or without it because of a verdict. */
export type StartKind = 'applied' | 'cold'

interface EventHead {
  /** {@link ProfileFile.digest}: what a later profile of the same name does not inherit. */
  readonly profile: string
  /** For people: the order of the lines counts. ISO 8601, UTC. */
  readonly at: string
  readonly pid: number
  readonly host: string
  readonly node: string
}

/** What happened. `died` is noticed by a later start; `served` is written only when starts before it have died. */
export type GuardFact =
  | { readonly event: 'died' | 'served'; readonly start: StartKind }
  | {
      readonly event: 'verdict'
      readonly reason: GuardReason
      /** One sentence for people. */
      readonly detail: string
      /** Of a function that is quarantined. */
      readonly function?: { readonly name: string; readonly sourceHash: string }
    }
  /** A cold start had the same trouble. */
  | { readonly event: 'acquitted'; readonly reason: GuardReason }
  | { readonly event: 'cleared' }

export type GuardEvent = EventHead & GuardFact

export const guardReasons = ['HARMFUL', 'CRASH_LOOP', 'TIER_UP_OFF', 'QUARANTINED'] as const
export type GuardReason = Extract<Reason, (typeof guardReasons)[number]>

export type Verdict = Extract<GuardEvent, { readonly event: 'verdict' }>

/** What holds for a profile after all events. */
export interface Standing {
  readonly harmful: Verdict | undefined
  readonly tierUpOff: Verdict | undefined
  /** By source hash. */
  readonly quarantined: ReadonlyMap<string, Verdict>
  readonly crashLoop: CrashLoop
}

/**
 * `none`: `deaths` of starts with the profile since one has served. `trial`: there were two, the next start is cold. `suspect`: a
 * cold start has served where those died, the next start has the profile once more. `proven`: that died as well.
 */
export interface CrashLoop {
  readonly phase: 'none' | 'trial' | 'suspect' | 'proven'
  readonly deaths: number
}

/** Starts with a profile that may die in a row before one without it is tried. */
export const maxDeaths = 2

export const guardLimits = {
  /** Of the file so many bytes are read, from its end. */
  readBytes: 1024 * 1024,
  /** A longer file is written anew, without what has no meaning any more. */
  fileBytes: 256 * 1024,
  lineLength: 4096,
  textLength: 300,
  /** Of those without meaning so many are kept as history. */
  history: 100,
  /** Functions of one profile that can be in quarantine. */
  quarantined: 500,
  markerBytes: 4096,
  markers: 200,
} as const

/** The events of a file, in their order. Never throws. */
export function parseGuardEvents(text: string): GuardEvent[] {
  return text
    .split('\n')
    .map(parseLine)
    .filter((event) => event !== undefined)
}

/** One line, with its end. */
export function formatGuardEvent(event: GuardEvent): string {
  const shorten = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? value.slice(0, guardLimits.textLength) : value
  return `${JSON.stringify(event, shorten)}\n`
}

/** @param digest - of the profile */
export function standingOf(events: readonly GuardEvent[], digest: string): Standing {
  let harmful: Verdict | undefined
  let tierUpOff: Verdict | undefined
  const quarantined = new Map<string, Verdict>()
  let phase: CrashLoop['phase'] = 'none'
  let deaths = 0
  const acquit = (reason: GuardReason | undefined): void => {
    if (reason === undefined || reason === 'HARMFUL') harmful = undefined
    if (reason === undefined || reason === 'TIER_UP_OFF') tierUpOff = undefined
    if (reason === undefined || reason === 'QUARANTINED') quarantined.clear()
    if (reason === undefined || reason === 'CRASH_LOOP') {
      phase = 'none'
      deaths = 0
    }
  }
  for (const event of events) {
    if (event.profile !== digest) continue
    if (event.event === 'cleared') acquit(undefined)
    else if (event.event === 'acquitted') acquit(event.reason)
    else if (event.event === 'verdict') {
      if (event.reason === 'HARMFUL') harmful = event
      else if (event.reason === 'TIER_UP_OFF') tierUpOff = event
      else if (event.reason === 'CRASH_LOOP') phase = 'proven'
      else if (event.function !== undefined && quarantined.size < guardLimits.quarantined) {
        quarantined.set(event.function.sourceHash, event)
      }
    } else if (phase === 'proven') continue
    else if (event.start === 'cold') {
      if (event.event === 'died') acquit('CRASH_LOOP')
      else if (phase === 'trial') phase = 'suspect'
    } else if (event.event === 'served') acquit('CRASH_LOOP')
    else {
      deaths++
      if (phase === 'suspect') phase = 'proven'
      else if (deaths >= maxDeaths) phase = 'trial'
    }
  }
  return { harmful, tierUpOff, quarantined, crashLoop: { phase, deaths } }
}

/** The events that a file written anew needs: those that are in force for any profile, and the last ones. */
export function withoutHistory(events: readonly GuardEvent[]): GuardEvent[] {
  const kept = new Set<GuardEvent>(events.slice(-guardLimits.history))
  for (const digest of new Set(events.map(({ profile }) => profile))) {
    const { harmful, tierUpOff, quarantined } = standingOf(events, digest)
    for (const verdict of [harmful, tierUpOff, ...quarantined.values()]) {
      if (verdict !== undefined) kept.add(verdict)
    }
    const proven = events.findLast(
      (event) =>
        event.profile === digest &&
        (event.event === 'cleared' || (event.event === 'verdict' && event.reason === 'CRASH_LOOP')),
    )
    if (proven !== undefined) kept.add(proven)
  }
  return events.filter((event) => kept.has(event))
}

/** Which process of which machine; null: the system does not tell. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** Of the running kernel. */
  readonly boot: string | null
  /** Process ids mean something only within it. */
  readonly namespace: string | null
  /** When the process was started, in ticks since the kernel was. */
  readonly startTicks: string | null
}

export interface StartMarker extends ProcessIdentity {
  readonly start: StartKind
}

/** Undefined: it is no marker. Never throws. */
export function parseStartMarker(text: string): StartMarker | undefined {
  const identity = parseProcessIdentity(text)
  const start = parseObject(text)?.['start']
  return identity === undefined || !isStartKind(start) ? undefined : { start, ...identity }
}

/** Undefined: nobody is named in it. Never throws. */
export function parseProcessIdentity(text: string): ProcessIdentity | undefined {
  const { pid, host, boot, namespace, startTicks } = parseObject(text) ?? {}
  if (!isPid(pid) || !isText(host)) return undefined
  if (!isTextOrNull(boot) || !isTextOrNull(namespace) || !isTextOrNull(startTicks)) return undefined
  return { pid, host, boot, namespace, startTicks }
}

function parseLine(line: string): GuardEvent | undefined {
  if (line.length > guardLimits.lineLength) return undefined
  const value = parseObject(line)
  if (value === undefined) return undefined
  const { profile, at, pid, host, node } = value
  if (!isDigest(profile) || !isText(at) || !isPid(pid) || !isText(host) || !isText(node)) {
    return undefined
  }
  const fact = parseFact(value)
  return fact && { profile, at, pid, host, node, ...fact }
}

function parseFact(value: Readonly<Record<string, unknown>>): GuardFact | undefined {
  const { event, start, reason, detail } = value
  if (event === 'cleared') return { event }
  if (event === 'died' || event === 'served') {
    return isStartKind(start) ? { event, start } : undefined
  }
  if (!isGuardReason(reason)) return undefined
  if (event === 'acquitted') return { event, reason }
  if (event !== 'verdict' || !isText(detail)) return undefined
  if (reason !== 'QUARANTINED') return { event, reason, detail }
  const { name, sourceHash } = (value['function'] ?? {}) as Record<string, unknown>
  if (!isText(name) || !isDigest(sourceHash)) return undefined
  return { event, reason, detail, function: { name, sourceHash } }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= guardLimits.textLength
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value)
}

function isPid(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isStartKind(value: unknown): value is StartKind {
  return value === 'applied' || value === 'cold'
}

function isGuardReason(value: unknown): value is GuardReason {
  return typeof value === 'string' && isReason(value) && guardReasons.some((each) => each === value)
}
