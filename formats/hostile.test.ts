import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { decodeProfile, encodeSection, openProfile } from './codec.ts'
import { decodeContainer, encodeContainer } from './container.ts'
import { limits } from './limits.ts'
import { laterSections, sections, type Profile, type SectionName } from './profile.ts'

/*
 * Files whose hashes are right: made on purpose, or by a faulty writer. Hashes prove that a file is whole, not that
 * it is good.
 */

const small = readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url))
const profile = decodeProfile(small)
const names = Object.keys(sections) as SectionName[]

/** A Buffer, as files are read: bytes inside it decode to Buffers, which have more properties than Uint8Arrays. */
function withSection(name: string, content: Uint8Array): Buffer {
  return Buffer.from(encodeContainer(decodeContainer(small).set(name, content)))
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function expectRefused(read: () => unknown, what?: string): void {
  expect(read, what).toThrow(
    expect.objectContaining({
      name: 'PrewarmError',
      code: expect.stringMatching(/^ERR_PREWARM_FMT_(INVALID|LIMIT)$/) as unknown,
    }),
  )
}

/** Runs `read`, which must be refused with little memory spent. What takes for ever ends at the limit of the test. */
function expectCheapRefusal(read: () => unknown): void {
  const memoryBytes = (): number => {
    const usage = process.memoryUsage()
    return usage.heapUsed + usage.arrayBuffers
  }
  // What earlier tests left behind would be collected meanwhile and hide what this one takes.
  collectGarbage()
  const beforeBytes = memoryBytes()
  expectRefused(read)
  expect(memoryBytes() - beforeBytes).toBeLessThan(64 * 1024 * 1024)
}

describe('a section that claims more than it has', () => {
  const claims: readonly (readonly [string, readonly number[]])[] = [
    ['a list of four billion entries', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map of four billion entries', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['a string of four billion bytes', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['four billion bytes', [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ['an extension of four billion bytes', [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['nothing', []],
    [
      'lists of 65,535 entries within each other',
      Array.from({ length: 12 }, () => [0xdc, 0xff, 0xff]).flat(),
    ],
  ]

  it.each(claims.flatMap((claim) => names.map((name) => [name, ...claim] as const)))(
    '%s: %s',
    (name, _title, content) => {
      const file = withSection(name, Uint8Array.from(content))
      expectCheapRefusal(() => decodeProfile(file))
    },
  )

  it('is refused when it is full of lists that promise the rest of it', () => {
    const bomb = new Uint8Array(1024 * 1024)
    const view = new DataView(bomb.buffer)
    for (let at = 0; at + 5 <= bomb.length; at += 5) {
      view.setUint8(at, 0xdd)
      view.setUint32(at + 1, bomb.length - at - 5)
    }
    const file = withSection('modules', bomb)
    expectCheapRefusal(() => decodeProfile(file))
  })

  it('is refused when it is nested a million deep', () => {
    const file = withSection('functions', new Uint8Array(1_000_000).fill(0x91))
    expectCheapRefusal(() => decodeProfile(file))
  })

  it('is refused when it is longer than a section may be', () => {
    const file = withSection('meta', new Uint8Array(limits.structureBytes + 1).fill(0x80))
    expectCheapRefusal(() => decodeProfile(file))
  })

  it('is refused when bytes follow its value', () => {
    const content = encode(profile.meta)
    const longer = new Uint8Array(content.length + 1)
    longer.set(content)
    expectRefused(() => decodeProfile(withSection('meta', longer)))
  })

  it('is refused when a key is __proto__', () => {
    const content = Uint8Array.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x80])
    expectRefused(() => decodeProfile(withSection('meta', content)))
  })
})

describe('a file without one of its sections', () => {
  it.each(names.filter((name) => !laterSections.has(name)))('%s is refused', (name) => {
    const found = decodeContainer(small)
    found.delete(name)
    expectRefused(() => decodeProfile(encodeContainer(found)))
  })

  it.each([...laterSections])('%s is read as empty', (name) => {
    const found = decodeContainer(small)
    found.delete(name)
    expect(decodeProfile(encodeContainer(found))[name]).toEqual([])
  })

  it('codecache is refused when modules point into it', () => {
    const found = decodeContainer(small)
    found.delete('codecache')
    expectRefused(() => decodeProfile(encodeContainer(found)))
  })

  it('codecache is read when no module has a cache', () => {
    const found = decodeContainer(small)
    found.delete('codecache')
    const modules = profile.modules.map((module) => ({ ...module, cacheBytes: 0 }))
    found.set('modules', encodeSection('modules', modules))
    expect(decodeProfile(encodeContainer(found)).codecache).toHaveLength(0)
  })
})

describe('a section of the wrong type', () => {
  it.each(names)('is refused: %s', (name) => {
    for (const value of [null, 1, 'text', {}, new Uint8Array(4), [1], [[]], [{}]]) {
      const file = withSection(name, encode(value))
      expectRefused(() => decodeProfile(file), JSON.stringify(value))
    }
  })
})

describe('a reference that leads nowhere', () => {
  const { modules, functions, requests, curve } = profile
  const changed = <T>(list: readonly T[], change: Partial<T>): T[] =>
    list.map((entry, index) => (index === 0 ? { ...entry, ...change } : entry))
  it.each<[string, Partial<Profile>]>([
    ['modules[].requester', { modules: changed(modules, { requester: modules.length }) }],
    ['functions[].module', { functions: changed(functions, { module: modules.length }) }],
    [
      'routes[].server',
      { requests: { ...requests, routes: changed(requests.routes, { server: 2 }) } },
    ],
    ['curve[].route', { curve: changed(curve, { route: requests.routes.length }) }],
  ])('is refused: %s', (_title, change) => {
    const file = decodeContainer(small)
    for (const name of names) file.set(name, encodeSection(name, { ...profile, ...change }[name]))
    expectRefused(() => decodeProfile(encodeContainer(file)))
  })
})

describe('code caches that do not fill their section', () => {
  it.each<[string, number]>([
    ['one byte too many', 41],
    ['one byte too few', 39],
    ['none', 0],
    ['more than can be counted exactly', Number.MAX_SAFE_INTEGER],
  ])('are refused as soon as modules are read: %s', (_title, cacheBytes) => {
    const modules = profile.modules.map((module, index) =>
      index === 0 ? { ...module, cacheBytes } : module,
    )
    const file = openProfile(withSection('modules', encodeSection('modules', modules)))
    expectRefused(() => file.section('modules'))
  })
})

describe('a list over its own limit', () => {
  it('is refused', () => {
    const servers = Array.from({ length: 1001 }, () => profile.requests.servers[0])
    const file = withSection('requests', encode({ servers, routes: [] }))
    expect(() => decodeProfile(file)).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_LIMIT' }),
    )
  })

  it('is refused for strings as well', () => {
    const appId = 'x'.repeat(limits.stringLength + 1)
    const file = withSection('meta', encode({ ...profile.meta, appId }))
    expect(() => decodeProfile(file)).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_LIMIT' }),
    )
  })
})
