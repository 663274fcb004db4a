import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketRange, latencyHistogram } from './latency-histogram.ts'

test('every latency is in the bucket that it is counted in, which is narrower than 1 % or a microsecond', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (latency) => {
      const [bucket] = latencyHistogram([latency])
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

test('every latency is counted once, in ascending buckets', () => {
  expect(latencyHistogram([5, 0.001, 5.001, 0.001])).toEqual([
    [1, 2],
    [expect.any(Number), 2],
  ])
  expect(latencyHistogram([])).toEqual([])
})
