import { expect, it } from 'vitest'
import { RouteLatency } from './latency.ts'

it('cold is the first ten, steady the last 256', () => {
  const latency = new RouteLatency()
  for (let index = 0; index < 10; index++) latency.add(100)
  for (let index = 0; index < 990; index++) latency.add(50)
  for (let index = 0; index < 256; index++) latency.add(index < 128 ? 1 : 3)
  expect(latency.count).toBe(1256)
  expect(latency.cold()).toEqual({
    count: 10,
    meanMs: 100,
    p50Ms: 100,
    p90Ms: 100,
    p99Ms: 100,
    maxMs: 100,
  })
  expect(latency.steady()).toMatchObject({ count: 256, meanMs: 2, p50Ms: 3, maxMs: 3 })
})

it('the curve holds every request once, in buckets that grow', () => {
  const latency = new RouteLatency()
  for (let index = 1; index <= 5000; index++) latency.add(index)
  const points = latency.curve()
  expect(points[0]).toEqual({ first: 1, count: 1, meanMs: 1 })
  expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(5000)
  points.forEach(({ first, count, meanMs }) => {
    expect(meanMs).toBeCloseTo(first + (count - 1) / 2, 6)
  })
  expect(points.length).toBeLessThan(60)
})

it('a route without requests has no numbers that are not numbers', () => {
  const latency = new RouteLatency()
  expect(latency.cold()).toMatchObject({ count: 0, meanMs: 0, p99Ms: 0 })
  expect(latency.curve()).toEqual([])
})
