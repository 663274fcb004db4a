import { describe, expect, it } from 'vitest'
import type { ModuleRecord } from '../../../../formats/profile.ts'
import { groupByPackage, nameInPackage, packageOf } from './packages.ts'
import { fittingText, treemapOf } from './treemap.ts'

function moduleOf(id: string, path: string, selfMs: number | null, cacheBytes = 0): ModuleRecord {
  return {
    id,
    path,
    format: path.startsWith('node:') ? 'builtin' : 'cjs',
    sourceHash: null,
    sourceLength: 1,
    phase: 'startup',
    selfMs,
    totalMs: selfMs,
    requester: null,
    cacheBytes,
  }
}

const modules = [
  moduleOf('server.js', 'server.js', 10, 500),
  moduleOf('@scope/a@1.0.0/lib/x.js', 'node_modules/@scope/a/lib/x.js', 30, 10),
  moduleOf('@scope/a@1.0.0/lib/y.js', 'node_modules/@scope/a/lib/y.js', 20, 20),
  moduleOf('b@2.0.0/index.js', 'node_modules/b/index.js', null, 90),
  moduleOf('node:fs', 'node:fs', null),
]

describe('packageOf', () => {
  it('tells packages, the application and Node.js apart', () => {
    expect(modules.map(packageOf)).toEqual([
      '(application)',
      '@scope/a@1.0.0',
      '@scope/a@1.0.0',
      'b@2.0.0',
      '(Node.js)',
    ])
    expect(modules.map(nameInPackage).slice(0, 2)).toEqual(['server.js', 'lib/x.js'])
  })
})

describe('groupByPackage', () => {
  it('sorts packages and their modules by the measure', () => {
    const byTime = groupByPackage(modules, 'self').map(({ name, selfMs }) => [name, selfMs])
    expect(byTime.slice(0, 2)).toEqual([
      ['@scope/a@1.0.0', 50],
      ['(application)', 10],
    ])
    const [first, second, third] = groupByPackage(modules, 'cache')
    expect([first?.name, second?.name, third?.name]).toEqual([
      '(application)',
      'b@2.0.0',
      '@scope/a@1.0.0',
    ])
    expect(third?.modules.map(({ cacheBytes }) => cacheBytes)).toEqual([20, 10])
  })
})

describe('treemapOf', () => {
  it('puts modules inside of their package, and leaves out what has no size', () => {
    const map = treemapOf(groupByPackage(modules, 'self'), 'self', 600, 400)
    expect(map.map(({ group }) => group.name)).toEqual(['@scope/a@1.0.0', '(application)'])
    for (const { rect, cells } of map) {
      for (const { rect: cell } of cells) {
        expect(cell.x).toBeGreaterThanOrEqual(rect.x)
        expect(cell.y + cell.height).toBeLessThanOrEqual(rect.y + rect.height + 1e-6)
      }
    }
  })

  it('draws nothing while it has no width', () => {
    expect(treemapOf(groupByPackage(modules, 'self'), 'self', 0, 400)).toEqual([])
  })
})

describe('fittingText', () => {
  it('cuts a text to its place, or leaves it out', () => {
    expect(fittingText('index.js', 200)).toBe('index.js')
    expect(fittingText('a-very-long-name.js', 80)).toBe('a-very-lo…')
    expect(fittingText('a-very-long-name.js', 20)).toBe('')
  })
})
