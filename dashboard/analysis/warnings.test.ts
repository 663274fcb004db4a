import { expect, test } from 'vitest'
import type { ArmReplay } from '../../formats/compare-report.ts'
import { warningsOf, type Circumstances } from './warnings.ts'

const page: Circumstances['plan']['requests'][number] = {
  route: 'GET /',
  method: 'GET',
  path: '/',
  recordedStatus: 200,
}

function armOf(name: string, ...statuses: number[]): Circumstances['arms'][number] {
  const run = { node: 'v24.0.0', sendDelayP99Ms: null, statuses: Uint16Array.from(statuses) }
  return { name, runs: [run] }
}

/** `runs` times what the arm was measured at. */
function repeated(
  arms: readonly Circumstances['arms'][number][],
  runs: number,
): Circumstances['arms'] {
  return arms.map((arm) => ({ ...arm, runs: Array.from({ length: runs }, () => arm.runs).flat() }))
}

interface Setup {
  readonly arms: readonly Circumstances['arms'][number][]
  readonly leftOut: Circumstances['leftOut']
  readonly runs: number
  readonly planned: number
  readonly rounds: number
  readonly load: Circumstances['plan']['load']
  readonly request: Circumstances['plan']['requests'][number]
  readonly replaying: readonly string[]
  readonly replays: Circumstances['replays']
}

function warn({
  arms = [armOf('cold', 200, 200)],
  leftOut = [],
  runs = 10,
  planned = runs,
  rounds = 200,
  load = { kind: 'closed', ratePerSecond: null },
  request = page,
  replaying = [],
  replays = [],
}: Partial<Setup> = {}): readonly string[] {
  const measured = [...arms, ...replaying.map((name) => armOf(name, 200, 200))]
  return warningsOf({
    plan: {
      arms: measured.map(({ name }) => ({
        name,
        kind: replaying.includes(name) ? 'replay' : 'cold',
        mayStayCold: replaying.includes(name) ? 'no' : 'yes',
        setting: '',
      })),
      requests: [request],
      runs: planned,
      rounds,
      load,
    },
    arms: repeated(measured, runs),
    leftOut,
    replays,
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
      arms,
      leftOut,
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
  expect(warn({ arms })).toEqual([
    'GET / is answered differently: 200 in cold, 200/429 in prewarm.',
  ])
  const failing = [armOf('cold', 500), armOf('prewarm', 500)]
  expect(warn({ arms: failing })).toEqual(['GET / is answered with 500 in every arm.'])
  const missing = [armOf('cold', 404), armOf('prewarm', 404)]
  expect(
    warn({
      arms: missing,
      request: { ...page, recordedStatus: 404 },
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

test('says when fewer runs were measured than planned', () => {
  expect(warn({ runs: 7, planned: 10 })).toEqual(['7 of 10 runs of every arm were measured.'])
  expect(warn({ runs: 0, planned: 10 })).toContain('No run is complete.')
})

test('says which arms ran on another Node, also when it was for some runs only', () => {
  const on = (name: string, ...nodes: readonly string[]): Circumstances['arms'][number] => {
    const [run] = armOf(name, 200).runs
    return { name, runs: nodes.flatMap((node) => (run ? [{ ...run, node }] : [])) }
  }
  expect(
    warn({ arms: [on('cold', 'v24.0.0'), on('old', 'v22.1.0'), on('prewarm', 'v24.0.0')] }),
  ).toEqual(['Not all runs are on one Node: cold, prewarm on v24.0.0; old on v22.1.0.'])
  expect(warn({ arms: [on('cold', 'v24.0.0', 'v24.0.1')], planned: 1 })).toEqual([
    'Not all runs are on one Node: cold on v24.0.0 and v24.0.1.',
  ])
})

test('says when the client of an open loop was late or had too much to do', () => {
  const load = { kind: 'open', ratePerSecond: 500 } as const
  const sent = (sendDelayP99Ms: number, clientCores: number): Circumstances['arms'] => {
    const [run] = armOf('cold', 200).runs
    return [{ name: 'cold', runs: run ? [{ ...run, sendDelayP99Ms, clientCores }] : [] }]
  }
  expect(warn({ load, arms: sent(0.9, 0.5) })).toEqual([])
  expect(warn({ load, arms: sent(3.21, 0.97) })).toEqual([
    'The client sent up to 3.21 ms late (99th percentile of a run), which is in the latencies: take a lower --rate or a quieter machine.',
    'The client kept up to 1.0 processors busy, and may be what is slow: take a lower --rate.',
  ])
})
