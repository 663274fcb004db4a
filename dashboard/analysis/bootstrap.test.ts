import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bootstrapMedian } from './bootstrap.ts'
import { median } from './quantile.ts'
import { seededRandom, type Random } from './seeded-random.ts'

test('the same seed gives the same interval, another one nearly the same', () => {
  const values = [10, 12, 9, 14, 11, 13, 10.5, 12.5, 30, 11.5]
  const first = bootstrapMedian(values, { random: seededRandom(1) })
  expect(bootstrapMedian(values, { random: seededRandom(1) })).toEqual(first)
  expect(first.median).toBe(11.75)
  const other = bootstrapMedian(values, { random: seededRandom(2) })
  expect(Math.abs(other.low - first.low)).toBeLessThan(0.6)
  expect(first.high).toBeLessThan(15)
})

test('the interval holds the median, lies within the data and moves with them', () => {
  const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 20 })
  fc.assert(
    fc.property(samples, fc.integer({ min: -50, max: 50 }), (values, shift) => {
      const options = { resamples: 300 }
      const plain = bootstrapMedian(values, { ...options, random: seededRandom(7) })
      expect(plain.median).toBe(median(values))
      expect(plain.low).toBeGreaterThanOrEqual(Math.min(...values))
      expect(plain.high).toBeLessThanOrEqual(Math.max(...values))
      expect(plain.low).toBeLessThanOrEqual(plain.high)
      const moved = bootstrapMedian(
        values.map((value) => value + shift),
        { ...options, random: seededRandom(7) },
      )
      expect(moved.low).toBeCloseTo(plain.low + shift, 6)
      expect(moved.high).toBeCloseTo(plain.high + shift, 6)
    }),
    { numRuns: 60 },
  )
})

test('about 95 of 100 intervals over 10 skewed runs hold the true median', () => {
  const random = seededRandom(42)
  const trials = 400
  let hits = 0
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: 10 }, () => logNormal(random))
    const { low, high } = bootstrapMedian(values, { random, resamples: 500 })
    if (low <= 1 && high >= 1) hits++
  }
  expect(hits / trials).toBeGreaterThan(0.88)
  expect(hits / trials).toBeLessThan(0.99)
})

test('one or two values make no interval', () => {
  const random = seededRandom(1)
  expect(bootstrapMedian([5], { random })).toEqual({ median: 5, low: 5, high: 5 })
  expect(bootstrapMedian([4, 6], { random })).toEqual({ median: 5, low: 5, high: 5 })
})

test('the generator is uniform enough and gives the published first number of seed 0', () => {
  const random = seededRandom(0)
  expect(random()).toBeCloseTo(0.26642920868471265, 12)
  const buckets = new Array<number>(10).fill(0)
  for (let index = 0; index < 100_000; index++) {
    const bucket = Math.floor(random() * 10)
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

/** Median 1, by Box and Muller. */
function logNormal(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.exp(0.5 * normal)
}
