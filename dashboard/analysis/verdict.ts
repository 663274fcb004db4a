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

export type Outcome = 'better' | 'worse' | 'same' | 'unknown'

/** What the verdict rests on, in its order. A lower steady level proves no gain; a higher one is harm. */
const gainMetrics = ['firstRequestSumMs', 'timeLost50Ms'] as const
const verdictMetrics = [...gainMetrics, 'steadySumMs'] as const

/**
 * How an arm does against another one, by first requests, time lost and steady level together. In 95 % of comparisons of equals it
 * is `same`, from 7 runs on: `npm run aa-test`.
 */
export function outcomeOf(pair: ArmPair, ratios: readonly RatioEstimate[]): Outcome {
  const changes = gainMetrics.map((metric) => provenChangeOf(find(pair, metric, ratios)))
  if (changes.includes('more') || provenChangeOf(find(pair, 'steadySumMs', ratios)) === 'more') {
    return 'worse'
  }
  if (changes.includes('less')) return 'better'
  return changes.includes('same') ? 'same' : 'unknown'
}

function find(
  { arm, against }: ArmPair,
  metric: MetricName,
  ratios: readonly RatioEstimate[],
): RatioEstimate | undefined {
  return ratios.find(
    (ratio) => ratio.arm === arm && ratio.against === against && ratio.metric === metric,
  )
}

/** Under 7 runs nothing could hold: intervals have to do, and a warning says how little they hold. */
function provenChangeOf(ratio: RatioEstimate | undefined): Change | undefined {
  if (ratio === undefined) return undefined
  return ratio.proof?.holds === false ? 'same' : changeOf(ratio)
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
  const first = find(pair, 'firstRequestSumMs', ratios)
  const lost = find(pair, 'timeLost50Ms', ratios)
  const steady = find(pair, 'steadySumMs', ratios)
  const parts = [
    `the first requests ${shareOf(first, `take % of ${pair.against}`)}`,
    `time lost over ${Math.min(50, rounds)} rounds ${shareOf(lost, '%')}`,
    `steady level: ${steadyOf(steady)}`,
  ]
  return `${pair.arm}: ${parts.join('; ')}.${conclusionOf(pair, ratios)}`
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

function conclusionOf(pair: ArmPair, ratios: readonly RatioEstimate[]): string {
  const { against } = pair
  const isBaseline = against === 'cold' || against === 'node-compile-cache'
  switch (outcomeOf(pair, ratios)) {
    case 'worse':
      return isBaseline ? ' It does harm here.' : ` Worse than ${against}.`
    case 'better':
      return ''
    case 'same':
      // One of three single intervals is easily without 1.
      if (verdictMetrics.some((metric) => isChanged(find(pair, metric, ratios)))) {
        return ' Taken together that may be chance.'
      }
      return isBaseline ? ' It does not help here.' : ` No better than ${against}.`
    case 'unknown':
      return ` Under ${minBootstrapValues} runs prove nothing.`
  }
}

function isChanged(ratio: RatioEstimate | undefined): boolean {
  return ratio !== undefined && ['less', 'more'].includes(changeOf(ratio))
}
