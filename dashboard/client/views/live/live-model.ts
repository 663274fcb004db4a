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

  apply({ file: { id, name }, change, lines }: LiveEvent): void {
    let known = this.#known.get(id)
    if (known === undefined || change === 'begin') {
      known = nothingOf(id, name)
      this.#known.set(id, known)
    }
    known.isGone = change === 'gone'
    for (const line of lines) add(known, line)
  }

  /** Those that have told who they are, the last one that was started first. */
  processes(): readonly LiveProcess[] {
    return [...this.#known.values()]
      .flatMap((known): LiveProcess[] => {
        const { start } = known
        // A copy, since elements compare what they are given with what they had.
        return start === null ? [] : [{ ...known, start, requests: [...known.requests] }]
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
  known.firstMs ??= line.samples.reduce((first, [, beganMs]) => Math.min(first, beganMs), Infinity)
  for (const [index, [route, beganMs, micros]] of line.samples.entries()) {
    if (known.requests.length >= maxRequests) break
    known.requests.push({
      number: known.answered + index + 1,
      route: line.routes[route] ?? '',
      atMs: Math.max(0, beganMs - known.firstMs),
      latencyMs: micros / 1000,
    })
  }
  known.answered += line.requests
  known.lastTraffic = line
}
