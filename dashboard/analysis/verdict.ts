import type { MetricName, RatioEstimate } from '../../formats/compare-report.ts'
import { minBootstrapValues } from './bootstrap.ts'
import { shownPairs, type ArmPair } from './compare-arms.ts'

export type Change = 'less' | 'more' | 'same' | 'unknown'

/** What a ratio says: an interval that holds 1 is no difference, one run or two prove nothing. */
export function changeOf(ratio: RatioEstimate): Change {
  if (ratio.pairs < minBootstrapValues) return 'unknown'
  if (ratio.high !== null && ratio.high < 1) return 'less'
  return ratio.low === null || ratio.low > 1 ? 'more' : 'same'
}

/**
 * What stands under the table, a plain sentence for every arm and the first that it is compared with: in terms of what users
 * feel, with harm and missing proof said as plainly as gains. An arm that ends slow does harm, however little it loses
 * against its own level. `rounds` are those that were measured.
 */
export function verdictOf(ratios: readonly RatioEstimate[], rounds: number): string {
  const pairs = shownPairs(ratios)
  if (pairs.length === 0) return 'Nothing to compare: one arm was measured.'
  return pairs
    .filter(({ arm }, index) => pairs.findIndex((pair) => pair.arm === arm) === index)
    .map((pair) => sentenceOf(pair, ratios, rounds))
    .join('\n')
}

function sentenceOf(pair: ArmPair, ratios: readonly RatioEstimate[], rounds: number): string {
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
  return `${pair.arm}: ${parts.join('; ')}.${conclusionOf(pair, [first, lost], steady)}`
}

/** `0.14 (0.12-0.17)`; without the interval when there is none. */
export function formatRatio({ ratio, low, high, pairs }: RatioEstimate): string {
  if (pairs < minBootstrapValues) return formatNumber(ratio)
  const separator = (low ?? 0) < 0 ? ' to ' : '-'
  return `${formatNumber(ratio)} (${formatNumber(low)}${separator}${formatNumber(high)})`
}

function formatNumber(ratio: number | null): string {
  return ratio === null ? '\u221e' : ratio.toFixed(2)
}

/** `phrase` with the ratio in place of its `%`. */
function shareOf(ratio: RatioEstimate | undefined, phrase: string): string {
  if (ratio === undefined) return 'not measured'
  const share = phrase.replace('%', formatRatio(ratio))
  return changeOf(ratio) === 'same' ? `${share}, no difference` : share
}

function steadyOf(ratio: RatioEstimate | undefined): string {
  if (ratio === undefined) return 'not measured'
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

/** A steady level that is lower than the other arm's proves no gain; a higher one is harm. */
function conclusionOf(
  { against }: ArmPair,
  gains: readonly (RatioEstimate | undefined)[],
  steady: RatioEstimate | undefined,
): string {
  const changes = gains.map((ratio) => ratio && changeOf(ratio))
  const isBaseline = against === 'cold' || against === 'node-compile-cache'
  if (changes.includes('more') || (steady && changeOf(steady)) === 'more') {
    return isBaseline ? ' It does harm here.' : ` Worse than ${against}.`
  }
  if (changes.includes('less')) return ''
  if (changes.includes('same')) {
    return isBaseline ? ' It does not help here.' : ` No better than ${against}.`
  }
  return ` Under ${minBootstrapValues} runs prove nothing.`
}
