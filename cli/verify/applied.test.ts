import { expect, it } from 'vitest'
import type { RunReport, UnitCounts } from '../../formats/report.ts'
import { appliedKinds, appliedShare } from './applied.ts'

const none: UnitCounts = { applied: 0, skipped: {} }
const reportWith = (counts: Partial<RunReport>): RunReport =>
  ({
    ...{ codeCache: none, preload: none, rehearsal: none, tierUp: none, work: none },
    ...counts,
  }) as RunReport

it('counts what was offered by kind, without what is held out, and names reasons by frequency', () => {
  const kinds = appliedKinds(
    reportWith({
      codeCache: { applied: 6, skipped: {} },
      rehearsal: {
        ...{ applied: 1, rounds: 1, requests: 1, stopped: null },
        skipped: { HELD_OUT: 90, STATUS_CHANGED: 1, UNSAFE_METHOD: 2 },
      },
    }),
  )
  expect(kinds).toEqual([
    { kind: 'code caches', applied: 6, offered: 6, skipped: [] },
    {
      kind: 'requests',
      applied: 1,
      offered: 4,
      skipped: [
        { reason: 'UNSAFE_METHOD', count: 2 },
        { reason: 'STATUS_CHANGED', count: 1 },
      ],
    },
  ])
  expect(appliedShare(kinds)).toBe(0.7)
})

it('has no share of nothing', () => {
  const kinds = appliedKinds(reportWith({ tierUp: { applied: 0, skipped: { HELD_OUT: 3 } } }))
  expect([kinds, appliedShare(kinds)]).toEqual([[], null])
})
