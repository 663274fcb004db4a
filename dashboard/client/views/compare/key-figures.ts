import { shownPairs } from '../../../analysis/compare-arms.ts'
import { formatMs } from '../../../analysis/units.ts'
import { changeOf, formatRatio, type Change } from '../../../analysis/verdict.ts'
import type {
  CompareReport,
  MetricName,
  RatioEstimate,
} from '../../../../formats/compare-report.ts'

/** What matters of one arm against another. */
export interface PairFigures {
  readonly arm: string
  readonly against: string
  readonly figures: readonly KeyFigure[]
}

export interface KeyFigure {
  readonly title: string
  readonly ratio: RatioEstimate
  readonly change: Change
  /** Medians of both arms: `1.02 s` and `96.1 ms`. */
  readonly from: string
  readonly to: string
}

/** Of the pairs of the verdict, in their order. */
export function pairFiguresOf({ ratios, arms, rounds }: CompareReport): readonly PairFigures[] {
  const titles: readonly (readonly [MetricName, string])[] = [
    ['firstRequestSumMs', 'First requests'],
    ['timeLost50Ms', `Time lost, ${Math.min(50, rounds)} rounds`],
    ['steadySumMs', 'Steady level'],
    ['timeToListenMs', 'Time to listen'],
  ]
  const medianOf = (name: string, metric: MetricName): string =>
    formatMs(arms.find((arm) => arm.name === name)?.metrics[metric].median ?? NaN)
  return shownPairs(ratios).map(({ arm, against }) => ({
    arm,
    against,
    figures: titles.flatMap(([metric, title]) => {
      const ratio = ratioOf(ratios, arm, against, metric)
      if (ratio === undefined) return []
      const [from, to] = [medianOf(against, metric), medianOf(arm, metric)]
      return [{ title, ratio, change: changeOf(ratio), from, to }]
    }),
  }))
}

export function ratioOf(
  ratios: readonly RatioEstimate[],
  arm: string,
  against: string,
  metric: MetricName,
): RatioEstimate | undefined {
  return ratios.find(
    (ratio) => ratio.arm === arm && ratio.against === against && ratio.metric === metric,
  )
}

/** Of all that is measured less is better. */
export const changeWords: Readonly<Record<Change, string>> = {
  less: 'better',
  more: 'worse',
  same: 'no difference',
  unknown: 'too few runs',
}

/** Class of shared-styles for the word. */
export const changeTones: Readonly<Record<Change, string>> = {
  less: 'good',
  more: 'bad',
  same: '',
  unknown: '',
}

/** `×0.09` and `0.08–0.10`; null: no interval. The digits are those of the command line. */
export function ratioParts(ratio: RatioEstimate): {
  readonly value: string
  readonly interval: string | null
} {
  const [value = '', interval] = formatRatio(ratio).split(' (')
  return {
    value: `×${value}`,
    interval: interval === undefined ? null : interval.replace(')', '').replace(/(\d)-/, '$1–'),
  }
}
