import { expect, test } from 'vitest'
import { endingAfter, type EndingOptions } from './early-stop.ts'

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
