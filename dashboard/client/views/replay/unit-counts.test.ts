import { describe, expect, it } from 'vitest'
import { appliedReport } from '../../../../formats/fixtures/run-report.ts'
import { partsOf, piecesOf, unexpectedOf } from './unit-counts.ts'

const report = {
  ...appliedReport,
  rehearsal: {
    ...appliedReport.rehearsal,
    applied: 5,
    skipped: { HELD_OUT: 1, UNSAFE_METHOD: 2, EFFECT_REFUSED: 2, STATUS_CHANGED: 0 },
  },
}

describe('partsOf', () => {
  it('adds up what the profile offered and leaves out reasons that nothing had', () => {
    const requests = partsOf(report).find(({ name }) => name === 'rehearsal')
    expect(requests).toMatchObject({ applied: 5, total: 10 })
    expect(requests?.skipped.map(({ words, count }) => [words.code, count])).toEqual([
      ['UNSAFE_METHOD', 2],
      ['EFFECT_REFUSED', 2],
      ['HELD_OUT', 1],
    ])
  })

  it('names a reason that only a newer version knows instead of failing', () => {
    const skipped: Record<string, number> = { FROM_THE_FUTURE: 3 }
    const parts = partsOf({ ...report, codeCache: { applied: 0, skipped } })
    const caches = parts.find(({ name }) => name === 'codeCache')
    expect(caches?.skipped[0]?.words).toMatchObject({ code: 'FROM_THE_FUTURE', kind: 'failed' })
  })
})

describe('piecesOf', () => {
  it('joins the reasons of a kind, and the pieces fill the bar', () => {
    const requests = partsOf(report).find(({ name }) => name === 'rehearsal')
    if (requests === undefined) throw new Error('no requests')
    const pieces = piecesOf(requests)
    expect(pieces.map(({ kind, from, share }) => [kind, from, share])).toEqual([
      ['applied', 0, 0.5],
      ['policy', 0.5, 0.4],
      ['intended', 0.9, 0.1],
    ])
  })

  it('has none where there was nothing to apply', () => {
    const work = partsOf(report).find(({ name }) => name === 'work')
    expect(work && piecesOf(work)).toEqual([])
  })
})

describe('unexpectedOf', () => {
  it('does not count what is left out on purpose', () => {
    const requests = partsOf(report).find(({ name }) => name === 'rehearsal')
    expect(requests && unexpectedOf(requests).map(({ words }) => words.code)).toEqual([
      'UNSAFE_METHOD',
      'EFFECT_REFUSED',
    ])
  })
})
