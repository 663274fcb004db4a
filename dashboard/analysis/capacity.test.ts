import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capacityLostClosed, capacityLostOpen } from './capacity.ts'
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

const levels = Float64Array.of(1, 3)
/** 40 ms in the first round, 8 in the second, 4 from then on: 40 ms lost. */
const settling = runOf([[30, 10], [4, 4], ...Array.from({ length: 500 }, () => [1, 3])])

test('a closed loop lacks the requests that the time lost would have served', () => {
  // In 100 ms: 40 ms lost, so 15 of 25 rounds.
  expect(capacityLostClosed(settling, levels, 100)).toBeCloseTo(0.4, 9)
  expect(capacityLostClosed(settling, levels, 1000)).toBeCloseTo(0.04, 9)
  // Within the first request: half of it is half of 1 ms of work, in 15 ms.
  expect(capacityLostClosed(settling, levels, 15)).toBeCloseTo(14.5 / 15, 9)
})

test('an open loop loses the excess of the requests that arrive in the span', () => {
  // 2 requests in 100 ms: 36 of 100 ms.
  expect(capacityLostOpen(settling, levels, 20, 100)).toBeCloseTo(0.36, 9)
  expect(capacityLostOpen(settling, levels, 20, 1000)).toBeCloseTo(0.04, 9)
  // Half of the first request arrives.
  expect(capacityLostOpen(settling, levels, 5, 100)).toBeCloseTo(0.145, 9)
  // More arrive than it can serve at first.
  expect(capacityLostOpen(settling, levels, 1000, 20)).toBeCloseTo(2, 9)
})

test('what comes after the measured rounds is taken to be steady', () => {
  const short = runOf([[30, 10]])
  expect(capacityLostClosed(short, levels, 400)).toBeCloseTo(36 / 400, 9)
  expect(capacityLostOpen(short, levels, 100, 1000)).toBeCloseTo(36 / 1000, 9)
})

test('a steady process loses nothing, a faster start wins, no span has no share', () => {
  const steady = runOf(Array.from({ length: 9 }, () => [1, 3]))
  expect(capacityLostClosed(steady, levels, 17)).toBeCloseTo(0, 12)
  expect(capacityLostOpen(steady, levels, 50, 200)).toBe(0)
  const fast = runOf([[0.5, 1.5], ...Array.from({ length: 9 }, () => [1, 3])])
  expect(capacityLostClosed(fast, levels, 10)).toBeCloseTo(-0.2, 9)
  expect(capacityLostClosed(steady, levels, 0)).toBeNaN()
  expect(capacityLostOpen(steady, levels, 50, 0)).toBeNaN()
})

test('no more is lost than all, nothing while every request takes its level, and the unit makes no difference', () => {
  const rounds = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 3, max: 90 })),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  fc.assert(
    fc.property(rounds, fc.integer({ min: 1, max: 4000 }), (latencies, spanMs) => {
      const lost = capacityLostClosed(runOf(latencies), levels, spanMs)
      expect(lost).toBeGreaterThanOrEqual(-1e-9)
      expect(lost).toBeLessThan(1)
      const scaled = latencies.map(([one, other]) => [one * 8, other * 8])
      expect(
        capacityLostClosed(
          runOf(scaled),
          levels.map((ms) => ms * 8),
          spanMs * 8,
        ),
      ).toBeCloseTo(lost, 9)
    }),
  )
})
