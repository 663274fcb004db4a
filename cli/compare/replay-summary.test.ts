import { expect, test } from 'vitest'
import type { RunReport } from '../../formats/report.ts'
import { replayOf } from './replay-summary.ts'

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
  tierUp: { applied: 0, skipped: {} },
  skipped: [],
  flagsRestored: true,
  openMs: 1200,
  guard: null,
}
function replay(...reports: readonly (RunReport | string | null)[]): ReturnType<typeof replayOf> {
  const texts = reports.map((report) =>
    report === null || typeof report === 'string' ? report : JSON.stringify(report),
  )
  return replayOf({ name: 'prewarm', reports: texts })
}

const cold: RunReport = { ...applied, outcome: 'cold', reason: 'TAG_MISMATCH', detail: 'Other V8.' }

test('tells the last run when all were applied', () => {
  const later = { ...applied, rehearsal: { ...applied.rehearsal, rounds: 119 } }
  expect(replay(applied, later)).toEqual({
    arm: 'prewarm',
    medianRounds: 119.5,
    summary: {
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
    },
    report: later,
  })
})

test('one cold run among applied ones is what is told', () => {
  expect(replay(applied, cold, applied)).toMatchObject({
    summary: { outcome: 'cold', reason: 'TAG_MISMATCH', coldRuns: 1 },
    report: cold,
  })
})

test('missing, broken and foreign reports are no report', () => {
  expect(replay(null, '{"schemaVersion":1', '{"schemaVersion":2}', 'null')).toBeNull()
})
