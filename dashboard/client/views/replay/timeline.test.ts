import { describe, expect, it } from 'vitest'
import { appliedReport } from '../../../../formats/fixtures/run-report.ts'
import type { StageReport } from '../../../../formats/report.ts'
import { timelineOf } from './timeline.ts'

const stages: readonly StageReport[] = [
  { name: 'preflight', ms: 40 },
  { name: 'codecache', ms: 10 },
  { name: 'preload', ms: 100 },
  { name: 'rehearse', ms: 1900 },
  { name: 'settle', ms: 2 },
  { name: 'open', ms: 3 },
]

describe('timelineOf', () => {
  it('puts what no stage accounts for between the code caches and what comes next', () => {
    const { segments, totalMs } = timelineOf({ ...appliedReport, stages, openMs: 2500 })
    expect(totalMs).toBe(2500)
    expect(segments.map(({ name, fromMs, ms }) => [name, fromMs, ms])).toEqual([
      ['preflight', 0, 40],
      ['codecache', 40, 10],
      ['application', 50, 445],
      ['preload', 495, 100],
      ['rehearse', 595, 1900],
      ['settle', 2495, 2],
      ['open', 2497, 3],
    ])
  })

  it('begins the budget where the port is held, and counts preload and rehearsal as its use', () => {
    const { budget } = timelineOf({ ...appliedReport, stages, openMs: 2500, budgetMs: 2000 })
    expect(budget).toEqual({ fromMs: 495, toMs: 2495, budgetMs: 2000, usedMs: 2000 })
  })

  it('keeps rehearsals after the opening out of the time before it', () => {
    const more = [...stages, { name: 'rehearse', ms: 700 } as const]
    const timeline = timelineOf({ ...appliedReport, stages: more, openMs: 2500 })
    expect(timeline.laterMs).toBe(700)
    expect(timeline.budget?.usedMs).toBe(2000)
    expect(timeline.segments.filter(({ name }) => name === 'rehearse')).toHaveLength(1)
  })

  it('is as long as its stages where no port was opened, or where clocks disagree', () => {
    expect(timelineOf({ ...appliedReport, stages, openMs: null }).totalMs).toBe(2055)
    expect(timelineOf({ ...appliedReport, stages, openMs: 10 }).totalMs).toBe(2055)
    expect(timelineOf({ ...appliedReport, stages: [], openMs: null })).toMatchObject({
      segments: [],
      totalMs: 0,
      budget: null,
      isOpen: false,
    })
  })
})
