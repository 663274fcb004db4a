import { changepoints } from '../analysis/changepoints.ts'
import { bandOverTime, bandPerRound, thinBand, type CurveBand } from '../analysis/curve-bands.ts'
import { measuredArms, type MeasuredArm } from '../analysis/evaluate.ts'
import { median } from '../analysis/quantile.ts'
import { roundEnds, steadyLevels } from '../analysis/warmup-metrics.ts'
import type { Results } from '../../formats/results.ts'
import type { ArmCurve, CurvesView } from '../api.ts'
import { requestsOf } from './result-views.ts'
import type { CurvesQuery } from './tasks.ts'

/** What does not depend on the part of the curves that is asked for. */
export interface RouteCurves {
  readonly route: string | null
  readonly requests: readonly number[]
  readonly ratePerSecond: number | null
  readonly arms: readonly {
    readonly arm: MeasuredArm
    readonly band: CurveBand
    /** Rounds from 1, and when they began, ms since the first request: the median over the runs. */
    readonly changes: readonly { readonly round: number; readonly atMs: number }[]
    readonly steady: number
    /** Of its shortest run, all requests. */
    readonly shortestMs: number
  }[]
}

/** Throws `ERR_PREWARM_DSH_NOT_FOUND` for a route that was not measured. */
export function routeCurves(results: Results, route: string | null): RouteCurves {
  const requests = requestsOf(results.plan, route)
  const arms = requests.length === 0 ? [] : measuredArms(results)
  const { ratePerSecond } = results.plan.load
  return {
    route,
    requests,
    ratePerSecond,
    arms: arms.flatMap((arm) => {
      if (arm.runs.length === 0 || arm.runs[0]?.latenciesMs.length === 0) return []
      const band = bandPerRound(arm.runs, { requests })
      const ends = arm.runs.map((run) => roundEnds(run, ratePerSecond))
      const changes = changesOf(band.median).map((index) => ({
        round: index + 1,
        atMs: median(ends.map((end) => end[index - 1] ?? 0)),
      }))
      const shortestMs = Math.min(...ends.map((end) => end.at(-1) ?? 0))
      return [{ arm, band, changes, steady: steadyOf(arm, requests), shortestMs }]
    }),
  }
}

/** The search takes a time that grows with the square of it: 10,000 rounds of 10 arms would be many seconds. */
const maxSearchedRounds = 2000

/** Indices of rounds at which the curve changes; in longer curves, to within the few rounds that are taken together. */
function changesOf(curve: Float64Array): readonly number[] {
  const step = Math.ceil(curve.length / maxSearchedRounds)
  const blocks = Float64Array.from({ length: Math.floor(curve.length / step) }, (_, block) =>
    median(curve.subarray(block * step, (block + 1) * step)),
  )
  return changepoints(blocks).map((block) => block * step)
}

/** Most points of an arm over time before they are thinned, which a deep zoom into a long run would pass. */
const maxTimePoints = 50_000

/** The part of the curves that is asked for, thinned to its number of points. */
export function curvesView(curves: RouteCurves, query: CurvesQuery): CurvesView {
  const { route, arms } = curves
  const { axis, points, from, to } = query
  return {
    axis,
    route,
    arms: arms.map(({ arm, band, changes, steady, shortestMs }): ArmCurve => {
      const whole = axis === 'round' ? band : timeBand(arm, curves, query, shortestMs)
      const { x, median, low, high } = thinBand(between(whole, from, to), points)
      return {
        arm: arm.name,
        x: [...x],
        median: [...median],
        low: [...low],
        high: [...high],
        steady,
        changepoints: changes.map(({ round, atMs }) => (axis === 'round' ? round : atMs)),
      }
    }),
  }
}

/** As many points between the two ends as there may be, whatever comes before. */
function timeBand(
  { runs }: MeasuredArm,
  { requests, ratePerSecond }: RouteCurves,
  { points, from, to }: CurvesQuery,
  shortestMs: number,
): CurveBand {
  const endMs = Math.min(to, shortestMs)
  const share = endMs > from ? endMs / (endMs - from) : 1
  const count = Math.min(maxTimePoints, Math.ceil(points * share))
  return bandOverTime(runs, { requests, ratePerSecond, points: count, endMs })
}

function between({ x, median, low, high }: CurveBand, from: number, to: number): CurveBand {
  // Ascending, so that they lie side by side.
  const first = x.findIndex((value) => value >= from)
  const after = x.findIndex((value) => value > to)
  const cut = (values: Float64Array): Float64Array =>
    first < 0 ? values.subarray(0, 0) : values.subarray(first, after < 0 ? undefined : after)
  return { x: cut(x), median: cut(median), low: cut(low), high: cut(high) }
}

function steadyOf({ runs }: MeasuredArm, requests: readonly number[]): number {
  return median(
    runs.map((run) => {
      const levels = steadyLevels(run)
      return requests.reduce((sum, request) => sum + (levels[request] ?? 0), 0)
    }),
  )
}
