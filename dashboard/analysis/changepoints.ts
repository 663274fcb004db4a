/** As the analysis of Barrett et al. has it: more than the usual 3 ln n, since latencies are no normal noise. */
export const defaultPenaltyFactor = 15

/** Least rounds of a segment; what `cpt.meanvar` of R's `changepoint` takes, since one value has no variance. */
export const defaultMinSegment = 2

/**
 * In more values than this a change is looked for at each place of the first half of them, where warm-up is, and further on at as
 * many places that are evenly apart, then between these: the time that it takes grows with the square of the places.
 */
export const maxPlaces = 512

/** No segment is taken to vary less than this share of the variance of the whole series. */
export const varianceFloor = 1e-9

export interface ChangepointOptions {
  /** What one more segment has to gain in twice the log likelihood; 15 ln n unless given. */
  readonly penalty?: number
  readonly minSegment?: number
}

/**
 * Where the mean or the variance of the values changes: indices from 0, ascending, at which a new segment begins. None
 * where there are fewer than two segments' worth of values, or all are equal. The values must be finite.
 *
 * PELT: Killick, Fearnhead and Eckley, "Optimal detection of changepoints with a linear computational cost", Journal of
 * the American Statistical Association 107 (2012); the result is the exact optimum of twice the negative log likelihood of
 * normal segments plus the penalty for each, as long as there are no more values than {@link maxPlaces}. It differs from
 * `cpt.meanvar` of R's `changepoint` 2 in two places:
 *
 * - That replaces a variance of 0 by 1e-11, in whatever unit, and lets smaller ones stand. Here the variance is estimated
 *   under the constraint that it is no less than {@link varianceFloor} times that of the series. The unit then makes no
 *   difference, and a segment that is split never costs more than before, which pruning relies on.
 * - A start that is beaten at `t` by a change at `t` is dropped from `t + minSegment` on only: before, a segment that begins
 *   at `t` would be too short. That package drops it at once, and may miss the optimum.
 */
export function changepoints(
  values: ArrayLike<number>,
  options: ChangepointOptions = {},
): readonly number[] {
  const { minSegment = defaultMinSegment } = options
  const length = values.length
  const series = standardised(values)
  if (length < 2 * minSegment || series === null) return []
  const totals = totalsOf(series)
  const places = placesOf(length, minSegment)
  const penalty = options.penalty ?? defaultPenaltyFactor * Math.log(length)
  const starts = startsOf(bestPredecessors(totals, places, penalty, minSegment))
  return length <= maxPlaces ? starts : refined(starts, totals, places, minSegment)
}

/** Sums of all values before a place, and of their squares. */
interface Totals {
  readonly sums: Float64Array
  readonly squares: Float64Array
}

function totalsOf(series: Float64Array): Totals {
  const sums = new Float64Array(series.length + 1)
  const squares = new Float64Array(series.length + 1)
  series.forEach((value, index) => {
    sums[index + 1] = (sums[index] ?? 0) + value
    squares[index + 1] = (squares[index] ?? 0) + value * value
  })
  return { sums, squares }
}

/** Mean 0 and variance 1, so that prefix sums lose no digits and the floor needs no unit; null where all are equal. */
function standardised(values: ArrayLike<number>): Float64Array | null {
  const series = Float64Array.from(values)
  if (series.every((value) => value === series[0])) return null
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length
  const variance = series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / series.length
  const scale = 1 / Math.sqrt(variance)
  // Values that differ in their last digits only are equal for all that can be computed here.
  return Number.isFinite(scale) ? series.map((value) => (value - mean) * scale) : null
}

/** For every end of a segment, the start of it in the best segmentation of what lies before that end. */
function bestPredecessors(
  { sums, squares }: Totals,
  places: Int32Array,
  penalty: number,
  minSegment: number,
): Int32Array {
  const length = sums.length - 1
  // The constant part of a segment's cost, ln 2 pi per value, is the same for every segmentation and left out.
  const costs = new Float64Array(length + 1)
  costs[0] = -penalty
  const predecessors = new Int32Array(length + 1)
  const dropAt = new Int32Array(length + 1).fill(length + 1)
  // Of each start, the variance and its logarithm when that was last computed.
  const knownVariances = new Float64Array(length + 1)
  const knownLogs = new Float64Array(length + 1).fill(-Infinity)
  const starts = new Int32Array(length + 1)
  let startCount = 0
  let nextStart = 0
  for (const end of places.subarray(1)) {
    for (; (places[nextStart] ?? length) <= end - minSegment; nextStart++) {
      starts[startCount++] = places[nextStart] ?? 0
    }
    let best = Infinity
    let bestStart = 0
    let kept = 0
    for (let index = 0; index < startCount; index++) {
      const start = starts[index] ?? 0
      if ((dropAt[start] ?? 0) <= end) continue
      const size = end - start
      const sum = (sums[end] ?? 0) - (sums[start] ?? 0)
      const square = (squares[end] ?? 0) - (squares[start] ?? 0)
      const spread = Math.max(0, (square - (sum * sum) / size) / size)
      const variance = Math.max(spread, varianceFloor)
      // ln v >= ln w + 1 - w / v for any w: with the last known variance of the same start as w this is close, and saves
      // nearly all logarithms of a series without changes, in which nothing can be dropped.
      const known = knownVariances[start] ?? 0
      let cost =
        (costs[start] ?? 0) +
        penalty +
        size * ((knownLogs[start] ?? 0) + 1 + (spread - known) / variance)
      if (cost < best) {
        const log = Math.log(variance)
        knownVariances[start] = variance
        knownLogs[start] = log
        cost = (costs[start] ?? 0) + penalty + size * (log + spread / variance)
        if (cost < best) {
          best = cost
          bestStart = start
        }
      }
      // What costs this much without a penalty is beaten by a change at `end`, as a lower bound tells too.
      if (cost - penalty > best && dropAt[start] === length + 1) dropAt[start] = end + minSegment
      starts[kept++] = start
    }
    startCount = kept
    costs[end] = best
    predecessors[end] = bestStart
  }
  return predecessors
}

/** Where segments may begin or end: 0, then from `minSegment` on, the length last. */
function placesOf(length: number, minSegment: number): Int32Array {
  const each = length <= maxPlaces ? length : maxPlaces / 2
  const places = [0]
  for (let place = minSegment; place <= each; place++) places.push(place)
  const rest = length - each
  const steps = Math.min(rest, maxPlaces / 2)
  for (let step = 1; step <= steps; step++) places.push(each + Math.round((rest * step) / steps))
  return Int32Array.from(places)
}

/** Each start where it is best between the places beside it, the other starts being what they are. */
function refined(
  coarse: readonly number[],
  totals: Totals,
  places: Int32Array,
  minSegment: number,
): readonly number[] {
  const starts = [...coarse]
  const length = totals.sums.length - 1
  coarse.forEach((start, index) => {
    const [before, after] = [starts[index - 1] ?? 0, starts[index + 1] ?? length]
    const at = places.indexOf(start)
    const last = Math.min(places[at + 1] ?? length, after - minSegment)
    let least = Infinity
    for (let place = Math.max(places[at - 1] ?? 0, before + minSegment); place <= last; place++) {
      const cost = segmentCost(totals, before, place) + segmentCost(totals, place, after)
      if (cost >= least) continue
      least = cost
      starts[index] = place
    }
  })
  return starts
}

/** Twice the negative log likelihood, as {@link bestPredecessors} has it. */
function segmentCost({ sums, squares }: Totals, start: number, end: number): number {
  const size = end - start
  const sum = (sums[end] ?? 0) - (sums[start] ?? 0)
  const square = (squares[end] ?? 0) - (squares[start] ?? 0)
  const spread = Math.max(0, (square - (sum * sum) / size) / size)
  const variance = Math.max(spread, varianceFloor)
  return size * (Math.log(variance) + spread / variance)
}

function startsOf(predecessors: Int32Array): readonly number[] {
  const starts: number[] = []
  let end = predecessors.length - 1
  while (end > 0) {
    end = predecessors[end] ?? 0
    if (end > 0) starts.push(end)
  }
  return starts.reverse()
}
