import type { SeriesPoint } from './series.ts'

/**
 * At most `most` of the indices (but never under 4): first and last, and of each stretch between those where the value is lowest
 * and highest, so that no spike is lost.
 */
export function thinIndices(
  indices: readonly number[],
  valueAt: (index: number) => number,
  most: number,
): readonly number[] {
  const [first] = indices
  const last = indices.at(-1)
  if (first === undefined || last === undefined || indices.length <= Math.max(4, most)) {
    return indices
  }
  const stretches = Math.max(1, Math.floor((most - 2) / 2))
  const inner = indices.length - 2
  const kept = [first]
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * inner) / stretches)
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches)
    const [a, b] = extremes(indices, valueAt, from, to)
    kept.push(a)
    if (b !== a) kept.push(b)
  }
  kept.push(last)
  return kept
}

/** Lowest and highest of a stretch, in order of their places. */
function extremes(
  indices: readonly number[],
  valueAt: (index: number) => number,
  from: number,
  to: number,
): readonly [number, number] {
  let lowest = indices[from] ?? 0
  let highest = lowest
  for (let place = from + 1; place < to; place++) {
    const index = indices[place] ?? 0
    if (valueAt(index) < valueAt(lowest)) lowest = index
    if (valueAt(index) > valueAt(highest)) highest = index
  }
  return lowest < highest ? [lowest, highest] : [highest, lowest]
}

/** What is drawn of a line between two places of the x axis: the points inside and one beyond each end, thinned to `most`. */
export function visiblePoints(
  points: readonly SeriesPoint[],
  from: number,
  to: number,
  most: number,
): readonly SeriesPoint[] {
  const seen = between(points, from, to)
  const kept = thinIndices([...seen.keys()], (index) => seen[index]?.y ?? NaN, most)
  return kept.flatMap((index) => seen[index] ?? [])
}

/** A place of a band. */
export interface BandPoint {
  readonly x: number
  readonly low: number
  readonly high: number
}

/** The band of the same part, of at most `most` places: each is the mean of those that it stands for. */
export function visibleBand(
  points: readonly SeriesPoint[],
  from: number,
  to: number,
  most: number,
): readonly BandPoint[] {
  const seen = between(points, from, to).flatMap(({ x, low, high }) =>
    low === undefined || high === undefined ? [] : [{ x, low, high }],
  )
  if (seen.length <= most) return seen
  return Array.from({ length: most }, (_, place) =>
    meanOf(
      seen.slice(
        Math.floor((place * seen.length) / most),
        Math.floor(((place + 1) * seen.length) / most),
      ),
    ),
  )
}

function meanOf(points: readonly BandPoint[]): BandPoint {
  let [x, low, high] = [0, 0, 0]
  for (const point of points) {
    x += point.x
    low += point.low
    high += point.high
  }
  const count = points.length
  return { x: x / count, low: low / count, high: high / count }
}

function between(points: readonly SeriesPoint[], from: number, to: number): readonly SeriesPoint[] {
  const start = Math.max(0, firstAtOrAfter(points, from) - 1)
  return points.slice(start, firstAtOrAfter(points, to) + 2)
}

/** Index of the first point whose x is at least `x`; the number of points when there is none. */
export function firstAtOrAfter(points: readonly SeriesPoint[], x: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.x ?? Infinity) < x) low = middle + 1
    else high = middle
  }
  return low
}

/** The point that is nearest to a place of the x axis. */
export function nearestPoint(points: readonly SeriesPoint[], x: number): SeriesPoint | undefined {
  const after = firstAtOrAfter(points, x)
  const right = points[after]
  const left = points[after - 1]
  if (right === undefined || left === undefined) return right ?? left
  return x - left.x <= right.x - x ? left : right
}

/** What a line says at a place of the x axis; null: it has not begun there, or has ended by more than one of its steps. */
export function valueAt(points: readonly SeriesPoint[], x: number): number | null {
  const nearest = nearestPoint(points, x)
  if (nearest === undefined) return null
  const isLast = nearest === points.at(-1)
  const neighbour = isLast ? points.at(-2) : points[1]
  const step = neighbour === undefined ? 0 : Math.abs(nearest.x - neighbour.x)
  const isOutside = isLast ? x > nearest.x : x < nearest.x
  return isOutside && Math.abs(x - nearest.x) > step ? null : nearest.y
}
