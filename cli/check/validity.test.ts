import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ModuleFreshness } from '../../dashboard/server/module-freshness.ts'
import { decodeProfile } from '../../formats/codec.ts'
import type { HotFunction, ModuleRecord } from '../../formats/profile.ts'
import { mismatchesOf } from './fit.ts'
import { validityOf } from './validity.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
const [module] = golden.modules as readonly [ModuleRecord]
const [hot] = golden.functions as readonly [HotFunction]
const states: readonly ModuleFreshness[] = ['same', 'changed', 'missing', 'not compared', 'same']
const modules = states.map((_, index) => ({ ...module, cacheBytes: 10 ** index }))
const functions = states.map((_, index) => ({ ...hot, module: index }))
const [, ofChanged] = functions as [HotFunction, HotFunction, ...HotFunction[]]

describe('what is valid', () => {
  it('is counted by modules, bytes of code caches and functions, and the least share counts', () => {
    expect(validityOf({ modules, functions }, states, new Set([ofChanged]), [])).toEqual({
      kinds: [
        { kind: 'modules', valid: 2, of: 4 },
        { kind: 'code caches', valid: 10_001, of: 10_111 },
        { kind: 'hot functions', valid: 3, of: 4 },
      ],
      share: 0.5,
      keptInChanged: 1,
    })
  })

  it('has no share when there is nothing to compare', () => {
    const none = validityOf({ modules: [], functions: [] }, [], new Set(), [])
    expect(none).toEqual({ kinds: [], share: null, keptInChanged: 0 })
  })

  it.each([
    ['everything', 0, [0, 0, 0]],
    ['caches', 0, [2, 0, 2]],
    ['possibly caches', 0.5, [2, 10_001, 2]],
  ] as const)('loses %s to a mismatch of that kind', (costs, share, valid) => {
    const mismatch = { reason: 'TAG_MISMATCH', detail: '', costs } as const
    const found = validityOf({ modules, functions }, states, new Set(), [mismatch])
    expect(found.share).toBe(share)
    expect(found.kinds.map((kind) => kind.valid)).toEqual(valid)
  })
})

describe('a Node', () => {
  const { meta } = golden
  const reasonsOf = (change: Partial<typeof meta>, appId = meta.appId): unknown =>
    mismatchesOf(meta, appId, { ...meta, ...change }).map(({ reason, costs }) => [reason, costs])

  it.each([
    ['the recorded one', {}, []],
    ['of another patch with the same V8', { node: 'v20.99.0' }, []],
    ['of another line', { node: 'v22.0.0', codeCacheTag: 1 }, [['NODE_MISMATCH', 'everything']]],
    ['of another type', { arch: 'arm64', codeCacheTag: 1 }, [['ARCH_MISMATCH', 'everything']]],
    ['of another platform', { platform: 'darwin' }, [['ARCH_MISMATCH', 'everything']]],
    ['with another V8', { v8: '11.4', codeCacheTag: 1 }, [['TAG_MISMATCH', 'caches']]],
    ['with another processor', { codeCacheTag: 1 }, [['TAG_MISMATCH', 'possibly caches']]],
  ])('%s', (_title, change, expected) => {
    expect(reasonsOf(change)).toEqual(expected)
  })

  it('that runs another application', () => {
    expect(reasonsOf({}, 'other:server.js')).toEqual([['APP_MISMATCH', 'everything']])
  })
})
