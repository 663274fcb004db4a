import { describe, expect, it } from 'vitest'
import type { HotFunction, ModuleRecord } from '../../../../formats/profile.ts'
import { functionRows, selectFunctions, tierShares } from './function-rows.ts'

function hot(name: string, change: Partial<HotFunction>): HotFunction {
  return {
    module: 0,
    name,
    line: 3,
    column: 7,
    position: null,
    length: null,
    sourceHash: null,
    selfMs: 1,
    samples: 1,
    tier: 'turbofan',
    ...change,
  }
}

const modules: readonly Pick<ModuleRecord, 'path'>[] = [{ path: 'lib/cart.js' }]
const rows = functionRows(
  [
    hot('add', { selfMs: 5, samples: 2 }),
    hot('', { selfMs: 9, samples: 1, tier: null }),
    hot('total', { selfMs: 1, samples: 8, tier: 'maglev', module: 44 }),
  ],
  modules as readonly ModuleRecord[],
)

describe('functionRows', () => {
  it('says where a function is, whether its module is known or not', () => {
    expect(rows.map(({ name, place }) => `${name} ${place}`)).toEqual([
      'add lib/cart.js:3:7',
      '(anonymous) lib/cart.js:3:7',
      'total (unknown module):3:7',
    ])
  })
})

describe('tierShares', () => {
  it('adds up time by tier, the best tier first, with what could not be read', () => {
    expect(tierShares(rows)).toEqual([
      { tier: 'turbofan', count: 1, selfMs: 5 },
      { tier: 'maglev', count: 1, selfMs: 1 },
      { tier: 'unknown', count: 1, selfMs: 9 },
    ])
  })
})

describe('selectFunctions', () => {
  const names = (change: Partial<Parameters<typeof selectFunctions>[1]>): readonly string[] =>
    selectFunctions(rows, { text: '', tier: '', sort: 'self', ...change }).map(({ name }) => name)

  it('sorts numbers and tiers from the top and texts from A', () => {
    expect(names({})).toEqual(['(anonymous)', 'add', 'total'])
    expect(names({ sort: 'samples' })).toEqual(['total', 'add', '(anonymous)'])
    expect(names({ sort: 'tier' })).toEqual(['add', 'total', '(anonymous)'])
    expect(names({ sort: 'name' })).toEqual(['(anonymous)', 'add', 'total'])
  })

  it('finds text in name and place, and filters by tier', () => {
    expect(names({ text: 'CART' })).toEqual(['(anonymous)', 'add'])
    expect(names({ text: 'tot' })).toEqual(['total'])
    expect(names({ tier: 'unknown' })).toEqual(['(anonymous)'])
  })

  it('leaves the given list as it is', () => {
    names({ sort: 'samples' })
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2])
  })
})
