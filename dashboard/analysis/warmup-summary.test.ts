import { expect, test } from 'vitest'
import { bandOverTime } from './curve-bands.ts'
import type { RunSample } from './warmup-metrics.ts'
import { warmupsOf } from './warmup-summary.ts'

/** 20 rounds of twice 30 ms, then 80 of twice 10 ms and a little. */
const run: RunSample = {
  timeToListenMs: 300,
  requestCount: 2,
  latenciesMs: Float64Array.from({ length: 200 }, (_, index) =>
    index < 40 ? 30 : 10 + (index % 6) / 100,
  ),
  cpuMs: 900,
  rssBytes: 64e6,
}

test('a closed loop has the latencies as its clock, an open one its rate', () => {
  const [closed] = warmupsOf([{ name: 'cold', runs: [run] }], 1, null)
  const [open] = warmupsOf([{ name: 'cold', runs: [run] }], 1, 10)
  expect(closed).toMatchObject({ class: 'warmup', roundsToSteady: { median: 20 } })
  expect(open).toMatchObject({ class: 'warmup', roundsToSteady: { median: 20 } })
  expect(closed?.msToSteady?.median).toBe(40 * 30)
  expect(open?.msToSteady?.median).toBe(40 * 100)
  // In 10 s of the open loop are half of the requests; about 20 ms too long are 40 of them.
  expect(open?.capacityLost.median).toBeCloseTo((40 * 20) / 10_000, 2)

  const { x } = bandOverTime([run], { ratePerSecond: 10, points: 100 })
  expect(x.at(-1)).toBeCloseTo(200 * 100 * 0.99)
})
