import type { LiveEvent } from '../../../api.ts'
import type {
  LiveEnd,
  LiveGuard,
  LiveLine,
  LiveRehearsal,
  LiveStage,
  LiveStart,
  LiveState,
  LiveTiers,
  LiveTraffic,
} from '../../../../formats/live.ts'
import type { RunReport } from '../../../../formats/report.ts'

/** A request of a client, as the page draws it. */
export interface LiveRequest {
  /** From 1: its place among all requests of the process. */
  readonly number: number
  readonly route: string
  /** Since the first request of the process began. */
  readonly atMs: number
  readonly latencyMs: number
}

/** What is known of one process by now. */
export interface LiveProcess {
  readonly id: string
  readonly name: string
  readonly start: LiveStart
  readonly state: LiveState | null
  readonly stages: readonly LiveStage[]
  readonly rehearsal: LiveRehearsal | null
  /** Since the process was started, until its first HTTP server listened. */
  readonly listenMs: number | null
  readonly report: RunReport | null
  readonly requests: readonly LiveRequest[]
  /** Latency of the first request of each route, ms. */
  readonly firsts: ReadonlyMap<string, number>
  /** Answered, of which {@link requests} are those that were told. */
  readonly answered: number
  readonly lastTraffic: LiveTraffic | null
  readonly guard: readonly LiveGuard[]
  readonly tiers: LiveTiers | null
  readonly end: LiveEnd | null
  readonly isGone: boolean
}

/** Most requests of a process that are kept; a page that stays open must not grow without end. */
const maxRequests = 60_000

interface Known {
  readonly id: string
  readonly name: string
  start: LiveStart | null
  state: LiveState | null
  stages: LiveStage[]
  rehearsal: LiveRehearsal | null
  listenMs: number | null
  report: RunReport | null
  requests: LiveRequest[]
  readonly firsts: Map<string, number>
  firstMs: number | null
  answered: number
  lastTraffic: LiveTraffic | null
  guard: LiveGuard[]
  tiers: LiveTiers | null
  end: LiveEnd | null
  isGone: boolean
}

/** Puts together what the server tells of live files. */
export class LiveModel {
  readonly #known = new Map<string, Known>()
  /** What was given of those that have not changed since. */
  readonly #given = new Map<string, LiveProcess>()

  apply({ file: { id, name }, change, lines }: LiveEvent): void {
    let known = this.#known.get(id)
    if (known === undefined || change === 'begin') {
      known = nothingOf(id, name)
      this.#known.set(id, known)
    }
    known.isGone = change === 'gone'
    this.#given.delete(id)
    for (const line of lines) add(known, line)
  }

  /**
   * Those that have told who they are, the last one that was started first. One of which nothing has come since is the same object.
   */
  processes(): readonly LiveProcess[] {
    return [...this.#known.values()]
      .flatMap((known): LiveProcess[] => {
        const { id, start } = known
        if (start === null) return []
        // A copy, since elements compare what they are given with what they had.
        const process = this.#given.get(id) ?? { ...known, start, requests: [...known.requests] }
        this.#given.set(id, process)
        return [process]
      })
      .sort((a, b) => Date.parse(b.start.startedAt) - Date.parse(a.start.startedAt))
  }
}

function nothingOf(id: string, name: string): Known {
  return {
    id,
    name,
    start: null,
    state: null,
    stages: [],
    rehearsal: null,
    listenMs: null,
    report: null,
    requests: [],
    firsts: new Map(),
    firstMs: null,
    answered: 0,
    lastTraffic: null,
    guard: [],
    tiers: null,
    end: null,
    isGone: false,
  }
}

function add(known: Known, line: LiveLine): void {
  switch (line.type) {
    case 'start':
      known.start = line
      break
    case 'state':
      known.state = line
      break
    case 'stage':
      known.stages = [...known.stages, line]
      break
    case 'listen':
      known.listenMs ??= line.ms
      break
    case 'rehearsal':
      known.rehearsal = line
      break
    case 'report':
      known.report = line.report
      break
    case 'traffic':
      addTraffic(known, line)
      break
    case 'guard':
      known.guard = [...known.guard, line]
      break
    case 'tiers':
      known.tiers = line
      break
    case 'end':
      known.end = line
      break
  }
}

function addTraffic(known: Known, line: LiveTraffic): void {
  // A line without samples says nothing of when requests began.
  if (line.samples.length > 0) {
    known.firstMs ??= Math.min(...line.samples.map(([, beganMs]) => beganMs))
  }
  const firstMs = known.firstMs ?? 0
  for (const [index, [route, beganMs, micros]] of line.samples.entries()) {
    if (known.requests.length >= maxRequests) break
    const name = line.routes[route] ?? ''
    const latencyMs = micros / 1000
    if (!known.firsts.has(name)) known.firsts.set(name, latencyMs)
    known.requests.push({
      number: known.answered + index + 1,
      route: name,
      atMs: Math.max(0, beganMs - firstMs),
      latencyMs,
    })
  }
  known.answered += line.requests
  known.lastTraffic = line
}
