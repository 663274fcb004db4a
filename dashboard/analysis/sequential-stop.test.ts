import { expect, test } from 'vitest'
import type { MetricName, RatioEstimate } from '../../formats/compare-report.ts'
import { halfWidth, levelOfLooks, mayStop, nextLook, plannedLooks } from './sequential-stop.ts'

function ratioOf(
  metric: MetricName,
  ratio: number | null,
  low: number | null,
  high: number | null,
): RatioEstimate {
  return { arm: 'prewarm', against: 'cold', metric, ratio, low, high, pairs: 10 }
}

const narrow = [
  ratioOf('firstRequestSumMs', 0.1, 0.08, 0.12),
  ratioOf('timeLost50Ms', 0.2, 0.12, 0.3),
  ratioOf('steadySumMs', 1, 0.95, 1.04),
]

test('looks are planned from the least to the most runs, and never at fewer than 6', () => {
  expect(plannedLooks(10, 40)).toEqual([10, 15, 20, 30, 40])
  expect(plannedLooks(3, 20)).toEqual([6, 10, 15, 20])
  expect(plannedLooks(12, 25)).toEqual([12, 15, 20, 25])
  expect(plannedLooks(10, 10)).toEqual([10])
  expect(plannedLooks(10, 5)).toEqual([5])
  expect(plannedLooks(6, 100)).toEqual([6, 10, 15, 20, 30, 40, 100])
})

test('the more looks and intervals, the wider the intervals', () => {
  expect(levelOfLooks([10], 1)).toBeCloseTo(0.95, 9)
  expect(levelOfLooks([10, 15, 20], 1)).toBeCloseTo(0.9779, 9)
  expect(levelOfLooks([10, 15, 20, 30, 40], 1)).toBeCloseTo(0.9842, 9)
  expect(levelOfLooks([10, 15, 20, 30, 40])).toBeCloseTo(1 - 0.0158 / 3, 9)
})

test('ends at a look when all watched intervals are narrow, not in between', () => {
  const looks = plannedLooks(10, 40)
  expect(mayStop({ ratios: narrow, runs: 10, looks })).toEqual({ stop: true, why: 'precise' })
  expect(mayStop({ ratios: narrow, runs: 12, looks })).toEqual({
    stop: false,
    nextLook: 15,
    widest: null,
  })
  expect(mayStop({ ratios: narrow, runs: 3, looks })).toMatchObject({ stop: false, nextLook: 10 })
})

test('goes on while one watched interval is wide, and names the widest', () => {
  const wide = ratioOf('timeLost50Ms', 0.2, -0.1, 0.5)
  const infinite = ratioOf('timeLost50Ms', null, 3, null)
  const looks = plannedLooks(10, 40)
  expect(mayStop({ ratios: [...narrow, wide], runs: 15, looks })).toEqual({
    stop: false,
    nextLook: 20,
    widest: wide,
  })
  expect(mayStop({ ratios: [infinite, ...narrow, wide], runs: 15, looks })).toMatchObject({
    widest: infinite,
  })
  expect(mayStop({ ratios: [...narrow, wide], runs: 15, looks, target: 0.4 })).toMatchObject({
    stop: true,
  })
})

test('the width of what is not watched does not matter, and without ratios nothing is precise', () => {
  const looks = plannedLooks(10, 40)
  const memory = ratioOf('rssBytes', 1, 0.2, 3)
  expect(mayStop({ ratios: [...narrow, memory], runs: 10, looks })).toMatchObject({ stop: true })
  expect(mayStop({ ratios: [], runs: 10, looks })).toMatchObject({ stop: false, widest: null })
})

test('ends after the most runs, however wide', () => {
  const looks = plannedLooks(10, 40)
  expect(nextLook(looks, 30)).toBe(40)
  expect(nextLook(looks, 40)).toBeNull()
  const wide = [ratioOf('timeLost50Ms', null, null, null)]
  expect(mayStop({ ratios: wide, runs: 40, looks })).toEqual({ stop: true, why: 'spent' })
})

test('the half width is a share of the ratio above 1, and of the other arm below', () => {
  expect(halfWidth({ ratio: 4, low: 3, high: 5 })).toBeCloseTo(0.25, 9)
  expect(halfWidth({ ratio: 0.05, low: 0.02, high: 0.08 })).toBeCloseTo(0.03, 9)
  expect(halfWidth({ ratio: -0.2, low: -0.3, high: 0.1 })).toBeCloseTo(0.2, 9)
  expect(halfWidth({ ratio: 2, low: 1, high: null })).toBe(Infinity)
})
