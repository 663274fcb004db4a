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

/**
 * What is drawn of a line between two places of the x axis: the points inside and one beyond each end, thinned to `most`. Where
 * several stand for one, the band is as wide as its widest.
 */
export function visiblePoints(
  points: readonly SeriesPoint[],
  from: number,
  to: number,
  most: number,
): readonly SeriesPoint[] {
  const start = Math.max(0, firstAtOrAfter(points, from) - 1)
  const end = Math.min(points.length, firstAtOrAfter(points, to) + 2)
  if (end - start <= most) return points.slice(start, end)
  const indices = Array.from({ length: end - start }, (_, index) => start + index)
  const kept = thinIndices(indices, (index) => points[index]?.y ?? NaN, most)
  return kept.flatMap((index, place) => {
    const point = points[index]
    if (point === undefined) return []
    return [widened(point, points, index, kept[place + 1] ?? index + 1)]
  })
}

function widened(
  point: SeriesPoint,
  points: readonly SeriesPoint[],
  from: number,
  to: number,
): SeriesPoint {
  if (point.low === undefined || point.high === undefined) return point
  let { low, high } = point
  for (let index = from + 1; index < to; index++) {
    low = Math.min(low, points[index]?.low ?? low)
    high = Math.max(high, points[index]?.high ?? high)
  }
  return { ...point, low, high }
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
