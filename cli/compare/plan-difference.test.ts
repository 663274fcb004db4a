import { expect, test } from 'vitest'
import { examplePlan as plan } from '../../formats/fixtures/example-results.ts'
import type { ResultsPlan } from '../../formats/results.ts'
import { planDifference } from './plan-difference.ts'

test('more runs, another seed and another way to evaluate are no difference', () => {
  const here = { ...plan, runs: 40, fewestRuns: 10, seed: 2, against: 'cold', createdAt: 'later' }
  expect(planDifference(plan, here)).toBeNull()
  const memory = { ...plan.machine, memoryBytes: 2e9 }
  expect(planDifference(plan, { ...plan, notes: ['A note.'], machine: memory })).toBeNull()
})

test.each<[Partial<ResultsPlan>, string]>([
  [{ command: ['node', 'b.js'] }, 'command: node app.js there, node b.js here'],
  [{ rounds: 100 }, 'rounds: 3 there, 100 here'],
  [
    { load: { kind: 'open', ratePerSecond: 200 } },
    'load: closed loop there, open loop at 200 a second here',
  ],
  [{ requests: plan.requests.slice(1) }, 'requests: 2 there, 1 here'],
  [{ requests: plan.requests.toReversed() }, 'requests: GET / there, GET /b?c here'],
  [
    { arms: [{ name: 'lite', kind: 'cold', mayStayCold: 'yes', setting: 'cold A=1' }] },
    'arms: cold, prewarm there, lite=cold A=1 here',
  ],
  [{ requestsDigest: 'cd' }, 'headers or bodies of the requests: unknown there, cd here'],
  [{ profile: null }, 'ab there, none here'],
  [{ machine: { ...plan.machine, cores: 8 } }, '8 cores here'],
  [{ prewarm: '0.2.0' }, 'prewarm: 0.1.0 there, 0.2.0 here'],
  [{ runs: 2 }, 'runs: 3 there, only 2 here'],
])('names what is different in %j', (changes, difference) => {
  expect(planDifference(plan, { ...plan, ...changes })).toContain(difference)
})
