import { expect, test } from 'vitest'
import type { RunReport } from '../../formats/report.ts'
import { appliedReport as applied } from '../../formats/fixtures/run-report.ts'
import { replayOf } from './replay-summary.ts'

function replay(...reports: readonly (RunReport | null)[]): ReturnType<typeof replayOf> {
  return replayOf('prewarm', reports)
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

test('an arm without reports has nothing to tell', () => {
  expect(replay(null, null)).toBeNull()
})
