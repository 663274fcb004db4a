import { describe, expect, it } from 'vitest'
import { appliedReport } from '../../../../formats/fixtures/run-report.ts'
import type { SkippedUnit } from '../../../../formats/report.ts'
import { filterSkipped, reasonsIn, unnamedOf } from './skipped-units.ts'

const skipped: readonly SkippedUnit[] = [
  { unit: 'POST /orders', reason: 'UNSAFE_METHOD' },
  { unit: 'GET /items/1', reason: 'EFFECT_REFUSED', detail: 'redis write cache:6379' },
  { unit: 'GET /items/2', reason: 'EFFECT_REFUSED', detail: 'redis write cache:6379' },
]

describe('filterSkipped', () => {
  it('finds text in unit, reason and detail, whatever its case', () => {
    expect(filterSkipped(skipped, { text: 'REDIS', reason: '' })).toHaveLength(2)
    expect(filterSkipped(skipped, { text: 'orders', reason: '' })).toEqual([skipped[0]])
    expect(filterSkipped(skipped, { text: 'unsafe', reason: '' })).toEqual([skipped[0]])
  })

  it('wants both text and reason when both are given', () => {
    expect(filterSkipped(skipped, { text: '/items/2', reason: 'EFFECT_REFUSED' })).toEqual([
      skipped[2],
    ])
    expect(filterSkipped(skipped, { text: '/items/2', reason: 'UNSAFE_METHOD' })).toEqual([])
  })
})

describe('reasonsIn', () => {
  it('counts them, the most frequent first', () => {
    expect(reasonsIn(skipped)).toEqual([
      ['EFFECT_REFUSED', 2],
      ['UNSAFE_METHOD', 1],
    ])
  })
})

describe('unnamedOf', () => {
  it('is what the counts have beyond the list', () => {
    const rehearsal = { ...appliedReport.rehearsal, skipped: { HELD_OUT: 4, UNSAFE_METHOD: 1 } }
    const codeCache = { applied: 120, skipped: { NOT_LOADED: 2 } }
    expect(unnamedOf({ ...appliedReport, codeCache, rehearsal, skipped })).toBe(4)
  })
})
