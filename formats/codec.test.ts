import { readFileSync } from 'node:fs'
import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeProfile, encodeProfile, openProfile } from './codec.ts'
import { decodeContainer, encodeContainer } from './container.ts'
import type { Effect } from './effects.ts'
import { isPrewarmError } from './errors.ts'
import { laterSections, sections, type Profile, type SectionName } from './profile.ts'

const small = new Uint8Array(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))

// Strings are UTF-8 in the file, so lone surrogates cannot come back; zero comes back without its sign.
const text = fc.string({ unit: 'binary', maxLength: 40 })
const whole = fc.maxSafeInteger().map(Math.abs)
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((ms) => ms + 0)
const hash = fc.string({
  unit: fc.constantFrom('0', '7', 'a', 'f'),
  minLength: 64,
  maxLength: 64,
})
const maybe = <T>(inner: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(inner)
const few = <T>(inner: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(inner, { maxLength: 5 })

const meta: fc.Arbitrary<Profile['meta']> = fc.record({
  appId: text,
  createdAt: text,
  recorder: text,
  node: text,
  v8: text,
  arch: text,
  platform: text,
  codeCacheTag: whole,
  execArgv: few(text),
  durationMs: amount,
  listenMs: maybe(amount),
  requestCount: whole,
  profiler: fc.constantFrom('inspector', 'v8-profiler-next', 'none'),
  samplingMicros: whole,
  redactedHeaders: few(text),
  redactedKeys: few(text),
})

const distribution = fc.record({
  count: whole,
  meanMs: amount,
  p50Ms: amount,
  p90Ms: amount,
  p99Ms: amount,
  maxMs: amount,
})

const exemplar: fc.Arbitrary<Profile['requests']['routes'][number]['exemplars'][number]> =
  fc.record({
    url: text,
    headers: few(text),
    body: maybe(fc.uint8Array({ maxLength: 400 })),
    bodyKept: fc.constantFrom('whole', 'none', 'dropped'),
    status: whole,
    use: fc.constantFrom('rehearse', 'compare'),
  })

const server: fc.Arbitrary<Profile['requests']['servers'][number]> = fc.record({
  kind: fc.constantFrom('http', 'https', 'http2'),
  ordinal: whole,
  port: maybe(whole),
  path: maybe(text),
})

/** Any of `count` indices; lists of things that need one are empty when there is none. */
const indexOf = (count: number): fc.Arbitrary<number> => fc.nat(Math.max(0, count - 1))
const fewIf = <T>(count: number, inner: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  count === 0 ? fc.constant([]) : few(inner)

const modulesWith = (count: number): fc.Arbitrary<Profile['modules']> =>
  fc.array(
    fc.record({
      id: text,
      path: text,
      format: fc.constantFrom('cjs', 'esm', 'json', 'builtin', 'addon', 'wasm'),
      sourceHash: maybe(hash),
      sourceLength: whole,
      phase: fc.constantFrom('startup', 'late'),
      selfMs: maybe(amount),
      totalMs: maybe(amount),
      requester: maybe(indexOf(count)),
      cacheBytes: fc.nat(100),
    }),
    { minLength: count, maxLength: count },
  )

const functionsOf = (modules: number): fc.Arbitrary<Profile['functions']> =>
  fewIf(
    modules,
    fc.record({
      module: indexOf(modules),
      name: text,
      line: whole,
      column: whole,
      position: maybe(whole),
      length: maybe(whole),
      sourceHash: maybe(hash),
      selfMs: amount,
      samples: whole,
      tier: maybe(fc.constantFrom('ignition', 'sparkplug', 'maglev', 'turbofan')),
    }),
  )

const requestsOf = (servers: number): fc.Arbitrary<Profile['requests']> =>
  fc.record({
    servers: fc.array(server, { minLength: servers, maxLength: servers }),
    routes: fewIf(
      servers,
      fc.record({
        server: indexOf(servers),
        method: text,
        route: text,
        count: whole,
        cold: distribution,
        steady: distribution,
        exemplars: few(exemplar),
      }),
    ),
  })

const curveOf = (routes: number): fc.Arbitrary<Profile['curve']> =>
  fewIf(
    routes,
    fc.record({
      route: indexOf(routes),
      points: few(fc.record({ first: whole, count: whole, meanMs: amount })),
    }),
  )

/** An exemplar that exists, by the index of its route and its own. */
const placeIn = (requests: Profile['requests']): readonly { route: number; exemplar: number }[] =>
  requests.routes.flatMap(({ exemplars }, route) =>
    exemplars.map((_, exemplar) => ({ route, exemplar })),
  )

const effect: fc.Arbitrary<Effect> = fc.record({
  kind: fc.constantFrom('http', 'postgres', 'tcp', 'file'),
  access: fc.constantFrom('taped', 'read', 'write', 'unknown'),
  target: text,
})

const ledgerOf = (requests: Profile['requests']): fc.Arbitrary<Profile['ledger']> =>
  fc.subarray([...placeIn(requests)]).chain((places) =>
    fc.tuple(
      ...places.map((place) =>
        fc.record({
          route: fc.constant(place.route),
          exemplar: fc.constant(place.exemplar),
          outcome: fc.constantFrom('passed', 'observed', 'status-changed', 'failed', 'untried'),
          status: maybe(whole),
          effects: few(effect),
          note: text,
        }),
      ),
    ),
  )

const tapesOf = (requests: Profile['requests']): fc.Arbitrary<Profile['tapes']> =>
  fc.subarray([...placeIn(requests)]).chain((places) =>
    fc.tuple(
      ...places.map((place) =>
        fc.record({
          route: fc.constant(place.route),
          exemplar: fc.constant(place.exemplar),
          method: text,
          url: text,
          status: whole,
          headers: few(text),
          body: fc.uint8Array(),
        }),
      ),
    ),
  )

const work: fc.Arbitrary<Profile['work']> = few(
  fc.record({
    name: text,
    count: whole,
    cold: distribution,
    steady: distribution,
    samples: few(
      fc.record({
        arguments: text,
        outcome: fc.constantFrom('returned', 'threw'),
        tried: fc.constantFrom('passed', 'outcome-changed', 'timed-out', 'untried'),
        effects: few(effect),
        note: text,
      }),
    ),
    unreplayable: whole,
    obstacle: text,
  }),
)

const profiles: fc.Arbitrary<Profile> = fc
  .record({ modules: fc.nat(6).chain(modulesWith), requests: fc.nat(3).chain(requestsOf) })
  .chain(({ modules, requests }) => {
    const cacheBytes = modules.reduce((total, module) => total + module.cacheBytes, 0)
    return fc.record({
      meta,
      modules: fc.constant(modules),
      functions: functionsOf(modules.length),
      requests: fc.constant(requests),
      curve: curveOf(requests.routes.length),
      ledger: ledgerOf(requests),
      tapes: tapesOf(requests),
      work,
      codecache: fc.uint8Array({ minLength: cacheBytes, maxLength: cacheBytes }),
    })
  })

describe('a profile', () => {
  it('comes back from its file as it was', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(decodeProfile(encodeProfile(profile))).toEqual(profile)
      }),
    )
  })

  it('gives the same file each time', () => {
    const profile = decodeProfile(small)
    expect(encodeProfile(profile)).toEqual(encodeProfile(decodeProfile(encodeProfile(profile))))
  })

  it('is opened section by section', () => {
    const opened = openProfile(small)
    expect(opened.section('meta')).toEqual(decodeProfile(small).meta)
    const first = Object.keys(sections).filter((name) => !laterSections.has(name as SectionName))
    expect([...opened.sizes.keys()]).toEqual([...first, 'codecache'])
    const written = openProfile(encodeProfile(decodeProfile(small)))
    expect([...written.sizes.keys()]).toEqual([...Object.keys(sections), 'codecache'])
  })

  it('is not written with a field that the format does not allow', () => {
    const profile = decodeProfile(small)
    const broken = { ...profile, meta: { ...profile.meta, durationMs: NaN } }
    expect(() => encodeProfile(broken)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_FMT_INVALID',
        message: 'meta.durationMs: expected a number >= 0, found NaN',
      }),
    )
  })

  it('is not written with references that lead nowhere', () => {
    const profile = decodeProfile(small)
    expect(() => encodeProfile({ ...profile, modules: [] })).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_INVALID' }),
    )
  })

  it('is not written when its code caches do not fill their section', () => {
    const profile = decodeProfile(small)
    for (const codecache of [new Uint8Array(0), new Uint8Array(profile.codecache.length + 1)]) {
      expect(() => encodeProfile({ ...profile, codecache })).toThrow(
        expect.objectContaining({ code: 'ERR_PREWARM_FMT_INVALID' }),
      )
    }
  })

  it('is not written when it would be too large to read', () => {
    const profile = decodeProfile(small)
    const entry = profile.functions[0]
    if (entry === undefined) throw new Error('the fixture has functions')
    const functions = Array.from({ length: 195_000 }, () => entry)
    expect(() => encodeProfile({ ...profile, functions })).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_LIMIT' }),
    )
  })
})

describe('what a later minor version may add', () => {
  it('is ignored when it is a section', () => {
    const snapshot = new Uint8Array([0xc1, 0xc1])
    const file = encodeContainer(decodeContainer(small).set('snapshot', snapshot))
    expect(decodeProfile(file)).toEqual(decodeProfile(small))
  })

  it('does no harm when it is a field, in whichever record', () => {
    const extended = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(extended)
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
      const fields = Object.entries(value).map(([key, field]) => [key, extended(field)])
      return { ...Object.fromEntries(fields), later: { than: ['version', 1] } }
    }
    const profile = decodeProfile(small)
    const file = decodeContainer(small)
    for (const name of Object.keys(sections)) {
      file.set(name, encode(extended(decode(file.get(name) ?? encode([])))))
    }
    expect(decodeProfile(encodeContainer(file))).toMatchObject(profile)
  })
})

describe('a damaged file', () => {
  const expectFormatError = (file: Uint8Array, what: string): void => {
    try {
      decodeProfile(file)
    } catch (error) {
      if (isPrewarmError(error) && error.code.startsWith('ERR_PREWARM_FMT_')) return
      throw new Error(`${what} gives an error without a code`, { cause: error })
    }
    throw new Error(`${what} goes unnoticed`)
  }

  it('is refused, whichever of its bits is flipped', () => {
    const file = Uint8Array.from(small)
    const headerBytes = 48
    for (let at = 0; at < file.length; at++) {
      const before = file[at] ?? 0
      // Behind the header a hash covers every byte, and all bits of them would take minutes on a slow machine.
      for (const bit of at < headerBytes ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        file[at] = before ^ (1 << bit)
        expectFormatError(file, `bit ${bit} of byte ${at}`)
      }
      file[at] = before
    }
    expect(decodeProfile(file)).toEqual(decodeProfile(small))
  })

  it('is refused, wherever it ends', () => {
    for (let length = 0; length < small.length; length++) {
      expectFormatError(small.subarray(0, length), `ending after ${length} bytes`)
    }
  })

  it('is refused, whatever it held', () => {
    fc.assert(
      fc.property(profiles, fc.nat(), fc.integer({ min: 1, max: 255 }), (profile, at, change) => {
        const file = encodeProfile(profile)
        const index = at % file.length
        expectFormatError(file.subarray(0, index), `ending after ${index} bytes`)
        file[index] = (file[index] ?? 0) ^ change
        expectFormatError(file, `byte ${index}`)
      }),
    )
  })

  it('is refused when it is anything at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        expectFormatError(input, 'a random file')
        const magic = new TextEncoder().encode('PREWARM\0\x01\0\0\0')
        expectFormatError(Uint8Array.from([...magic, ...input]), 'a random file with magic')
      }),
    )
  })
})
