import { expect, test } from 'vitest'
import { watchedMetrics } from '../../dashboard/analysis/sequential-stop.ts'
import { endingAfter, isPrecise, type EndingOptions } from './early-stop.ts'

const options: EndingOptions = {
  range: { fewest: 10, most: 40 },
  timeBudgetMs: null,
  ratiosAfter: () => [],
  elapsedMs: () => 0,
  isPrecise: () => true,
}

test('ends between the fewest and the most runs once the intervals are narrow', () => {
  expect(endingAfter(9, options)).toBeNull()
  expect(endingAfter(10, options)).toBe(
    'The intervals are narrow after 10 runs; no more are needed.',
  )
  expect(endingAfter(10, { ...options, isPrecise: () => false })).toBeNull()
  expect(endingAfter(40, options)).toBeNull()
})

test('looks at the runs so far only, and not before the fewest', () => {
  const asked: number[] = []
  const ratiosAfter = (runs: number): [] => {
    asked.push(runs)
    return []
  }
  for (const runs of [1, 9, 10, 11, 40]) endingAfter(runs, { ...options, ratiosAfter })
  expect(asked).toEqual([10, 11])
})

test('ends after the run in which the time budget is spent, and says so', () => {
  const budget = { ...options, timeBudgetMs: 600_000, isPrecise: () => false }
  expect(endingAfter(3, { ...budget, elapsedMs: () => 599_999 })).toBeNull()
  expect(endingAfter(3, { ...budget, elapsedMs: () => 600_000 })).toBe(
    'Ended after 3 of 40 runs: the time budget of 10m is spent.',
  )
  expect(endingAfter(40, { ...budget, elapsedMs: () => 600_000 })).toBeNull()
})

test('intervals are narrow at a planned look when all of the verdict are', () => {
  const range = { fewest: 10, most: 40 }
  const ratiosOf = (high: number): Parameters<typeof isPrecise>[0] =>
    watchedMetrics.map((metric) => ({
      ...{ arm: 'prewarm', against: 'cold', metric, pairs: 10 },
      ...{ ratio: 0.2, low: 0.15, high },
    }))
  expect(isPrecise(ratiosOf(0.3), 10, range)).toBe(true)
  expect(isPrecise(ratiosOf(0.3), 11, range)).toBe(false)
  expect(isPrecise(ratiosOf(0.5), 10, range)).toBe(false)
})
