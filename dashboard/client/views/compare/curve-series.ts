import type { ArmCurve, CurveAxis } from '../../../api.ts'
import type { CompareReport } from '../../../../formats/compare-report.ts'
import type { Series } from '../../charts/series.ts'

/** Curves as the chart takes them; each arm keeps the colour of its place among all arms. */
export function seriesOf(curves: readonly ArmCurve[], arms: readonly string[]): readonly Series[] {
  return curves.map(({ arm, x, median, low, high, steady, changepoints }) => ({
    name: arm,
    colour: Math.max(0, arms.indexOf(arm)) + 1,
    points: x.map((at, index) => ({
      x: at,
      y: median[index] ?? NaN,
      low: low[index] ?? NaN,
      high: high[index] ?? NaN,
    })),
    steady,
    changepoints,
  }))
}

/** Rounds over which the time that is lost is told. */
const lostRounds = 50

/** Where these rounds end on the axis, for an arm. */
export function lostUntil(
  { curves, rounds }: Pick<CompareReport, 'curves' | 'rounds'>,
  axis: CurveAxis,
  arm: string | null,
): number {
  if (axis === 'round') return Math.min(lostRounds, rounds)
  const curve = curves.find((each) => each.arm === arm)
  return curve?.roundSumMs.slice(0, lostRounds).reduce((sum, ms) => sum + ms, 0) ?? 0
}
