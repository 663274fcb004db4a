import type { MetricName } from '../../formats/compare-report.ts'
import { quantile } from './quantile.ts'

/** What was measured of one process from its start to the end of its last round. */
export interface RunSample {
  /** From spawn until its HTTP server listens. */
  readonly timeToListenMs: number
  /** Distinct requests in a round. */
  readonly requestCount: number
  /** Latencies, ms: round 1 in order of the requests, then round 2, and so on. */
  readonly latenciesMs: Float64Array
  /** User and system time of the process at the end. */
  readonly cpuMs: number
  /** Resident memory at the end. */
  readonly rssBytes: number
}

/** Rounds that "the first requests" means for the 99th percentile. */
const tailRounds = 10

/**
 * The level that each request settles at, ms: its mean over the last third of the rounds. Not the median, which
 * would count the ordinary pauses (garbage collection, scheduling) of the rounds before as warm-up.
 */
export function steadyLevels(run: RunSample): Float64Array {
  const rounds = roundsOf(run)
  const from = Math.min(rounds - 1, Math.floor((rounds * 2) / 3))
  const levels = new Float64Array(run.requestCount)
  for (let round = from; round < rounds; round++) {
    for (let request = 0; request < run.requestCount; request++) {
      levels[request] = (levels[request] ?? 0) + latency(run, round, request) / (rounds - from)
    }
  }
  return levels
}

/** Mean of several arms' levels, request by request: a yardstick that no arm can move by ending slow. */
export function pooledLevels(levels: readonly Float64Array[]): Float64Array {
  const pooled = new Float64Array(levels[0]?.length ?? 0)
  for (const arm of levels) {
    arm.forEach((level, request) => {
      pooled[request] = (pooled[request] ?? 0) + level / levels.length
    })
  }
  return pooled
}

/**
 * Latency above the level, summed over the requests of the first `rounds` rounds (or of all, when there are
 * fewer), ms. Negative when the service was faster then than at the end.
 */
export function timeLostMs(run: RunSample, levels: Float64Array, rounds: number): number {
  let lostMs = 0
  for (let round = 0; round < Math.min(rounds, roundsOf(run)); round++) {
    for (let request = 0; request < run.requestCount; request++) {
      lostMs += latency(run, round, request) - (levels[request] ?? 0)
    }
  }
  return lostMs
}

/** Latency sum of every round, ms: the warm-up curve. */
export function roundSums(run: RunSample): readonly number[] {
  return Array.from({ length: roundsOf(run) }, (_, round) =>
    sum(run.latenciesMs.subarray(round * run.requestCount, (round + 1) * run.requestCount)),
  )
}

/**
 * When every round ended, ms since the first request: one connection that waits for each answer has the sum of the latencies
 * as its clock, an open loop goes by its rate.
 */
export function roundEnds(run: RunSample, ratePerSecond: number | null): Float64Array {
  let passedMs = 0
  return Float64Array.from(roundSums(run), (sumMs) => {
    passedMs += ratePerSecond === null ? sumMs : (1000 * run.requestCount) / ratePerSecond
    return passedMs
  })
}

/** All metrics of a run. `pooled` are the {@link pooledLevels} of the arms in the same run. */
export function warmupMetrics(
  run: RunSample,
  pooled: Float64Array,
): Readonly<Record<MetricName, number>> {
  const own = steadyLevels(run)
  return {
    timeToListenMs: run.timeToListenMs,
    firstRequestSumMs: roundSums(run)[0] ?? NaN,
    timeLost10Ms: timeLostMs(run, own, 10),
    timeLost50Ms: timeLostMs(run, own, 50),
    timeLost200Ms: timeLostMs(run, own, 200),
    timeLost10PooledMs: timeLostMs(run, pooled, 10),
    timeLost50PooledMs: timeLostMs(run, pooled, 50),
    timeLost200PooledMs: timeLostMs(run, pooled, 200),
    p99First10Ms: quantile(run.latenciesMs.subarray(0, tailRounds * run.requestCount), 0.99),
    steadySumMs: sum(own),
    cpuMs: run.cpuMs,
    rssBytes: run.rssBytes,
  }
}

function roundsOf(run: RunSample): number {
  return run.latenciesMs.length / run.requestCount
}

function latency(run: RunSample, round: number, request: number): number {
  return run.latenciesMs[round * run.requestCount + request] ?? NaN
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
