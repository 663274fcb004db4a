import { quantileOfSorted } from '../../../analysis/quantile.ts'
import type { SeriesPoint } from '../../charts/series.ts'
import type { LiveProcess, LiveRequest } from './live-model.ts'

/** Over the number of a request, or over the time since the first one, ms. */
export type LiveAxis = 'request' | 'time'

/** Points of a curve; each stands for the requests of an equal stretch of the axis. */
const maxPoints = 120
/** Stretches of time that are not finer than people can tell apart. */
const finestMs = 250

/** Median latency with its 10th and 90th percentile along the axis; stretches without a request have no point. */
export function liveCurve(
  requests: readonly LiveRequest[],
  axis: LiveAxis,
  route: string | null,
): readonly SeriesPoint[] {
  const own = route === null ? requests : requests.filter((request) => request.route === route)
  const place = (request: LiveRequest): number =>
    axis === 'time' ? request.atMs : request.number - 1
  const length = own.reduce((longest, request) => Math.max(longest, place(request)), 0) + 1
  const step = stepFor(length, axis === 'time' ? finestMs : 1)
  const stretches = new Map<number, number[]>()
  for (const request of own) {
    const stretch = Math.floor(place(request) / step)
    const latencies = stretches.get(stretch)
    if (latencies === undefined) stretches.set(stretch, [request.latencyMs])
    else latencies.push(request.latencyMs)
  }
  return [...stretches]
    .sort(([a], [b]) => a - b)
    .map(([stretch, latencies]) => {
      const sorted = Float64Array.from(latencies).sort()
      return {
        // Where the stretch ends: what it tells is known then.
        x: (stretch + 1) * step,
        y: quantileOfSorted(sorted, 0.5),
        low: quantileOfSorted(sorted, 0.1),
        high: quantileOfSorted(sorted, 0.9),
      }
    })
}

/** Doubled until few enough points are left, so that points do not wander as the curve grows. */
function stepFor(length: number, finest: number): number {
  let step = finest
  while (length / step > maxPoints) step *= 2
  return step
}

/** Of all processes, in the order of the alphabet. */
export function liveRoutes(processes: readonly LiveProcess[]): readonly string[] {
  return [...new Set(processes.flatMap(({ firsts }) => [...firsts.keys()]))].sort()
}

/** What the first requests cost: each route's first one, summed, ms; null before there is one. */
export function firstRequestSumMs({ firsts }: LiveProcess): number | null {
  return firsts.size === 0 ? null : [...firsts.values()].reduce((sum, ms) => sum + ms, 0)
}

/** Requests that {@link recentMedianMs} is about. */
export const recentRequests = 100

/** Median of the last requests, of all or of a route, ms; null before there is one. */
export function recentMedianMs(
  { requests }: LiveProcess,
  route: string | null = null,
): number | null {
  const recent: number[] = []
  for (let index = requests.length - 1; index >= 0 && recent.length < recentRequests; index--) {
    const request = requests[index]
    if (request !== undefined && (route === null || request.route === route)) {
      recent.push(request.latencyMs)
    }
  }
  return recent.length === 0 ? null : quantileOfSorted(Float64Array.from(recent).sort(), 0.5)
}
