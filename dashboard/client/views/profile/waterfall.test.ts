import { describe, expect, it } from 'vitest'
import type { ModuleRecord } from '../../../../formats/profile.ts'
import { collapsedAtFirst, searchRows, visibleRows, waterfallOf } from './waterfall.ts'

function moduleOf(id: string, change: Partial<ModuleRecord> = {}): ModuleRecord {
  return {
    id,
    path: id,
    format: 'cjs',
    sourceHash: null,
    sourceLength: 1,
    phase: 'startup',
    selfMs: 1,
    totalMs: 1,
    requester: null,
    cacheBytes: 0,
    ...change,
  }
}

const modules = [
  moduleOf('main.js', { selfMs: 10, totalMs: 60 }),
  moduleOf('a.js', { selfMs: 10, totalMs: 30, requester: 0 }),
  moduleOf('a1.js', { selfMs: 20, totalMs: 20, requester: 1 }),
  moduleOf('b.js', { selfMs: 20, totalMs: 20, requester: 0 }),
  moduleOf('lazy.js', { selfMs: 5, totalMs: 5, requester: 1 }),
  moduleOf('esm.mjs', { format: 'esm', selfMs: null, totalMs: null }),
  moduleOf('late.js', { phase: 'late', selfMs: 7, totalMs: 7, requester: 0 }),
]

describe('waterfallOf', () => {
  it('nests what a module loaded and begins it with its loader, one after the other', () => {
    const { rows, totalMs } = waterfallOf(modules, 'startup')
    expect(rows.map(({ module, depth, fromMs }) => [module.id, depth, fromMs])).toEqual([
      ['main.js', 0, 0],
      ['a.js', 1, 0],
      ['a1.js', 2, 0],
      ['b.js', 1, 30],
      // Loaded by a function of a.js later on: there is no room for it in the time of a.js.
      ['lazy.js', 0, 60],
      ['esm.mjs', 0, null],
    ])
    expect(totalMs).toBe(65)
  })

  it('counts what is below each module', () => {
    const { rows } = waterfallOf(modules, 'startup')
    expect(rows.map(({ descendants }) => descendants)).toEqual([3, 1, 0, 0, 0, 0])
  })

  it('has late modules on their own', () => {
    const { rows, totalMs } = waterfallOf(modules, 'late')
    expect(rows.map(({ module }) => module.id)).toEqual(['late.js'])
    expect(totalMs).toBe(7)
  })

  it('survives modules that are nested as deep as the list is long, or name nonsense', () => {
    const deep = Array.from({ length: 50_000 }, (_, index) =>
      moduleOf(`${index}.js`, { requester: index - 1, selfMs: 0, totalMs: 0 }),
    )
    expect(waterfallOf(deep, 'startup').rows.at(-1)?.depth).toBe(49_999)
    const odd = [moduleOf('self.js', { requester: 0 }), moduleOf('far.js', { requester: 99 })]
    expect(waterfallOf(odd, 'startup').rows.map(({ depth }) => depth)).toEqual([0, 0])
  })
})

describe('visibleRows', () => {
  it('hides what is below a collapsed module, at every depth', () => {
    const { rows } = waterfallOf(modules, 'startup')
    const ids = (collapsed: readonly number[]): readonly string[] =>
      visibleRows(rows, new Set(collapsed)).map(({ module }) => module.id)
    expect(ids([1])).toEqual(['main.js', 'a.js', 'b.js', 'lazy.js', 'esm.mjs'])
    expect(ids([0])).toEqual(['main.js', 'lazy.js', 'esm.mjs'])
  })
})

describe('collapsedAtFirst', () => {
  it('collapses only what has something below it and took little time', () => {
    const waterfall = waterfallOf(modules, 'startup')
    expect([...collapsedAtFirst(waterfall, 0.5)]).toEqual([1])
    expect([...collapsedAtFirst(waterfall)]).toEqual([])
  })
})

describe('searchRows', () => {
  it('finds modules wherever they are nested', () => {
    const { rows } = waterfallOf(modules, 'startup')
    expect(searchRows(rows, 'A1').map(({ module }) => module.id)).toEqual(['a1.js'])
  })
})
