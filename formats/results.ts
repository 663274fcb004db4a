import { isPrewarmError, PrewarmError } from './errors.ts'
import type { RunReport } from './report.ts'
import { parseRunReport } from './run-report-json.ts'
import {
  amount,
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Infer,
  type Schema,
} from './schema.ts'

/*
 * What `prewarm compare --save FILE` writes: JSON Lines. The first line is the plan, then one line for every start of an arm as it
 * ends, so that a measurement that breaks off has lost nothing and can be resumed.
 */

export const resultsVersion = 1

const requestSchema = record('ResultRequest', {
  route: [text, 'name under which results are grouped: `GET /items/:id`'],
  method: [text, 'HTTP method'],
  path: [text, 'request target'],
  recordedStatus: [nullable(whole), 'status of the recorded answer'],
})

const armSchema = record('ResultArm', {
  name: [text, 'as the user named it'],
  kind: [
    oneOf('cold', 'node-compile-cache', 'replay', 'command'),
    'command: one of its own, without the replayer',
  ],
  mayStayCold: [oneOf('yes', 'no'), 'yes: no replay is asked of it'],
  setting: [text, 'variables or command that set it apart, for people'],
})

export const machineSchema = record('Machine', {
  platform: [text, '`process.platform`'],
  arch: [text, '`process.arch`'],
  cpu: [text, 'model of the processor'],
  cores: [whole, 'logical processors that this process may use'],
  memoryBytes: [whole, 'of the machine'],
})

export const loadSchema = record('Load', {
  kind: [oneOf('closed', 'open'), 'closed: the next request follows the last answer'],
  ratePerSecond: [nullable(amount), 'of requests in an open loop'],
})

const profileSchema = record('ResultProfile', {
  name: [text, 'of the file, without its folders'],
  digest: [text, 'SHA-256 of the profile, hexadecimal'],
  mode: [text, '`PREWARM_MODE`'],
  budgetMs: [amount, 'for the replayer, ms'],
})

const planSchema = record('ResultsPlan', {
  type: [oneOf('prewarm-results'), 'first line of the file'],
  schemaVersion: [whole, 'of this format'],
  createdAt: [text, 'ISO 8601, UTC'],
  prewarm: [text, 'version that measured'],
  command: [list(text, 1000), 'the service and its arguments, as given'],
  runs: [whole, 'starts of every arm that were asked for, at most'],
  fewestRuns: [optional(whole), 'after how many it may end early; absent: it may not'],
  rounds: [whole, 'passes over the requests in a run'],
  seed: [whole, 'of the bootstrap intervals'],
  against: [nullable(text), 'arm that the others are compared with; nil: the usual pairs'],
  load: [loadSchema, 'how requests were sent'],
  requests: [list(requestSchema, 10_000), 'one round, in order'],
  requestsDigest: [
    optional(text),
    'SHA-256 of the requests with their headers and bodies, hexadecimal',
  ],
  alsoRehearsed: [whole, 'of these, how many the replayer rehearses too'],
  arms: [list(armSchema, 100), 'in the order in which they are shown'],
  profile: [nullable(profileSchema), 'that was replayed; nil: none'],
  machine: [machineSchema, 'that measured'],
  notes: [list(text, 1000), 'sentences about the requests'],
})

export type ResultsPlan = Infer<typeof planSchema>
export type ResultArm = Infer<typeof armSchema>

const leftOutSchema = record('LeftOut', {
  type: [oneOf('left-out'), ''],
  arm: [text, 'that could not be measured'],
  why: [text, 'as a sentence without its full stop'],
})

/** An arm that could not be measured on this Node. */
export interface LeftOut {
  readonly arm: string
  readonly why: string
}

/** `list(whole)` for millions: no place is named for each. */
const wholeNumbers: Schema<readonly number[]> = {
  type: 'list of integer >= 0',
  parse(value, at) {
    const isList = Array.isArray(value) && value.every((entry) => whole.parse(entry, at) >= 0)
    return isList ? (value as number[]) : list(whole).parse(value, at)
  },
}

const runLineSchema = record('ResultsRun', {
  type: [oneOf('run'), ''],
  arm: [text, ''],
  run: [whole, 'from 1'],
  at: [text, 'when it began, ISO 8601, UTC'],
  node: [text, '`process.version` of the service'],
  timeToListenMs: [amount, ''],
  cpuMs: [amount, ''],
  rssBytes: [amount, ''],
  load1: [nullable(amount), 'load average of the machine over a minute, at the end'],
  sendDelayP99Ms: [nullable(amount), 'how late the client sent, 99th percentile; nil: closed loop'],
  clientCores: [optional(amount), 'processors that the client kept busy; absent: closed loop'],
  latenciesUs: [wholeNumbers, 'microseconds, round after round in order of the requests'],
  statuses: [list(list(whole, 2), 1_000_000), 'pairs: a status code, and how often it follows'],
})

/** One start of one arm: what was measured, and what the replayer reported. */
export interface ResultsRun {
  readonly arm: string
  /** From 1; run `i` of every arm was measured next to run `i` of the others. */
  readonly run: number
  /** When it began, ISO 8601, UTC. */
  readonly at: string
  /** `process.version` of the service. */
  readonly node: string
  /** From spawn until its HTTP server listens. */
  readonly timeToListenMs: number
  /** User and system time of the process at the end. */
  readonly cpuMs: number
  /** Resident memory at the end. */
  readonly rssBytes: number
  /** Load average of the machine over a minute, at the end; null: the platform has none. */
  readonly load1: number | null
  /** How late the client sent what was due, 99th percentile; null in a closed loop, where nothing is due. */
  readonly sendDelayP99Ms: number | null
  /** Processors that the client kept busy in an open loop, its waiting left out. */
  readonly clientCores?: number
  /** Whole microseconds: round 1 in order of the requests, then round 2, and so on. */
  readonly latenciesMs: Float64Array
  /** Status codes in the same order. */
  readonly statuses: Uint16Array
  /** null: the replayer wrote none. */
  readonly report: RunReport | null
}

export interface Results {
  readonly plan: ResultsPlan
  readonly runs: readonly ResultsRun[]
  readonly leftOut: readonly LeftOut[]
}

/** Latencies as a results file keeps them, so that figures are the same before and after. */
export function toWholeMicros(latenciesMs: Float64Array): Float64Array {
  return latenciesMs.map((ms) => Math.round(ms * 1000) / 1000)
}

/** One line, with its end. */
export function formatPlan(plan: ResultsPlan): string {
  return `${JSON.stringify(plan)}\n`
}

/** One line, with its end. */
export function formatLeftOut({ arm, why }: LeftOut): string {
  return `${JSON.stringify({ type: 'left-out', arm, why })}\n`
}

/** One line, with its end. */
export function formatRun(run: ResultsRun): string {
  const { latenciesMs, statuses, ...rest } = run
  return `${JSON.stringify({
    type: 'run',
    ...rest,
    latenciesUs: Array.from(latenciesMs, (ms) => Math.round(ms * 1000)),
    statuses: runLengths(statuses),
  })}\n`
}

/**
 * The plan is needed; any other line that cannot be understood (a write that broke off, a run of other length, an arm that is not
 * planned) is left out. Throws `ERR_PREWARM_FMT_INVALID`, and `ERR_PREWARM_FMT_VERSION` for a later version.
 */
export function parseResults(content: string): Results {
  const [head = '', ...lines] = content.split('\n')
  const plan = parsePlan(head)
  const names = new Set(plan.arms.map(({ name }) => name))
  const runs = new Map<string, ResultsRun>()
  const leftOut = new Map<string, LeftOut>()
  for (const line of lines) {
    const value = parseJson(line)
    const run = parsed(() => parseRun(value, plan))
    if (run !== undefined && names.has(run.arm)) runs.set(`${run.arm}/${run.run}`, run)
    const left = parsed(() => leftOutSchema.parse(value, 'left-out'))
    if (left !== undefined) leftOut.set(left.arm, { arm: left.arm, why: left.why })
  }
  return { plan, runs: [...runs.values()], leftOut: [...leftOut.values()] }
}

/** Whether a text begins as a results file does. */
export function looksLikeResults(content: string): boolean {
  return /^\s*\{"type":"prewarm-results"/.test(content.slice(0, 100))
}

function parsePlan(line: string): ResultsPlan {
  const value = parseJson(line) as {
    readonly type?: unknown
    readonly schemaVersion?: unknown
  } | null
  if (value?.type !== 'prewarm-results') {
    throw new PrewarmError('ERR_PREWARM_FMT_INVALID', 'it does not begin as results do')
  }
  const version = value.schemaVersion
  if (typeof version === 'number' && version > resultsVersion) {
    throw new PrewarmError(
      'ERR_PREWARM_FMT_VERSION',
      `Results of version ${version}; this prewarm reads version ${resultsVersion}`,
      { hint: 'Update prewarm.' },
    )
  }
  return planSchema.parse(value, 'results')
}

function parseRun(value: unknown, plan: ResultsPlan): ResultsRun | undefined {
  const line = runLineSchema.parse(value, 'run')
  const expected = plan.rounds * plan.requests.length
  // Before anything of that size is made: the plan may say what it likes.
  if (line.latenciesUs.length !== expected) return undefined
  const statuses = expand(line.statuses, expected)
  if (statuses === undefined) return undefined
  return {
    arm: line.arm,
    run: line.run,
    at: line.at,
    node: line.node,
    timeToListenMs: line.timeToListenMs,
    cpuMs: line.cpuMs,
    rssBytes: line.rssBytes,
    load1: line.load1,
    sendDelayP99Ms: line.sendDelayP99Ms,
    ...(line.clientCores !== undefined && { clientCores: line.clientCores }),
    latenciesMs: Float64Array.from(line.latenciesUs, (micros) => micros / 1000),
    statuses,
    report: parseRunReport((value as { readonly report?: unknown }).report),
  }
}

function runLengths(statuses: Uint16Array): (readonly [number, number])[] {
  const lengths: [number, number][] = []
  for (const status of statuses) {
    const last = lengths.at(-1)
    if (last?.[0] === status) last[1]++
    else lengths.push([status, 1])
  }
  return lengths
}

/** Undefined when there are more or fewer than `length`. */
function expand(lengths: readonly (readonly number[])[], length: number): Uint16Array | undefined {
  const statuses = new Uint16Array(length)
  let at = 0
  for (const [status = 0, count = 0] of lengths) {
    if (at + count > length) return undefined
    statuses.fill(status, at, at + count)
    at += count
  }
  return at === length ? statuses : undefined
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isPrewarmError(error)) return undefined
    throw error
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
