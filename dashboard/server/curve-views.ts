import { changepoints } from '../analysis/changepoints.ts'
import { bandOverTime, bandPerRound, thinBand, type CurveBand } from '../analysis/curve-bands.ts'
import { measuredArms, type MeasuredArm } from '../analysis/evaluate.ts'
import { median } from '../analysis/quantile.ts'
import { roundSums, steadyLevels } from '../analysis/warmup-metrics.ts'
import type { Results } from '../../formats/results.ts'
import type { ArmCurve, CurvesView } from '../api.ts'
import { requestsOf } from './result-views.ts'
import type { CurvesQuery } from './tasks.ts'

/** What does not depend on the part of the curves that is asked for. */
export interface RouteCurves {
  readonly route: string | null
  readonly requests: readonly number[]
  readonly arms: readonly {
    readonly arm: MeasuredArm
    readonly band: CurveBand
    /** Indices of rounds. */
    readonly changes: readonly number[]
    readonly steady: number
  }[]
}

/** Throws `ERR_PREWARM_DSH_NOT_FOUND` for a route that was not measured. */
export function routeCurves(results: Results, route: string | null): RouteCurves {
  const requests = requestsOf(results.plan, route)
  const arms = requests.length === 0 ? [] : measuredArms(results)
  return {
    route,
    requests,
    arms: arms.flatMap((arm) => {
      if (arm.runs.length === 0 || arm.runs[0]?.latenciesMs.length === 0) return []
      const band = bandPerRound(arm.runs, { requests })
      return [{ arm, band, changes: changepoints(band.median), steady: steadyOf(arm, requests) }]
    }),
  }
}

/** Most points of an arm over time before they are thinned, which a deep zoom into a long run would pass. */
const maxTimePoints = 50_000

/** The part of the curves that is asked for, thinned to its number of points. */
export function curvesView({ route, requests, arms }: RouteCurves, query: CurvesQuery): CurvesView {
  const { axis, points, from, to } = query
  return {
    axis,
    route,
    arms: arms.map(({ arm, band, changes, steady }): ArmCurve => {
      const whole = axis === 'round' ? band : timeBand(arm, requests, query)
      const { x, median, low, high } = thinBand(between(whole, from, to), points)
      return {
        arm: arm.name,
        x: [...x],
        median: [...median],
        low: [...low],
        high: [...high],
        steady,
        changepoints: axis === 'round' ? changes.map((at) => at + 1) : timesOf(arm, changes),
      }
    }),
  }
}

/** As many points between the two ends as there may be, whatever comes before. */
function timeBand(
  { runs }: MeasuredArm,
  requests: readonly number[],
  { points, from, to }: CurvesQuery,
): CurveBand {
  const shortest = Math.min(...runs.map(({ latenciesMs }) => latenciesMs.reduce(plus, 0)))
  const endMs = Math.min(to, shortest)
  const share = endMs > from ? endMs / (endMs - from) : 1
  const count = Math.min(maxTimePoints, Math.ceil(points * share))
  return bandOverTime(runs, { requests, points: count, endMs })
}

function between({ x, median, low, high }: CurveBand, from: number, to: number): CurveBand {
  // Ascending, so that they lie side by side.
  const first = x.findIndex((value) => value >= from)
  const after = x.findIndex((value) => value > to)
  const cut = (values: Float64Array): Float64Array =>
    first < 0 ? values.subarray(0, 0) : values.subarray(first, after < 0 ? undefined : after)
  return { x: cut(x), median: cut(median), low: cut(low), high: cut(high) }
}

/** When the rounds began, ms since the first request: the median over the runs. */
function timesOf({ runs }: MeasuredArm, rounds: readonly number[]): readonly number[] {
  if (rounds.length === 0) return []
  const sums = runs.map(roundSums)
  return rounds.map((round) => median(sums.map((run) => run.slice(0, round).reduce(plus, 0))))
}

function steadyOf({ runs }: MeasuredArm, requests: readonly number[]): number {
  return median(
    runs.map((run) => {
      const levels = steadyLevels(run)
      return requests.reduce((sum, request) => sum + (levels[request] ?? 0), 0)
    }),
  )
}

function plus(sum: number, value: number): number {
  return sum + value
}
