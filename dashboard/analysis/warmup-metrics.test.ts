import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  pooledLevels,
  roundSums,
  steadyLevels,
  timeLostMs,
  warmupMetrics,
  type RunSample,
} from './warmup-metrics.ts'

function runOf(rounds: readonly (readonly number[])[], rest: Partial<RunSample> = {}): RunSample {
  return {
    timeToListenMs: 300,
    requestCount: rounds[0]?.length ?? 0,
    latenciesMs: Float64Array.from(rounds.flat()),
    cpuMs: 900,
    rssBytes: 64e6,
    ...rest,
  }
}

/** Two requests that settle at 1 and 2 ms and lose 30 and 10 ms in the first round, 3 and 1 in the second. */
const settling = runOf(
  Array.from({ length: 300 }, (_, round) =>
    round === 0 ? [31, 12] : round === 1 ? [4, 3] : [1, 2],
  ),
)

test('a run that settles loses exactly what its first rounds are above its level', () => {
  const metrics = warmupMetrics(settling, steadyLevels(settling))
  expect(metrics.timeToListenMs).toBe(300)
  expect(metrics.cpuMs).toBe(900)
  expect(metrics.rssBytes).toBe(64e6)
  expect(metrics.firstRequestSumMs).toBe(43)
  expect(metrics.steadySumMs).toBeCloseTo(3, 9)
  for (const lostMs of [metrics.timeLost10Ms, metrics.timeLost50Ms, metrics.timeLost200Ms]) {
    expect(lostMs).toBeCloseTo(44, 9)
  }
  expect(metrics.timeLost50PooledMs).toBeCloseTo(44, 9)
  // 20 latencies, so the 99th percentile is 0.81 of the way from 12 up to 31.
  expect(metrics.p99First10Ms).toBeCloseTo(12 + 0.81 * 19, 9)
})

test('the level is the mean of the last third, so that regular pauses are not taken for warm-up', () => {
  const pausing = runOf(Array.from({ length: 300 }, (_, round) => [round % 10 === 9 ? 11 : 1]))
  expect(steadyLevels(pausing)[0]).toBeCloseTo(2, 9)
  expect(timeLostMs(pausing, steadyLevels(pausing), 200)).toBeCloseTo(0, 9)
})

test('an arm that ends slow hides its loss against its own level, not against the pooled one', () => {
  const fast = runOf(Array.from({ length: 90 }, () => [1]))
  const slow = runOf(Array.from({ length: 90 }, () => [3]))
  const pooled = pooledLevels([steadyLevels(fast), steadyLevels(slow)])
  expect(pooled[0]).toBeCloseTo(2, 9)
  expect(warmupMetrics(slow, pooled).timeLost50Ms).toBeCloseTo(0, 9)
  expect(warmupMetrics(slow, pooled).timeLost50PooledMs).toBeCloseTo(50, 9)
  expect(warmupMetrics(fast, pooled).timeLost50PooledMs).toBeCloseTo(-50, 9)
})

test('time lost is clipped to the rounds there are, and a single round is its own level', () => {
  const short = runOf([[9], [5], [1]])
  expect(warmupMetrics(short, steadyLevels(short)).timeLost200Ms).toBeCloseTo(12, 9)
  expect(steadyLevels(runOf([[7, 8]]))).toEqual(Float64Array.of(7, 8))
})

test('the curve adds up the requests of a round', () => {
  expect(
    roundSums(
      runOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ),
  ).toEqual([6, 15])
})

test('time lost does not change when every latency grows by the same amount, and scales with them', () => {
  const rounds = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })),
    {
      minLength: 3,
      maxLength: 80,
    },
  )
  fc.assert(
    fc.property(rounds, fc.integer({ min: 1, max: 9 }), (latencies, amount) => {
      const lostOf = (change: (ms: number) => number): number => {
        const run = runOf(latencies.map((round) => round.map(change)))
        return timeLostMs(run, steadyLevels(run), 50)
      }
      const plain = lostOf((ms) => ms)
      expect(lostOf((ms) => ms + amount)).toBeCloseTo(plain, 6)
      expect(lostOf((ms) => ms * amount)).toBeCloseTo(plain * amount, 6)
    }),
  )
})
