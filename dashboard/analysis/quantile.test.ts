import fc from 'fast-check'
import * as oracle from 'simple-statistics'
import { expect, test } from 'vitest'
import { median, quantile } from './quantile.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
})

test('interpolates as R does: quantile(1:10, c(0, .25, .9, 1))', () => {
  const oneToTen = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5]
  expect([0, 0.25, 0.9, 1].map((p) => quantile(oneToTen, p))).toEqual([1, 3.25, 9.1, 10])
})

test('has the median of simple-statistics', () => {
  fc.assert(
    fc.property(values, (data) => {
      expect(median(data)).toBeCloseTo(oracle.median(data), 6)
    }),
  )
})

test('is within one order statistic of the quantile of simple-statistics', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (data, p) => {
      const sorted = [...data].sort((a, b) => a - b)
      const at = sorted.indexOf(oracle.quantile(data, p))
      // simple-statistics takes the mean of two neighbours at some steps; then it is no sample itself.
      if (at === -1) return
      const last = sorted.lastIndexOf(sorted[at] ?? NaN)
      expect(quantile(data, p)).toBeGreaterThanOrEqual(sorted[at - 1] ?? -Infinity)
      expect(quantile(data, p)).toBeLessThanOrEqual(sorted[last + 1] ?? Infinity)
    }),
  )
})

test('leaves its input in its order and says NaN of nothing', () => {
  const data = [3, 1, 2]
  expect(median(data)).toBe(2)
  expect(data).toEqual([3, 1, 2])
  expect(median([])).toBeNaN()
})

test('has an infinite value only where one is in the middle', () => {
  expect(median([1, 2, Infinity])).toBe(2)
  expect(median([1, Infinity])).toBe(Infinity)
  expect(median([1, Infinity, Infinity, Infinity])).toBe(Infinity)
  expect(quantile([1, 2, Infinity], 0.5)).toBe(2)
})
