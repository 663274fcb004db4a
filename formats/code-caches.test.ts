import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codeCaches } from './code-caches.ts'
import { decodeProfile } from './codec.ts'

const small = readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url))

describe('code caches', () => {
  it('are views into their section, in the order of the modules that have one', () => {
    const { modules, codecache } = decodeProfile(small)
    const found = [...codeCaches(modules, codecache)]
    expect(found.map(([module, { length }]) => [module.id, length])).toEqual([
      ['server.js', 40],
      ['@shop/render@2.1.0/lib/render.js', 56],
    ])
    expect(Buffer.concat(found.map(([, cache]) => cache))).toEqual(Buffer.from(codecache))
    for (const [, cache] of found) expect(cache.buffer).toBe(codecache.buffer)
  })
})
