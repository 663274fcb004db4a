import { expect, test } from 'vitest'
import {
  compareArms,
  compareRoutes,
  medianCurves,
  pairedRatio,
  pairsOf,
  shownPairs,
} from './compare-arms.ts'
import { seededRandom } from './seeded-random.ts'
import type { RunSample } from './warmup-metrics.ts'

/** Two requests, 60 rounds: `extraMs` more in the first round than the steady 1 and 2 ms, times `factor`. */
function runOf(extraMs: number, factor = 1): RunSample {
  return {
    timeToListenMs: 100 * factor,
    requestCount: 2,
    latenciesMs: Float64Array.from(
      Array.from({ length: 60 }, (_, round) =>
        round === 0 ? [(1 + extraMs) * factor, 2 * factor] : [factor, 2 * factor],
      ).flat(),
    ),
    cpuMs: 500,
    rssBytes: 50e6,
  }
}

const loads = [1, 1.4, 0.9, 2.1, 1.1]
const arms = [
  { name: 'cold', runs: loads.map((load) => runOf(97, load)) },
  { name: 'prewarm', runs: loads.map((load) => runOf(7, load)) },
]

test('a load that slows all arms of a run alike cancels out of the ratio, not out of the medians', () => {
  const { arms: summaries, ratios } = compareArms(arms, 1)
  const first = ratios.find((ratio) => ratio.metric === 'firstRequestSumMs')
  expect(first).toMatchObject({ arm: 'prewarm', against: 'cold', pairs: 5 })
  expect(first?.ratio).toBeCloseTo(0.1, 9)
  expect(first?.low).toBeCloseTo(0.1, 9)
  expect(first?.high).toBeCloseTo(0.1, 9)
  const cold = summaries.find((arm) => arm.name === 'cold')
  expect(cold?.metrics.firstRequestSumMs.median).toBeCloseTo(110, 9)
  expect(cold?.metrics.firstRequestSumMs.low).toBeLessThan(110)
  expect(cold?.metrics.firstRequestSumMs.high).toBeGreaterThan(110)
  expect(ratios.find((ratio) => ratio.metric === 'timeLost50Ms')?.ratio).toBeCloseTo(7 / 97, 9)
})

test('differences are those within the runs, in the unit of the metric', () => {
  const { differences } = compareArms(arms, 1)
  const first = differences.find(({ metric }) => metric === 'firstRequestSumMs')
  expect(first).toMatchObject({ arm: 'prewarm', against: 'cold', pairs: 5 })
  expect(first?.difference).toBeCloseTo(-90 * 1.1, 9)
  expect(first?.low).toBeCloseTo(-90 * 2.1, 9)
  expect(first?.high).toBeCloseTo(-90 * 0.9, 9)
})

test('the same seed gives the same report', () => {
  expect(compareArms(arms, 3)).toEqual(compareArms(arms, 3))
})

test('compares prewarm with every arm, and the compile cache of Node with cold', () => {
  expect(pairsOf(['cold', 'node-compile-cache', 'prewarm'])).toEqual([
    { arm: 'prewarm', against: 'cold' },
    { arm: 'prewarm', against: 'node-compile-cache' },
    { arm: 'node-compile-cache', against: 'cold' },
  ])
  expect(pairsOf(['prewarm'])).toEqual([])
})

const names = (pairs: ReturnType<typeof pairsOf>): readonly string[] =>
  pairs.map(({ arm, against }) => `${arm}/${against}`)

test('what users define is compared with prewarm and cold, or with the first arm where there is neither', () => {
  expect(names(pairsOf(['cold', 'prewarm', 'short', 'long']))).toEqual([
    'prewarm/cold',
    'short/prewarm',
    'short/cold',
    'long/prewarm',
    'long/cold',
  ])
  expect(names(pairsOf(['cold', 'short']))).toEqual(['short/cold'])
  expect(names(pairsOf(['short', 'long', 'longer']))).toEqual(['long/short', 'longer/short'])
})

test('every other arm is compared with the one that is asked for, unless it could not be measured', () => {
  const pairs = pairsOf(['cold', 'prewarm', 'short'], 'short')
  expect(names(pairs)).toEqual(['cold/short', 'prewarm/short'])
  expect(names(shownPairs(pairs))).toEqual(names(pairs))
  expect(names(pairsOf(['cold', 'prewarm'], 'node-compile-cache'))).toEqual(['prewarm/cold'])
  const { ratios } = compareArms(arms, 1, 'prewarm')
  expect(ratios[0]).toMatchObject({ arm: 'cold', against: 'prewarm' })
})

test('people are not shown how the references of prewarm compare among themselves', () => {
  const shown = (...measured: readonly string[]): readonly string[] =>
    names(shownPairs(pairsOf(measured)))
  expect(shown('cold', 'node-compile-cache', 'prewarm', 'short')).toEqual([
    'prewarm/cold',
    'prewarm/node-compile-cache',
    'short/prewarm',
    'short/cold',
  ])
  expect(shown('cold', 'node-compile-cache')).toEqual(['node-compile-cache/cold'])
})

test('runs in which the other arm lost nothing count against the one that did', () => {
  const random = seededRandom(1)
  const lost = Array.from({ length: 10 }, () => 26)
  const seldom = [-5, -4, -3.5, -3.5, -3, -2, 0, 60, 70, 80]
  expect(pairedRatio(lost, seldom, random)).toMatchObject({ ratio: null, high: null, pairs: 10 })
  const mostly = [-5, 60, 62, 64, 66, 68, 70, 75, 78, 80]
  const { ratio, low, high } = pairedRatio(lost, mostly, random)
  expect(ratio).toBeCloseTo((26 / 66 + 26 / 68) / 2, 9)
  expect(low).toBeGreaterThanOrEqual(26 / 80)
  expect(high).toBeLessThanOrEqual(26 / 60)
  expect(pairedRatio([-1, -2, -3], [-4, 0, -1], random)).toMatchObject({ ratio: 1 })
})

test('a figure of the verdict is tested from as many runs on as could prove anything', () => {
  const proofs = (runs: number, level?: number): readonly unknown[] => {
    const slower = Array.from({ length: runs }, (_, run) => runOf(20 + run))
    const faster = Array.from({ length: runs }, (_, run) => runOf(2 + run))
    const { ratios } = compareArms(
      [
        { name: 'cold', runs: slower },
        { name: 'prewarm', runs: faster },
      ],
      1,
      undefined,
      level,
      level,
    )
    return ['firstRequestSumMs', 'cpuMs'].map(
      (metric) => ratios.find((ratio) => ratio.metric === metric)?.proof,
    )
  }
  expect(proofs(6)).toEqual([undefined, undefined])
  expect(proofs(7)).toEqual([{ p: 2 / 2 ** 7, holds: true }, undefined])
  expect(proofs(8, 0.995)).toEqual([undefined, undefined])
  expect(proofs(9, 0.995)).toEqual([{ p: 2 / 2 ** 9, holds: true }, undefined])
})

test('one or two runs give a ratio without an interval', () => {
  const random = seededRandom(1)
  expect(pairedRatio([3], [6], random)).toEqual({ ratio: 0.5, low: 0.5, high: 0.5, pairs: 1 })
  expect(pairedRatio([3, 1], [6, -1], random)).toMatchObject({ ratio: null, pairs: 2 })
  expect(pairedRatio([3], [0], random)).toMatchObject({ ratio: null, pairs: 1 })
})

test('a numerator below zero keeps its sign: nothing was lost', () => {
  expect(pairedRatio([-1, -2, -3], [10, 10, 10], seededRandom(1)).ratio).toBeCloseTo(-0.2, 9)
})

test('curves and routes are medians over the runs', () => {
  const [cold] = medianCurves(arms)
  expect(cold?.arm).toBe('cold')
  expect(cold?.roundSumMs).toHaveLength(60)
  expect(cold?.roundSumMs.slice(0, 2)).toEqual([110, 3.3])
  expect(compareRoutes(arms, ['GET /a', 'GET /a'])).toEqual([
    {
      route: 'GET /a',
      arms: [
        { name: 'cold', firstMs: 55, steadyMs: 1.65 },
        { name: 'prewarm', firstMs: 5.5, steadyMs: 1.65 },
      ],
    },
  ])
  expect(compareRoutes(arms, ['GET /a', 'GET /b'])[1]?.arms[0]?.firstMs).toBe(2.2)
})
