import { describe, expect, it } from 'vitest'
import type { ModuleRecord } from '../../../../formats/profile.ts'
import type { UnitChange } from '../../../api.ts'
import { countFreshness, staleModules } from './freshness.ts'
import { countChanges, selectChanges } from './unit-changes.ts'

const changes: readonly UnitChange[] = [
  { unit: 'lib/a.js', change: 'kept', aspects: [], detail: '' },
  { unit: 'lib/b.js', change: 'changed', aspects: [], detail: '10 -> 12 characters' },
  { unit: 'lib/c.js', change: 'added', aspects: [], detail: 'cjs' },
]

describe('selectChanges', () => {
  it('leaves out what was kept unless that is asked for', () => {
    expect(selectChanges(changes, { text: '', change: '' })).toHaveLength(2)
    expect(selectChanges(changes, { text: '', change: 'kept' })).toEqual([changes[0]])
    expect(selectChanges(changes, { text: 'C.JS', change: '' })).toEqual([changes[2]])
  })
})

describe('countChanges', () => {
  it('has every kind of change', () => {
    expect(countChanges(changes)).toEqual({ added: 1, removed: 0, changed: 1, kept: 1 })
  })
})

describe('freshness', () => {
  const freshness = {
    app: '/srv/app',
    modules: ['same', 'changed', 'not compared', 'missing'],
  } as const

  it('is the share of those that were compared', () => {
    expect(countFreshness(freshness)).toMatchObject({ same: 1, compared: 3 })
  })

  it('lists what does not fit any more', () => {
    const modules = ['a.js', 'b.js', 'c.ts', 'd.js'].map((path) => ({ path }))
    const stale = staleModules(modules as unknown as readonly ModuleRecord[], freshness)
    expect(stale.map(({ module, state }) => `${module.path} ${state}`)).toEqual([
      'b.js changed',
      'd.js missing',
    ])
  })
})
