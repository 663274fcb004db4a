import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bandOverTime, bandPerRound, thinBand, type CurveBand } from './curve-bands.ts'
import { quantile } from './quantile.ts'
import { seededRandom } from './seeded-random.ts'
import type { RunSample } from './warmup-metrics.ts'

function runOf(rounds: readonly (readonly number[])[]): RunSample {
  return {
    timeToListenMs: 300,
    requestCount: rounds[0]?.length ?? 0,
    latenciesMs: Float64Array.from(rounds.flat()),
    cpuMs: 900,
    rssBytes: 64e6,
  }
}

test('median and band of a round are quantiles over the runs', () => {
  const runs = [5, 1, 4, 2, 3].map((ms) =>
    runOf([
      [ms, 10],
      [ms, ms],
    ]),
  )
  const band = bandPerRound(runs)
  expect([...band.x]).toEqual([1, 2])
  expect([...band.median]).toEqual([13, 6])
  expect(band.low[0]).toBeCloseTo(10 + quantile([1, 2, 3, 4, 5], 0.1), 9)
  expect(band.high[1]).toBeCloseTo(2 * quantile([1, 2, 3, 4, 5], 0.9), 9)
  const quartiles = bandPerRound(runs, { quantiles: [0.25, 0.75] })
  expect([quartiles.low[0], quartiles.high[0]]).toEqual([12, 14])
})

test('only the requests that are asked for count', () => {
  const band = bandPerRound(
    [
      runOf([
        [1, 10, 100],
        [2, 20, 200],
      ]),
    ],
    { requests: [0, 2] },
  )
  expect([...band.median]).toEqual([101, 202])
})

test('ends with the shortest run, and is empty without runs', () => {
  expect(bandPerRound([runOf([[1], [2], [3]]), runOf([[1], [2]])]).x).toHaveLength(2)
  expect(bandPerRound([]).x).toHaveLength(0)
  expect(bandOverTime([]).x).toHaveLength(0)
})

test('over time, a run shows the round that it is in', () => {
  // One has rounds of 4, 2, 2, 2 ms; the other of 2 ms each.
  const runs = [runOf([[4], [2], [2], [2]]), runOf([[2], [2], [2], [2], [2]])]
  const band = bandOverTime(runs, { points: 10, quantiles: [0, 1] })
  expect([...band.x]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([...band.high]).toEqual([4, 4, 4, 4, 2, 2, 2, 2, 2, 2])
  expect([...band.low]).toEqual(new Array(10).fill(2))
  expect([...bandOverTime(runs, { points: 2, endMs: 6 }).x]).toEqual([0, 3])
  expect(bandOverTime(runs, { points: 4, endMs: 99 }).x.at(-1)).toBe(7.5)
})

test('the time of a run is that of all its requests, even where only some are shown', () => {
  const band = bandOverTime(
    [
      runOf([
        [1, 7],
        [2, 8],
      ]),
    ],
    { points: 9, requests: [0] },
  )
  expect([...band.x]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16])
  expect([...band.median]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2])
})

test('thinning keeps the ends, the order and every extreme, and no more points than asked for', () => {
  const random = seededRandom(2)
  const median = Float64Array.from({ length: 10_000 }, () => random())
  median[0] = 50
  median[4321] = 99
  median[7777] = -5
  const x = median.map((_, index) => index)
  const thin = thinBand({ x, median, low: x, high: x }, 400)
  expect(thin.x.length).toBeLessThanOrEqual(400)
  expect(thin.x.length).toBeGreaterThan(380)
  expect([...thin.x]).toEqual([...thin.x].sort((a, b) => a - b))
  expect(thin.x[0]).toBe(0)
  expect(thin.x.at(-1)).toBe(9999)
  expect([Math.max(...thin.median), Math.min(...thin.median)]).toEqual([99, -5])
  expect(thin.x).toContain(4321)
  expect(thin.high).toEqual(thin.x)
})

test('thinning leaves what is short enough as it is, and is safe with any number', () => {
  const bandOf = (length: number): CurveBand => {
    const x = Float64Array.from({ length }, (_, index) => index)
    return { x, median: x, low: x, high: x }
  }
  expect(thinBand(bandOf(5), 5)).toEqual(bandOf(5))
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 80 }), (length, maxPoints) => {
      const { x } = thinBand(bandOf(length), maxPoints)
      expect(x.length).toBeLessThanOrEqual(maxPoints)
      expect(new Set(x).size).toBe(x.length)
      if (length > 0) expect(x[0]).toBe(0)
    }),
  )
})
