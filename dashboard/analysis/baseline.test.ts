import { expect, test } from 'vitest'
import { examplePlan, exampleRun } from '../../formats/fixtures/example-results.ts'
import type { Results, ResultsPlan } from '../../formats/results.ts'
import { unpairedRatio, withBaseline, type Baseline } from './baseline.ts'
import { evaluate } from './evaluate.ts'
import { seededRandom } from './seeded-random.ts'

const plan: ResultsPlan = {
  ...examplePlan,
  rounds: 100,
  requests: examplePlan.requests.slice(0, 1),
  arms: examplePlan.arms.map((arm) => ({ ...arm, kind: 'cold', mayStayCold: 'yes' })),
}

/** Every run begins with `firstMs` (a little more from run to run) and is steady at 1 ms. */
function resultsOf(
  firstMs: Readonly<Record<string, number>>,
  changes: Partial<ResultsPlan> = {},
): Results {
  const own = { ...plan, ...changes }
  const runs = Object.entries(firstMs).flatMap(([arm, first]) =>
    [1, 2, 3, 4, 5, 6].map((run) =>
      exampleRun(arm, run, {
        latenciesMs: new Float64Array(own.rounds).fill(1).fill(first + run, 0, 1),
        statuses: new Uint16Array(own.rounds).fill(200),
        report: null,
      }),
    ),
  )
  return { plan: { ...own, runs: 6 }, runs, leftOut: [] }
}

const here = resultsOf({ cold: 100, prewarm: 50 })

function compare(baseline: Baseline): ReturnType<typeof withBaseline> {
  return withBaseline(evaluate(here), here, baseline)
}

function baselineOf(results: Results): Baseline {
  return { name: 'main.jsonl', kind: 'results', results }
}

test('shows how each arm has changed since, with an interval', () => {
  const { baseline, warnings } = compare(baselineOf(resultsOf({ cold: 100, prewarm: 25 })))
  expect(baseline).toMatchObject({ name: 'main.jsonl', runs: 6 })
  const first = baseline?.ratios.filter(({ metric }) => metric === 'firstRequestSumMs') ?? []
  const [cold, prewarm] = first
  expect(cold).toMatchObject({ arm: 'cold', against: 'baseline', ratio: 1, pairs: 6 })
  expect(cold?.low).toBeLessThan(1)
  expect(cold?.high).toBeGreaterThan(1)
  expect(prewarm?.ratio).toBeCloseTo(53.5 / 28.5, 9)
  expect(prewarm?.low).toBeGreaterThan(1.5)
  expect(warnings).toEqual([])
})

test('a report has no runs, and so gives ratios without intervals', () => {
  const there = resultsOf({ cold: 200, prewarm: 50 })
  const { baseline } = compare({ name: 'r.json', kind: 'report', report: evaluate(there) })
  const first = baseline?.ratios.find(({ metric }) => metric === 'firstRequestSumMs')
  expect(first).toMatchObject({ arm: 'cold', pairs: 0 })
  expect(first?.ratio).toBeCloseTo(103.5 / 203.5, 9)
  expect([first?.low, first?.high]).toEqual([first?.ratio, first?.ratio])
})

test('says what else is different', () => {
  const there = resultsOf(
    { cold: 100 },
    {
      rounds: 50,
      arms: plan.arms.slice(0, 1),
      load: { kind: 'open', ratePerSecond: 200 },
      machine: { ...plan.machine, cores: 8 },
      requests: plan.requests.map((request) => ({ ...request, path: '/other' })),
    },
  )
  expect(compare(baselineOf(there)).warnings).toEqual([
    'The baseline was measured on linux x64, 8 x a CPU, this on linux x64, 2 x a CPU.',
    'The baseline was measured with 200 requests a second, this with a closed loop.',
    'The baseline was measured over 50 rounds, this over 100 rounds.',
    'The baseline was measured with other requests, so that sums cannot be compared.',
    'Not in the baseline: prewarm.',
  ])
  const { node, app, runs, rounds, arms, requests } = evaluate(here)
  const report = { node, app, runs, rounds, arms, requests }
  expect(compare({ name: 'r.json', kind: 'report', report }).warnings).toEqual([
    'The baseline does not tell its machine: if it was another one, ratios mean little.',
  ])
})

test('unpaired ratios are of medians, and infinite against nothing', () => {
  const random = seededRandom(1)
  expect(unpairedRatio([1, 2, 3], [4, 4, 4, 4], random)).toEqual({
    ratio: 0.5,
    low: 0.25,
    high: 0.75,
    pairs: 3,
  })
  expect(unpairedRatio([2], [4, 4, 4], random)).toEqual({
    ratio: 0.5,
    low: 0.5,
    high: 0.5,
    pairs: 1,
  })
  expect(unpairedRatio([1, 1, 1], [0, 0, 0], random).ratio).toBeNull()
})
