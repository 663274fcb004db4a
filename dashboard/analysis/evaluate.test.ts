import { expect, test } from 'vitest'
import { examplePlan } from '../../formats/fixtures/example-results.ts'
import type { Results, ResultsPlan, ResultsRun } from '../../formats/results.ts'
import { evaluate, measuredArms } from './evaluate.ts'

const plan: ResultsPlan = {
  ...examplePlan,
  requests: examplePlan.requests.slice(0, 1),
  alsoRehearsed: 0,
  profile: null,
  notes: ['A note.'],
}

function runOf(arm: string, run: number, ...latenciesMs: readonly number[]): ResultsRun {
  return {
    arm,
    run,
    at: '',
    node: 'v24.0.0',
    timeToListenMs: 100,
    cpuMs: 100,
    rssBytes: 1e6,
    load1: null,
    sendDelayP99Ms: null,
    latenciesMs: Float64Array.from(latenciesMs),
    statuses: Uint16Array.from(latenciesMs, () => 200),
    report: null,
  }
}

const results: Results = {
  plan,
  runs: [
    runOf('prewarm', 2, 4, 2, 2),
    runOf('cold', 2, 40, 4, 2),
    runOf('cold', 1, 20, 4, 2),
    runOf('prewarm', 1, 5, 2, 2),
    runOf('prewarm', 3, 5, 2, 2),
    runOf('cold', 3, 20, 4, 2),
  ],
  leftOut: [],
}

test('pairs runs by their number, in the order of the plan', () => {
  const report = evaluate(results)
  expect(report.arms.map(({ name }) => name)).toEqual(['cold', 'prewarm'])
  expect(report).toMatchObject({ node: 'v24.0.0', app: 'node app.js', runs: 3, rounds: 3 })
  const first = report.ratios.find(({ metric }) => metric === 'firstRequestSumMs')
  expect(first).toMatchObject({
    arm: 'prewarm',
    against: 'cold',
    ratio: 0.25,
    low: 0.1,
    high: 0.25,
  })
  expect(report.warnings[0]).toBe('A note.')
})

test('a run that not all arms have is left out', () => {
  const broken = { ...results, runs: results.runs.slice(0, 5) }
  expect(measuredArms(broken).map(({ runs }) => runs.map(({ run }) => run))).toEqual([
    [1, 2],
    [1, 2],
  ])
  expect(evaluate(broken).runs).toBe(2)
})

test('an arm that could not be measured does not hold up the others', () => {
  const cold = results.runs.filter(({ arm }) => arm === 'cold')
  const leftOut = [{ arm: 'prewarm', why: 'no reason' }]
  const report = evaluate({ plan, runs: cold, leftOut })
  expect(report.arms.map(({ name }) => name)).toEqual(['cold'])
  expect(report.runs).toBe(3)
  expect(report.warnings).toContain('Arm prewarm was left out: no reason.')
})

test('arms that ran on another Node are named', () => {
  const runs = results.runs.map((run) => (run.arm === 'cold' ? run : { ...run, node: 'v22.1.0' }))
  expect(evaluate({ ...results, runs })).toMatchObject({
    node: 'v24.0.0',
    otherNodes: [{ arm: 'prewarm', node: 'v22.1.0' }],
    load: { kind: 'closed' },
    machine: plan.machine,
  })
  expect(evaluate(results).otherNodes).toEqual([])
})

test('intervals are wider where the measurement might have ended earlier', () => {
  const runs = Array.from({ length: 12 }, (_, index) => [
    runOf('cold', index + 1, 20 + index, 4, 2),
    runOf('prewarm', index + 1, 5 + (index % 5), 2, 2),
  ]).flat()
  const widthWith = (fewest: Partial<ResultsPlan>): number => {
    const { ratios } = evaluate({ plan: { ...plan, runs: 12, ...fewest }, runs, leftOut: [] })
    const first = ratios.find(({ metric }) => metric === 'firstRequestSumMs')
    return (first?.high ?? NaN) - (first?.low ?? NaN)
  }
  expect(widthWith({ fewestRuns: 6 })).toBeGreaterThan(widthWith({}))
})
