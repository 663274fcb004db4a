import { quantileOfSorted } from './quantile.ts'
import { roundEnds, type RunSample } from './warmup-metrics.ts'

/** One entry per point in each of the four; all in ms, save that `x` may be rounds. */
export interface CurveBand {
  readonly x: Float64Array
  readonly median: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

export interface BandOptions {
  /** Indices within a round of the requests that count, those of one route say; all unless given. */
  readonly requests?: readonly number[]
  /** Quantiles over the runs that the band ends at. It shows how runs differ, not how well the median is known. */
  readonly quantiles?: readonly [low: number, high: number]
}

export interface TimeBandOptions extends BandOptions {
  /** Of the time axis, equally far apart; 400 unless given. */
  readonly points?: number
  /** Where the axis ends. It never goes beyond the shortest run, which is where it ends unless given. */
  readonly endMs?: number
  /** Of requests in an open loop; a closed one unless given. */
  readonly ratePerSecond?: number | null
}

const defaultQuantiles = [0.1, 0.9] as const

/**
 * Median and band over the runs of the latency sum of each round; `x` is the number of the round, from 1. As many rounds as
 * the shortest run has.
 */
export function bandPerRound(runs: readonly RunSample[], options: BandOptions = {}): CurveBand {
  const sums = runs.map((run) => sumsOfRounds(run, options.requests))
  const rounds = sums.length === 0 ? 0 : Math.min(...sums.map((run) => run.length))
  const x = Float64Array.from({ length: rounds }, (_, round) => round + 1)
  return bandOf(x, sums, (run, round) => sums[run]?.[round] ?? NaN, options)
}

/**
 * The same over the time since the first request, by the clock of {@link roundEnds}: that of all requests even where only
 * some are shown. At each point of the axis a run has the sum of the round
 * that it is in then.
 */
export function bandOverTime(runs: readonly RunSample[], options: TimeBandOptions = {}): CurveBand {
  const { points = 400, ratePerSecond = null } = options
  const sums = runs.map((run) => sumsOfRounds(run, options.requests))
  const ends = runs.map((run) => roundEnds(run, ratePerSecond))
  const shortest = ends.length === 0 ? 0 : Math.min(...ends.map((run) => run.at(-1) ?? 0))
  const endMs = Math.min(options.endMs ?? shortest, shortest)
  const count = endMs > 0 ? points : 0
  const x = Float64Array.from({ length: count }, (_, point) => (endMs * point) / count)
  // The points ascend, so that each run is walked along once.
  const rounds = new Int32Array(runs.length)
  const valueAt = (run: number, point: number): number => {
    const time = x[point] ?? 0
    let round = rounds[run] ?? 0
    while ((ends[run]?.[round] ?? Infinity) <= time) round++
    rounds[run] = round
    return sums[run]?.[round] ?? NaN
  }
  return bandOf(x, sums, valueAt, options)
}

/**
 * At most `maxPoints` of a band: the first and the last, and of each stretch between the points at which the median is lowest
 * and highest, so that no spike is lost. Under 4 points there is no stretch.
 */
export function thinBand(band: CurveBand, maxPoints: number): CurveBand {
  const length = band.x.length
  if (length <= maxPoints) return band
  const buckets = Math.max(0, Math.floor((maxPoints - 2) / 2))
  const kept = [0]
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (length - 2)) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * (length - 2)) / buckets)
    const [lowest, highest] = extremesOf(band.median, from, to)
    kept.push(Math.min(lowest, highest))
    if (lowest !== highest) kept.push(Math.max(lowest, highest))
  }
  if (maxPoints > 1) kept.push(length - 1)
  const take = (values: Float64Array): Float64Array =>
    Float64Array.from(kept, (index) => values[index] ?? NaN)
  return {
    x: take(band.x),
    median: take(band.median),
    low: take(band.low),
    high: take(band.high),
  }
}

function extremesOf(values: Float64Array, from: number, to: number): readonly [number, number] {
  let lowest = from
  let highest = from
  for (let index = from + 1; index < to; index++) {
    const value = values[index] ?? NaN
    if (value < (values[lowest] ?? NaN)) lowest = index
    if (value > (values[highest] ?? NaN)) highest = index
  }
  return [lowest, highest]
}

function bandOf(
  x: Float64Array,
  runs: readonly Float64Array[],
  valueAt: (run: number, point: number) => number,
  { quantiles = defaultQuantiles }: BandOptions,
): CurveBand {
  const median = new Float64Array(x.length)
  const low = new Float64Array(x.length)
  const high = new Float64Array(x.length)
  const column = new Float64Array(runs.length)
  for (let point = 0; point < x.length; point++) {
    for (let run = 0; run < column.length; run++) insertSorted(column, run, valueAt(run, point))
    median[point] = quantileOfSorted(column, 0.5)
    low[point] = quantileOfSorted(column, quantiles[0])
    high[point] = quantileOfSorted(column, quantiles[1])
  }
  return { x, median, low, high }
}

/** Puts a value in its place among the first `size`. Of a few runs that is far quicker than to sort them. */
function insertSorted(column: Float64Array, size: number, value: number): void {
  let place = size
  while (place > 0 && (column[place - 1] ?? NaN) > value) {
    column[place] = column[place - 1] ?? NaN
    place--
  }
  column[place] = value
}

function sumsOfRounds(run: RunSample, requests?: readonly number[]): Float64Array {
  const { latenciesMs, requestCount } = run
  const sums = new Float64Array(Math.floor(latenciesMs.length / requestCount))
  for (let round = 0; round < sums.length; round++) {
    const start = round * requestCount
    let sum = 0
    if (requests === undefined) {
      for (let index = start; index < start + requestCount; index++)
        sum += latenciesMs[index] ?? NaN
    } else {
      for (const request of requests) sum += latenciesMs[start + request] ?? NaN
    }
    sums[round] = sum
  }
  return sums
}
