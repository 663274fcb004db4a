import { expect, test } from 'vitest'
import type { RunReport } from '../../formats/report.ts'
import { summariseReplay } from './replay-summary.ts'

const applied: RunReport = {
  schemaVersion: 1,
  prewarm: '0.1.0',
  pid: 1,
  node: 'v24.0.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  mode: 'auto',
  profile: 'app.prewarm',
  appId: 'shop:server.js',
  outcome: 'applied',
  reason: null,
  detail: 'Rehearsed 8 requests.',
  budgetMs: 2000,
  stages: [{ name: 'rehearse', ms: 900 }],
  codeCache: { applied: 120, skipped: { NOT_LOADED: 2 } },
  preload: { applied: 7, skipped: {} },
  rehearsal: { applied: 8, skipped: {}, rounds: 120, requests: 960, stopped: 'cap' },
  work: { applied: 0, skipped: {}, rounds: 0, calls: 0 },
  skipped: [],
  flagsRestored: true,
  openMs: 1200,
  guard: null,
}
const cold: RunReport = { ...applied, outcome: 'cold', reason: 'TAG_MISMATCH', detail: 'Other V8.' }

test('tells the last run when all were applied', () => {
  const later = { ...applied, rehearsal: { ...applied.rehearsal, rounds: 119 } }
  expect(summariseReplay([applied, later].map((report) => JSON.stringify(report)))).toEqual({
    outcome: 'applied',
    reason: null,
    detail: 'Rehearsed 8 requests.',
    coldRuns: 0,
    modulesCached: 120,
    modulesPreloaded: 7,
    requestsRehearsed: 8,
    rounds: 119,
    stopped: 'cap',
    stages: [{ name: 'rehearse', ms: 900 }],
  })
})

test('one cold run among applied ones is what is told', () => {
  const reports = [applied, cold, applied].map((report) => JSON.stringify(report))
  expect(summariseReplay(reports)).toMatchObject({
    outcome: 'cold',
    reason: 'TAG_MISMATCH',
    coldRuns: 1,
  })
})

test('missing, broken and foreign reports are no report', () => {
  expect(summariseReplay([null, '{"schemaVersion":1', '{"schemaVersion":2}', 'null'])).toBeNull()
})
