import type { Reason } from './reasons.ts'
import { isAmount, isCount, isKnownReason, isRunReport, isTierCounts } from './report-check.ts'
import type { RunReport, StageName, TierCounts } from './report.ts'

/*
 * What a running process tells whoever looks on: `<started>-<pid>.live.jsonl`, one line a fact, in the order in which they came to be
 * known. Pure: replayer, dashboard server and browser share it. Files may be cut off, or be something else altogether: what cannot
 * be understood is left out.
 */

interface Line {
  /** Since the process was started, as `performance.now()` has it. */
  readonly ms: number
}

/** The first line of a file. */
export interface LiveStart extends Line {
  readonly type: 'start'
  readonly schemaVersion: 1
  readonly prewarm: string
  readonly pid: number
  /** `process.version` */
  readonly node: string
  /** `shop:server.js`; what processes of one application have in common. */
  readonly appId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly mode: RunReport['mode']
  /** Base name of the file; null: none was named. */
  readonly profile: string | null
  /** null: not known, since the mode is off or a setting cannot be used. */
  readonly budgetMs: number | null
}

/** Where the replay stands from now on, as `status()` has it. */
export interface LiveState extends Line {
  readonly type: 'state'
  readonly state: (typeof liveStates)[number]
  readonly reason: Reason | null
  /** One sentence for people. */
  readonly detail: string
}

/** A stage has ended; `rehearse` may come several times. */
export interface LiveStage extends Line {
  readonly type: 'stage'
  readonly name: StageName
  readonly startMs: number
}

/** An HTTP server begins to listen: at once, or once its port is no longer held. At most 16 of them. */
export interface LiveListen extends Line {
  readonly type: 'listen'
}

/** While requests are rehearsed, at most four a second. */
export interface LiveRehearsal extends Line {
  readonly type: 'rehearsal'
  /** So far, over all servers. */
  readonly rounds: number
  /** Of what there is to do for the server in turn, by budget or by rounds, whichever ends first; 0 to 1. */
  readonly part: number
}

/** The run report as it was written; anew when it has changed. */
export interface LiveReport extends Line {
  readonly type: 'report'
  readonly report: RunReport
}

/** A request of a client: index of its route in the line, when it began (`ms` of lines), and its latency in microseconds; all whole. */
export type LiveSample = readonly [route: number, beganMs: number, micros: number]

/** About a second, from the one of the first request on. Requests that were rehearsed are not among these. */
export interface LiveTraffic extends Line {
  readonly type: 'traffic'
  /** How long it was; longer than a second when the process was busy. */
  readonly forMs: number
  /** Answered in that time. */
  readonly requests: number
  /** Names of those of `samples`: `GET /items/:id`. */
  readonly routes: readonly string[]
  /** The first {@link liveLimits.samples} of them in the order in which they were answered. */
  readonly samples: readonly LiveSample[]
  readonly rssBytes: number
  readonly heapUsedBytes: number
  /** Processor time of the process since its start. */
  readonly cpuMs: number
}

/** The guard has found something out. */
export interface LiveGuard extends Line {
  readonly type: 'guard'
  readonly reason: Reason
  /** One sentence for people. */
  readonly detail: string
}

/** Functions that were optimised before the port opened: once it is open, and whenever some have fallen or were undone. */
export interface LiveTiers extends Line, TierCounts {
  readonly type: 'tiers'
}

/** The last line, of a file that was not cut off. */
export interface LiveEnd extends Line {
  readonly type: 'end'
  /** exit: of the process. time, size: the process goes on, and nothing more is written. */
  readonly why: 'exit' | 'time' | 'size'
  /** Exit code; null: it goes on. */
  readonly code: number | null
}

export type LiveLine =
  | LiveStart
  | LiveState
  | LiveStage
  | LiveListen
  | LiveRehearsal
  | LiveReport
  | LiveTraffic
  | LiveGuard
  | LiveTiers
  | LiveEnd

export const liveStates = ['off', 'cold', 'waiting', 'rehearsing', 'open'] as const

const stageNames: readonly StageName[] = [
  'preflight',
  'load',
  'codecache',
  'wait',
  'preload',
  'rehearse',
  'settle',
  'open',
]

export const liveLimits = {
  /** A file ends before it is longer. */
  fileBytes: 4 * 1024 * 1024,
  lineLength: 256 * 1024,
  textLength: 1000,
  /** Requests of one line of traffic whose latencies are told. */
  samples: 200,
  routeLength: 200,
  /** Lines that are read of one text. */
  lines: 10_000,
} as const

/** `1795800000000-42.live.jsonl`: the start of the process, ms since 1970, and its id. */
export function liveFileName(startedAtMs: number, pid: number): string {
  return `${Math.round(startedAtMs)}-${pid}.live.jsonl`
}

/** One line, with its end. Texts that are too long to be read again are cut. */
export function formatLiveLine(line: LiveLine): string {
  // Of this there is one each second, whose names are short already.
  if (line.type === 'traffic') return `${JSON.stringify(line)}\n`
  return `${JSON.stringify(line, shorten)}\n`
}

function shorten(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, liveLimits.textLength) : value
}

/**
 * The lines of a file, or of a part of it that begins with a line, in their order. Never throws; a line that is cut, too long, or of
 * another kind is left out, as are unknown keys outside of the report.
 */
export function parseLiveLines(text: string): LiveLine[] {
  const lines: LiveLine[] = []
  for (let start = 0; start < text.length && lines.length < liveLimits.lines;) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const line = end - start > liveLimits.lineLength ? undefined : parseLine(text.slice(start, end))
    if (line !== undefined) lines.push(line)
    start = end + 1
  }
  return lines
}

function parseLine(text: string): LiveLine | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? lineOf(value as Unchecked) : undefined
  } catch {
    return undefined
  }
}

type Unchecked = Readonly<Partial<Record<string, unknown>>>

function lineOf(value: Unchecked): LiveLine | undefined {
  const { type, ms } = value
  if (!isAmount(ms)) return undefined
  switch (type) {
    case 'start':
      return startOf(value, ms)
    case 'state': {
      const { reason, detail } = value
      const state = liveStates.find((each) => each === value['state'])
      if (state === undefined || !(reason === null || isKnownReason(reason)) || !isText(detail)) {
        return undefined
      }
      return { type, ms, state, reason, detail }
    }
    case 'stage': {
      const { startMs } = value
      const name = stageNames.find((each) => each === value['name'])
      return name !== undefined && isAmount(startMs) ? { type, ms, name, startMs } : undefined
    }
    case 'listen':
      return { type, ms }
    case 'rehearsal': {
      const { rounds, part } = value
      if (!isCount(rounds) || !isAmount(part) || part > 1) return undefined
      return { type, ms, rounds, part }
    }
    case 'report': {
      const { report } = value
      return isRunReport(report) ? { type, ms, report } : undefined
    }
    case 'traffic':
      return trafficOf(value, ms)
    case 'guard': {
      const { reason, detail } = value
      return isKnownReason(reason) && isText(detail) ? { type, ms, reason, detail } : undefined
    }
    case 'tiers': {
      if (!isTierCounts(value)) return undefined
      const { functions, polls, pollsWithTraffic, falls, fallen, undone } = value
      return { type, ms, functions, polls, pollsWithTraffic, falls, fallen, undone }
    }
    case 'end': {
      const { code } = value
      const why = (['exit', 'time', 'size'] as const).find((each) => each === value['why'])
      if (why === undefined || !(code === null || isExitCode(code))) return undefined
      return { type, ms, why, code }
    }
    default:
      return undefined
  }
}

function startOf(value: Unchecked, ms: number): LiveStart | undefined {
  const { schemaVersion, prewarm, pid, node, appId, startedAt, profile, budgetMs } = value
  const mode = (['auto', 'strict', 'off'] as const).find((each) => each === value['mode'])
  if (schemaVersion !== 1 || mode === undefined || !isText(prewarm) || !isText(node)) {
    return undefined
  }
  if (!isCount(pid) || !isText(appId) || !isText(startedAt)) return undefined
  if (Number.isNaN(Date.parse(startedAt)) || !(profile === null || isText(profile))) {
    return undefined
  }
  if (!(budgetMs === null || isAmount(budgetMs))) return undefined
  const head = { prewarm, pid, node, appId, startedAt, mode, profile, budgetMs }
  return { type: 'start', ms, schemaVersion, ...head }
}

function trafficOf(value: Unchecked, ms: number): LiveTraffic | undefined {
  const { forMs, requests, routes, samples, rssBytes, heapUsedBytes, cpuMs } = value
  if (!isAmount(forMs) || !isCount(requests) || !isAmount(cpuMs)) return undefined
  if (!isCount(rssBytes) || !isCount(heapUsedBytes)) return undefined
  if (!isList(routes, isRoute) || !isList(samples, isSample)) return undefined
  if (samples.length > requests || samples.some(([route]) => route >= routes.length)) {
    return undefined
  }
  return { type: 'traffic', ms, forMs, requests, routes, samples, rssBytes, heapUsedBytes, cpuMs }
}

function isList<T>(value: unknown, isEntry: (entry: unknown) => entry is T): value is T[] {
  return Array.isArray(value) && value.length <= liveLimits.samples && value.every(isEntry)
}

function isRoute(value: unknown): value is string {
  return typeof value === 'string' && value.length <= liveLimits.routeLength
}

function isSample(value: unknown): value is LiveSample {
  return Array.isArray(value) && value.length === 3 && value.every(isCount)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= liveLimits.textLength
}

function isExitCode(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
