import { expect, test } from 'vitest'
import type { MetricName, RatioEstimate } from '../../formats/compare-report.ts'
import { changeOf, formatRatio, verdictOf } from './verdict.ts'

type Interval = readonly [ratio: number | null, low: number | null, high: number | null]

function ratioOf(metric: MetricName, [ratio, low, high]: Interval, pairs = 10): RatioEstimate {
  return { arm: 'prewarm', against: 'cold', metric, ratio, low, high, pairs }
}

function verdict(first: Interval, lost: Interval, steady: Interval, pairs = 10): string {
  return verdictOf(
    [
      ratioOf('firstRequestSumMs', first, pairs),
      ratioOf('timeLost50Ms', lost, pairs),
      ratioOf('steadySumMs', steady, pairs),
    ],
    200,
  )
}

test('a gain is said with its interval, an interval that holds 1 is no difference', () => {
  expect(verdict([0.14, 0.12, 0.17], [0.3, 0.22, 0.41], [1.01, 0.97, 1.05])).toBe(
    'prewarm: the first requests take 0.14 (0.12-0.17) of cold; time lost over 50 rounds 0.30 (0.22-0.41); steady level: no difference.',
  )
})

test('no help and harm are said as plainly', () => {
  expect(verdict([1.02, 0.95, 1.1], [0.98, 0.8, 1.2], [1, 0.99, 1.01])).toBe(
    'prewarm: the first requests take 1.02 (0.95-1.10) of cold, no difference; time lost over 50 rounds 0.98 (0.80-1.20), no difference; steady level: no difference. It does not help here.',
  )
  expect(verdict([1.3, 1.2, 1.4], [0.9, 0.8, 1.2], [1.04, 1.01, 1.06])).toContain(
    'steady level: higher, 1.04 (1.01-1.06). It does harm here.',
  )
})

test('one or two runs prove nothing', () => {
  expect(verdict([0.2, 0.2, 0.2], [0.3, 0.3, 0.3], [1, 1, 1], 2)).toBe(
    'prewarm: the first requests take 0.20 of cold; time lost over 50 rounds 0.30; steady level: 1.00. Under 3 runs prove nothing.',
  )
})

test('losing time where the other arm lost none is harm', () => {
  expect(verdict([0.2, 0.1, 0.3], [null, null, null], [1, 0.9, 1.1])).toBe(
    'prewarm: the first requests take 0.20 (0.10-0.30) of cold; time lost over 50 rounds \u221e (\u221e-\u221e); steady level: no difference. It does harm here.',
  )
  expect(verdict([0.2, 0.1, 0.3], [0.8, 0.35, null], [1, 0.9, 1.1])).toContain(
    '0.80 (0.35-\u221e), no difference',
  )
  expect(verdictOf([], 200)).toBe('Nothing to compare: one arm was measured.')
})

test('a gain that the test does not bear out may be chance', () => {
  const first = ratioOf('firstRequestSumMs', [0.9, 0.85, 0.98])
  const judge = (holds: boolean): string =>
    verdictOf([{ ...first, proof: { p: 0.02, holds } }], 200)
  expect(judge(false)).toContain('Taken together that may be chance.')
  expect(judge(true)).not.toContain('chance')
})

test('an arm that ends slow does harm, whatever it gains before', () => {
  expect(verdict([0.31, 0.3, 0.32], [0.02, 0.02, 0.03], [5.88, 5.8, 5.9])).toContain('harm')
})

test('every arm has a sentence about the first that it is compared with', () => {
  const pair = (arm: string, against: string, first: number): readonly RatioEstimate[] => [
    { ...ratioOf('firstRequestSumMs', [first, first, first]), arm, against },
  ]
  const ratios = [
    ...pair('prewarm', 'cold', 0.2),
    ...pair('prewarm', 'node-compile-cache', 0.2),
    ...pair('node-compile-cache', 'cold', 0.9),
    ...pair('short', 'prewarm', 1.5),
    ...pair('short', 'cold', 0.3),
    ...pair('long', 'prewarm', 1),
  ]
  const sentences = verdictOf(ratios, 200).split('\n')
  expect(sentences.map((sentence) => sentence.split(';')[0])).toEqual([
    'prewarm: the first requests take 0.20 (0.20-0.20) of cold',
    'short: the first requests take 1.50 (1.50-1.50) of prewarm',
    'long: the first requests take 1.00 (1.00-1.00) of prewarm, no difference',
  ])
  expect(sentences.map((sentence) => sentence.split('measured.')[1])).toEqual([
    '',
    ' Worse than prewarm.',
    ' No better than prewarm.',
  ])
})

test('an interval is judged by its ends', () => {
  const judge = (interval: Interval, pairs?: number): string =>
    changeOf(ratioOf('cpuMs', interval, pairs))
  expect(judge([0.9, 0.8, 1])).toBe('same')
  expect(judge([0.9, 0.8, 0.99])).toBe('less')
  expect(judge([1.2, 1.01, 1.3])).toBe('more')
  expect(judge([2, 1.5, null])).toBe('more')
  expect(judge([0.5, 0.5, 0.5], 2)).toBe('unknown')
  expect(formatRatio(ratioOf('timeLost10Ms', [-0.1, -0.3, 0.05]))).toBe('-0.10 (-0.30 to 0.05)')
})
