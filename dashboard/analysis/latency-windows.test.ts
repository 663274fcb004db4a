import { expect, test } from 'vitest'
import { latencyWindows } from './latency-windows.ts'
import { quantile } from './quantile.ts'
import type { RunSample } from './warmup-metrics.ts'

function runOf(latencies: readonly number[], requestCount: number): RunSample {
  return {
    timeToListenMs: 300,
    requestCount,
    latenciesMs: Float64Array.from(latencies),
    cpuMs: 900,
    rssBytes: 64e6,
  }
}

test('a window has the percentiles of all requests of all runs in its rounds', () => {
  const one = [90, 40, 8, 7, 2, 1, 2, 1, 3, 1]
  const other = [70, 60, 9, 5, 1, 1, 2, 2, 1, 4]
  const windows = latencyWindows([runOf(one, 2), runOf(other, 2)], 2)
  expect(windows.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [2, 4],
    [4, 5],
  ])
  const first = [...one.slice(0, 4), ...other.slice(0, 4)]
  expect(windows[0]).toMatchObject({
    p50Ms: quantile(first, 0.5),
    p90Ms: quantile(first, 0.9),
    p99Ms: quantile(first, 0.99),
    maxMs: 90,
  })
  expect(windows[2]).toMatchObject({ p50Ms: 2, maxMs: 4 })
})

test('ends with the shortest run, and has no windows without runs', () => {
  expect(latencyWindows([runOf([1, 2, 3], 1), runOf([1, 2], 1)], 1)).toHaveLength(2)
  expect(latencyWindows([], 10)).toEqual([])
})
