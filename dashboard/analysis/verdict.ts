import type { MetricName, RatioEstimate } from '../../formats/compare-report.ts'
import { minBootstrapValues } from './bootstrap.ts'

export type Change = 'less' | 'more' | 'same' | 'unknown'

/** What a ratio says: an interval that holds 1 is no difference, one run or two prove nothing. */
export function changeOf(ratio: RatioEstimate): Change {
  if (ratio.low === null || ratio.high === null) return 'unknown'
  if (ratio.pairs < minBootstrapValues) return 'unknown'
  if (ratio.high < 1) return 'less'
  return ratio.low > 1 ? 'more' : 'same'
}

/**
 * The plain sentence under the table: the first pair of arms in terms of what users feel, with harm and missing
 * proof said as plainly as gains. `rounds` are those that were measured.
 */
export function verdictOf(ratios: readonly RatioEstimate[], rounds: number): string {
  const pair = ratios[0]
  if (pair === undefined) return 'Nothing to compare: one arm was measured.'
  const of = (metric: MetricName): RatioEstimate | undefined =>
    ratios.find(
      (ratio) =>
        ratio.arm === pair.arm && ratio.against === pair.against && ratio.metric === metric,
    )
  const first = of('firstRequestSumMs')
  const lost = of('timeLost50Ms')
  const steady = of('steadySumMs')
  const parts = [
    `the first requests ${shareOf(first, `take % of ${pair.against}`)}`,
    `time lost over ${Math.min(50, rounds)} rounds ${shareOf(lost, '%')}`,
    `steady level: ${steadyOf(steady)}`,
  ]
  return `${pair.arm}: ${parts.join('; ')}.${conclusionOf(first, lost)}`
}

/** `0.14 (0.12-0.17)`; without the interval when there is none, a dash when there is no ratio. */
export function formatRatio(ratio: RatioEstimate): string {
  if (ratio.ratio === null || ratio.low === null || ratio.high === null) return '-'
  const centre = ratio.ratio.toFixed(2)
  if (ratio.pairs < minBootstrapValues) return centre
  return `${centre} (${intervalOf(ratio.low, ratio.high)})`
}

function intervalOf(low: number, high: number): string {
  const separator = low < 0 || high < 0 ? ' to ' : '-'
  return `${low.toFixed(2)}${separator}${high.toFixed(2)}`
}

/** `phrase` with the ratio in place of its `%`. */
function shareOf(ratio: RatioEstimate | undefined, phrase: string): string {
  if (ratio === undefined || ratio.ratio === null) return 'cannot be compared'
  const share = phrase.replace('%', formatRatio(ratio))
  return changeOf(ratio) === 'same' ? `${share}, no difference` : share
}

function steadyOf(ratio: RatioEstimate | undefined): string {
  if (ratio === undefined || ratio.ratio === null) return 'cannot be compared'
  switch (changeOf(ratio)) {
    case 'same':
      return 'no difference'
    case 'unknown':
      return formatRatio(ratio)
    case 'less':
      return `lower, ${formatRatio(ratio)}`
    case 'more':
      return `higher, ${formatRatio(ratio)}`
  }
}

function conclusionOf(...ratios: readonly (RatioEstimate | undefined)[]): string {
  const changes = ratios.map((ratio) => (ratio === undefined ? 'unknown' : changeOf(ratio)))
  if (changes.includes('more')) return ' It does harm here.'
  if (changes.includes('less')) return ''
  return changes.includes('same')
    ? ' It does not help here.'
    : ` Under ${minBootstrapValues} runs prove nothing.`
}
