import { expect, test } from 'vitest'
import type { ArmReplay } from '../../formats/compare-report.ts'
import type { MeasuredRequest } from './messages.ts'
import { warningsOf, type Circumstances } from './warnings.ts'

const page: MeasuredRequest = {
  route: 'GET /',
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  recordedStatus: 200,
}

function armOf(name: string, ...statuses: number[]): Circumstances['measurement']['arms'][number] {
  return { name, runs: [], statuses: [Uint16Array.from(statuses)], reports: [null] }
}

function warn(rest: Partial<Circumstances> = {}): readonly string[] {
  return warningsOf({
    measurement: { node: 'v24.0.0', arms: [armOf('cold', 200, 200)], leftOut: [] },
    requests: [page],
    runs: 10,
    rounds: 200,
    replaying: [],
    replays: [],
    ...rest,
  })
}

test('a sound measurement has no warnings', () => {
  expect(warn()).toEqual([])
})

test('names arms that were left out, few runs and few rounds', () => {
  const leftOut = [{ arm: 'node-compile-cache', why: 'Node v20 has no compile cache of its own' }]
  const arms = [armOf('cold', 200)]
  expect(
    warn({
      measurement: { node: 'v20.0.0', arms, leftOut },
      runs: 2,
      rounds: 20,
    }),
  ).toEqual([
    'Arm node-compile-cache was left out: Node v20 has no compile cache of its own.',
    'Two runs give no intervals; take 10.',
    'The steady level is that of the last third of only 20 rounds: the service may still be warming up then.',
  ])
})

test('says how little the intervals of a few runs hold', () => {
  expect(warn({ runs: 4 })).toEqual([
    'Intervals over 4 runs hold the true median in 87 % of cases at most.',
  ])
  expect(warn({ runs: 6 })).toEqual([])
})

test('says when arms are answered differently, and when all get an unexpected error', () => {
  const arms = [armOf('cold', 200, 200), armOf('prewarm', 200, 429)]
  expect(warn({ measurement: { node: '', arms, leftOut: [] } })).toEqual([
    'GET / is answered differently: 200 in cold, 200/429 in prewarm.',
  ])
  const failing = [armOf('cold', 500), armOf('prewarm', 500)]
  expect(warn({ measurement: { node: '', arms: failing, leftOut: [] } })).toEqual([
    'GET / is answered with 500 in every arm.',
  ])
  const missing = [armOf('cold', 404), armOf('prewarm', 404)]
  expect(
    warn({
      measurement: { node: '', arms: missing, leftOut: [] },
      requests: [{ ...page, recordedStatus: 404 }],
    }),
  ).toEqual([])
})

test('says in which arms prewarm stayed cold or left no trace', () => {
  const replay = (arm: string, outcome: 'applied' | 'cold'): ArmReplay => ({
    arm,
    medianRounds: 0,
    summary: {
      outcome,
      reason: outcome === 'cold' ? 'TAG_MISMATCH' : null,
      detail: 'Other V8.',
      coldRuns: outcome === 'cold' ? 3 : 0,
      modulesCached: 0,
      modulesPreloaded: 0,
      requestsRehearsed: 0,
      rounds: 0,
      stopped: null,
      stages: [],
    },
    report: {} as ArmReplay['report'],
  })
  expect(
    warn({
      replaying: ['prewarm', 'short', 'flags'],
      replays: [replay('prewarm', 'cold'), replay('short', 'applied')],
    }),
  ).toEqual([
    'prewarm started cold in 3 of 10 runs (TAG_MISMATCH): Other V8.',
    'The replayer wrote no run report in flags: nothing shows that it ran.',
  ])
  expect(warn({ replaying: ['short'], replays: [replay('short', 'applied')] })).toEqual([])
})
