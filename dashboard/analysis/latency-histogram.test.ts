import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bucketRange,
  histogramQuantile,
  latencyHistogram,
  mergeHistograms,
} from './latency-histogram.ts'
import { seededRandom } from './seeded-random.ts'

const latencies = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 60 })

test('every latency is in the bucket that it is counted in, which is narrower than 1 % or a microsecond', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (latency) => {
      const [bucket] = latencyHistogram([latency]).buckets
      expect(bucket?.[1]).toBe(1)
      const { fromMs, toMs } = bucketRange(bucket?.[0] ?? -1)
      expect(fromMs).toBeLessThanOrEqual(latency + 1e-12)
      expect(toMs).toBeGreaterThan(latency * (1 - 1e-12))
      expect(toMs - fromMs).toBeLessThanOrEqual(Math.max(0.001001, latency * 0.01))
    }),
  )
})

test('buckets follow each other without a gap', () => {
  for (let index = 0; index < 4000; index++) {
    expect(bucketRange(index).toMs).toBe(bucketRange(index + 1).fromMs)
  }
})

test('the histogram of all runs is that of all their latencies', () => {
  fc.assert(
    fc.property(latencies, latencies, latencies, (one, other, third) => {
      const all = latencyHistogram([...one, ...other, ...third])
      const merged = mergeHistograms([one, other, third].map(latencyHistogram))
      expect(merged).toEqual(all)
    }),
  )
  expect(mergeHistograms([]).count).toBe(0)
})

test('quantiles are those of the latencies to two digits, the ends exactly', () => {
  const random = seededRandom(9)
  const values = Float64Array.from({ length: 5000 }, () => 0.3 * Math.exp(5 * random()))
  const histogram = latencyHistogram(values)
  const sorted = values.toSorted()
  for (const p of [0.01, 0.5, 0.9, 0.99, 0.999]) {
    const exact = sorted[Math.ceil(p * 5000) - 1] ?? NaN
    expect(Math.abs(histogramQuantile(histogram, p) / exact - 1)).toBeLessThan(0.005)
  }
  expect(histogramQuantile(histogram, 0)).toBe(sorted[0])
  expect(histogramQuantile(histogram, 1)).toBe(sorted.at(-1))
  expect(histogramQuantile(latencyHistogram([]), 0.5)).toBeNaN()
})
