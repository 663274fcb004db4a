import type { Distribution } from '../../formats/profile.ts'
import type { LatencyCounts } from '../../formats/report.ts'
import { weightsOf } from './sequential-test.ts'

/** So many requests are the first ones of a route, as in the recording. */
export const firstRequests = 10
/** What comes after them shows the steady level of this machine. */
export const laterRequests = 20
/** So few will do when the time is up. */
const fewestLater = 8
/** Of a recorded route with fewer requests too little is known. */
const fewestRecorded = 30

/** Of ten cold requests one is the slowest: so often does a start that is as slow as cold ones exceed their 90th percentile. */
const test = { harmlessShare: 0.1, harmfulShare: 0.5, falseAlarms: 0.001, misses: 0.01 }
const weights = weightsOf(test)

/** Noise does as much on any machine. */
const smallestLimit = 3
const smallestExcessMs = 2
/**
 * Of the time above the steady level so much must be processor time of this process: a machine may have little left for it, and
 * V8 may be compiling in the background while the request waits.
 */
const busyShare = 0.3
/** What is found on one route alone must last so long, and be on the one that most requests are for. */
const longestPauseMs = 5_000
const routesForHarmless = 3
const maxNamed = 10

/** One request of a client. Times are those of `performance.now()`. */
export interface Sample {
  readonly startedAt: number
  readonly ms: number
  /** Processor time of the process meanwhile. */
  readonly busyMs: number
}

/**
 * How many times its steady level a request may take before it counts as slower than cold; undefined: too little was
 * recorded. Ratios, because production machines are not those of staging.
 */
export function limitOf(cold: Distribution, steady: Distribution): number | undefined {
  if (cold.count < firstRequests || steady.count < fewestRecorded) return undefined
  if (steady.p50Ms <= 0) return undefined
  return Math.max(smallestLimit, Math.max(cold.p90Ms, steady.p90Ms) / steady.p50Ms)
}

/** Holds first requests against cold ones until it is known whether they are slower. */
export class LatencyEvidence {
  readonly #routes: number
  readonly #slowRoutes = new Set<string>()
  readonly #counted: { readonly from: number; readonly to: number }[] = []
  #judged = 0
  #requests = 0
  #score = 0
  #verdict: LatencyCounts['verdict'] = 'undecided'

  /** @param routes - how many may be judged */
  constructor(routes: number) {
    this.#routes = routes
  }

  get verdict(): LatencyCounts['verdict'] {
    return this.#verdict
  }

  /** More speaks for harm than against it. */
  get leansToHarm(): boolean {
    return this.#score > 0
  }

  counts(): LatencyCounts {
    return {
      verdict: this.#verdict,
      routes: this.#judged,
      requests: this.#requests,
      exceeded: this.#counted.length,
      slowRoutes: [...this.#slowRoutes].slice(0, maxNamed),
    }
  }

  /**
   * @param route - `GET /items/:id`
   * @param isMain - whether most requests are for it
   * @param later - requests after the first ones
   */
  judge(
    route: string,
    isMain: boolean,
    limit: number,
    first: readonly Sample[],
    later: readonly Sample[],
  ): void {
    if (later.length < fewestLater || this.#verdict !== 'undecided') return
    this.#judged++
    const steady = {
      ms: Math.max(0.01, medianOf(later.map(({ ms }) => ms))),
      busyMs: medianOf(later.map(({ busyMs }) => busyMs)),
    }
    // A growing likelihood may be taken at its word whenever it is looked at.
    const isDecided = (): boolean => this.#verdict !== 'undecided'
    for (const sample of first) {
      if (!isDecided()) this.#add(route, isMain, sample, steady, limit)
    }
  }

  #add(
    route: string,
    isMain: boolean,
    { startedAt, ms, busyMs }: Sample,
    steady: Omit<Sample, 'startedAt'>,
    limit: number,
  ): void {
    const excessMs = ms - steady.ms
    const isSlow = ms / steady.ms > limit && excessMs >= smallestExcessMs
    if (isSlow) {
      // Who waits, waits for a database, or the machine was given to somebody else: that says nothing of the profile.
      if (busyMs - steady.busyMs < excessMs * busyShare) return
      // One cause is counted once, however many requests it keeps waiting.
      const to = startedAt + ms
      if (this.#counted.some((other) => startedAt < other.to && other.from < to)) return
      this.#counted.push({ from: startedAt, to })
      this.#slowRoutes.add(route)
    }
    this.#requests++
    this.#score += isSlow ? weights.exceeded : weights.kept
    if (this.#score >= weights.harmful && (this.#slowRoutes.size > 1 || this.#isLasting(isMain))) {
      this.#verdict = 'harmful'
    }
    const isBroad = this.#judged >= Math.min(this.#routes, routesForHarmless)
    if (this.#score <= weights.harmless && isBroad) this.#verdict = 'harmless'
  }

  #isLasting(isMain: boolean): boolean {
    const from = Math.min(...this.#counted.map((each) => each.from))
    const to = Math.max(...this.#counted.map((each) => each.to))
    return isMain && to - from >= longestPauseMs
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
