import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { decodeProfile, encodeProfile } from '../codec.ts'
import { isPrewarmError } from '../errors.ts'
import { anyProfile } from '../fixtures/any-profile.ts'
import { mostKept } from '../most-kept.ts'
import type {
  Distribution,
  Exemplar,
  HotFunction,
  LedgerEntry,
  ModuleRecord,
  Profile,
} from '../profile.ts'
import { mergeProfiles, type Merged } from './merge.ts'
import type { Recording } from './recording.ts'

const small = decodeProfile(readFileSync(new URL('../fixtures/v1/small.prewarm', import.meta.url)))
const hashes = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const [one, other, third] = hashes

/** So few values that recordings have much in common. */
const profiles = anyProfile({
  text: fc.constantFrom('a', 'b', 'c'),
  whole: fc.nat(3),
  amount: fc.integer({ min: 0, max: 40 }).map((ms) => ms / 4),
}).map((profile): Profile => {
  const hash = (found: string | null): string | null =>
    found && (hashes[found.charCodeAt(0) % 3] ?? null)
  return {
    ...profile,
    meta: { ...profile.meta, appId: 'shop', node: 'v24.1.0', platform: 'linux', arch: 'x64' },
    modules: profile.modules.map((each) => ({ ...each, sourceHash: hash(each.sourceHash) })),
    functions: profile.functions.map((each) => ({ ...each, sourceHash: hash(each.sourceHash) })),
  }
})

/** The digest is that of a file: another profile has another one. */
function recordingsOf(
  found: readonly (readonly [profile: Profile, weight: number])[],
): [Recording, ...Recording[]] {
  return found.map(([profile, weight], index) => ({
    name: `${index}.prewarm`,
    digest: String(index).padStart(64, 'd'),
    profile,
    weight,
  })) as [Recording, ...Recording[]]
}

function merge(...found: readonly Profile[]): Merged {
  return mergeProfiles(recordingsOf(found.map((profile) => [profile, 1])))
}

/** With all counts and sums doubled. */
function doubled(profile: Profile): Profile {
  const twice = (distribution: Distribution): Distribution => ({
    ...distribution,
    count: 2 * distribution.count,
  })
  return {
    ...profile,
    meta: {
      ...profile.meta,
      requestCount: 2 * profile.meta.requestCount,
      durationMs: 2 * profile.meta.durationMs,
    },
    functions: profile.functions.map((each) => ({
      ...each,
      selfMs: 2 * each.selfMs,
      samples: 2 * each.samples,
    })),
    requests: {
      ...profile.requests,
      routes: profile.requests.routes.map((route) => ({
        ...route,
        count: 2 * route.count,
        cold: twice(route.cold),
        steady: twice(route.steady),
      })),
    },
    work: profile.work.map((each) => ({
      ...each,
      count: 2 * each.count,
      unreplayable: 2 * each.unreplayable,
      cold: twice(each.cold),
      steady: twice(each.steady),
    })),
  }
}

/** Without what tells where a profile comes from. */
function withoutOrigin({ meta, ...rest }: Profile): unknown {
  return { meta: { ...meta, generation: undefined, parents: undefined }, ...rest }
}

describe('whatever is merged', () => {
  it('with itself doubles counts and changes nothing else', () => {
    fc.assert(
      fc.property(profiles, (recorded) => {
        const { profile } = merge(recorded)
        const { profile: twice, losses } = merge(profile, profile)
        expect(withoutOrigin(twice)).toEqual(withoutOrigin(doubled(profile)))
        expect(losses).toEqual({
          conflicts: [],
          withoutCache: [],
          outdatedFunctions: 0,
          requests: 0,
          calls: 0,
        })
      }),
    )
  })

  it('can be written and read again', () => {
    fc.assert(
      fc.property(fc.array(profiles, { minLength: 1, maxLength: 4 }), (found) => {
        const { profile } = merge(...found)
        expect(decodeProfile(encodeProfile(profile))).toEqual(profile)
      }),
    )
  })

  it('can be written and read again however large its numbers are', () => {
    const huge = anyProfile({
      text: fc.constantFrom('a', 'b'),
      whole: fc.maxSafeInteger().map(Math.abs),
      amount: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((ms) => ms + 0),
    }).map((profile) => {
      const { meta } = profile
      return { ...profile, meta: { ...meta, appId: '', node: '', platform: '', arch: '' } }
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(huge, fc.constantFrom(0.001, 1, 1000)), { minLength: 1, maxLength: 3 }),
        (found) => {
          const { profile } = mergeProfiles(recordingsOf(found))
          expect(decodeProfile(encodeProfile(profile))).toEqual(profile)
        },
      ),
    )
  })

  it('is the same in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(profiles, fc.constantFrom(0.5, 1, 3)), { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (found, numbers) => {
          const recordings = recordingsOf(found)
          const shuffled = recordings
            .map((recording) => ({ recording, at: Number(numbers.next().value) }))
            .sort((a, b) => a.at - b.at)
            .map(({ recording }) => recording) as [Recording, ...Recording[]]
          expect(mergeProfiles(shuffled).profile).toEqual(mergeProfiles(recordings).profile)
        },
      ),
    )
  })

  it('has all requests, calls and samples of sources that count, and every module once', () => {
    fc.assert(
      fc.property(fc.array(profiles, { minLength: 1, maxLength: 4 }), (found) => {
        const { profile, losses } = merge(...found)
        const total = (of: (each: Profile) => readonly number[]): number =>
          found.flatMap(of).reduce((sum, count) => sum + count, 0)
        const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)
        const routes = ({ requests }: Profile): number[] =>
          requests.routes.map(({ count }) => count)
        const calls = ({ work }: Profile): number[] => work.map(({ count }) => count)
        expect(sum(routes(profile))).toBe(total(routes))
        expect(sum(calls(profile))).toBe(total(calls))
        const samples = ({ functions }: Profile): number[] =>
          functions.map(({ samples }) => samples)
        if (losses.outdatedFunctions === 0) expect(sum(samples(profile))).toBe(total(samples))
        const paths = new Set(found.flatMap(({ modules }) => modules.map(({ path }) => path)))
        expect(new Set(profile.modules.map(({ path }) => path))).toEqual(paths)
      }),
    )
  })
})

const [first] = small.modules as readonly [ModuleRecord]
const [hot] = small.functions as readonly [HotFunction]
const [route] = small.requests.routes as readonly [Profile['requests']['routes'][number]]
const [exemplar] = route.exemplars as readonly [Exemplar]

/** A recording of an application with one module, as much newer as `day` is larger. */
function recorded(day: number, part: Partial<Profile> = {}): Profile {
  const bare = { modules: [], functions: [], curve: [], ledger: [], tapes: [], work: [] }
  const createdAt = new Date(Date.UTC(2026, 0, day)).toISOString()
  return {
    ...small,
    ...bare,
    requests: { servers: small.requests.servers, routes: [] },
    codecache: new Uint8Array(),
    ...part,
    meta: { ...small.meta, createdAt, ...part.meta },
  }
}

const moduleOf = (path: string, rest: Partial<ModuleRecord> = {}): ModuleRecord => ({
  ...first,
  id: path,
  path,
  format: 'cjs',
  sourceHash: one,
  requester: null,
  cacheBytes: 0,
  ...rest,
})

describe('modules', () => {
  test('are in the order of the most requests, others behind what they came after', () => {
    const heavy = recorded(1, { modules: ['a', 'b', 'd'].map((name) => moduleOf(name)) })
    const light = recorded(2, {
      modules: ['x', 'a', 'c', 'd', 'e'].map((name, index) =>
        moduleOf(name, { requester: index === 2 ? 1 : null }),
      ),
      meta: { ...small.meta, requestCount: 1, createdAt: '2026-01-02' },
    })
    const { modules } = merge(light, heavy).profile
    expect(modules.map(({ path }) => path)).toEqual(['x', 'a', 'c', 'b', 'd', 'e'])
    expect(modules[2]?.requester).toBe(1)
  })

  test('of another source are told, and the newest counts', () => {
    const { profile, losses } = merge(
      recorded(3, { modules: [moduleOf('a', { sourceHash: other, id: 'new' })] }),
      recorded(1, { modules: [moduleOf('a', { id: 'old' })] }),
    )
    expect(profile.modules).toMatchObject([{ id: 'new', sourceHash: other }])
    expect(losses.conflicts).toEqual([{ path: 'a', kept: '0.prewarm', outdated: ['1.prewarm'] }])
  })

  test('have code caches of one tag and of their source, the newest of these', () => {
    const cached = (
      day: number,
      tag: number,
      ...caches: (readonly [string, string, number])[]
    ): Profile =>
      recorded(day, {
        modules: caches.map(([path, sourceHash]) => moduleOf(path, { sourceHash, cacheBytes: 2 })),
        codecache: Uint8Array.from(caches.flatMap(([, , byte]) => [byte, byte])),
        meta: { ...small.meta, codeCacheTag: tag, createdAt: `2026-01-0${day}` },
      })
    const { profile, losses } = merge(
      cached(1, 7, ['a', one, 1], ['b', one, 2], ['c', one, 3]),
      cached(2, 8, ['a', one, 4], ['d', one, 5]),
      cached(3, 7, ['a', one, 6], ['b', other, 7]),
    )
    const byPath = profile.modules.map(({ path, cacheBytes }) => [path, cacheBytes])
    expect(Object.fromEntries(byPath)).toEqual({ a: 2, b: 2, c: 2, d: 0 })
    const order = profile.modules.flatMap(({ path, cacheBytes }) => (cacheBytes > 0 ? path : []))
    const bytes = order.map((_, index) => profile.codecache[2 * index])
    expect(Object.fromEntries(order.map((path, index) => [path, bytes[index]]))).toEqual({
      a: 6,
      b: 7,
      c: 3,
    })
    expect(profile.meta.codeCacheTag).toBe(7)
    expect(losses.withoutCache).toEqual(['d'])
  })
})

describe('functions', () => {
  const functionOf = (rest: Partial<HotFunction>): HotFunction => ({
    ...hot,
    module: 0,
    name: 'f',
    line: 1,
    column: 1,
    position: 0,
    sourceHash: one,
    selfMs: 10,
    samples: 1,
    tier: null,
    ...rest,
  })
  const withFunctions = (day: number, sourceHash: string, ...functions: HotFunction[]): Profile =>
    recorded(day, { modules: [moduleOf('a', { sourceHash })], functions })

  test('add up, keep the highest tier, and are sorted by samples', () => {
    const { functions } = merge(
      withFunctions(
        1,
        one,
        functionOf({ samples: 5, tier: 'maglev' }),
        functionOf({ samples: 3, line: 2, position: 9 }),
      ),
      withFunctions(2, one, functionOf({ samples: 3, line: 2, position: 9, tier: 'ignition' })),
    ).profile
    expect(functions).toMatchObject([
      { line: 2, samples: 6, selfMs: 20, tier: 'ignition' },
      { line: 1, samples: 5, selfMs: 10, tier: 'maglev' },
    ])
  })

  test('whose source one recording could not read are the same', () => {
    const unread = functionOf({ sourceHash: null, length: null })
    const { functions } = merge(
      withFunctions(2, one, unread),
      withFunctions(1, one, functionOf({ length: 4, tier: 'turbofan' })),
    ).profile
    expect(functions).toMatchObject([{ sourceHash: one, length: 4, samples: 2, tier: 'turbofan' }])
  })

  test('of a module that has changed count where the newer one has the same source', () => {
    const { profile, losses } = merge(
      withFunctions(1, one, functionOf({ samples: 7 }), functionOf({ line: 5, sourceHash: third })),
      withFunctions(2, other, functionOf({ line: 9, position: 99, samples: 1 })),
    )
    expect(profile.functions).toMatchObject([{ line: 9, position: 99, samples: 8 }])
    expect(losses.outdatedFunctions).toBe(1)
  })
})

describe('requests', () => {
  const asked = (url: string, use: Exemplar['use'] = 'rehearse'): Exemplar => ({
    ...exemplar,
    url,
    body: null,
    bodyKept: 'none',
    use,
  })
  const withRoute = (
    day: number,
    exemplars: readonly Exemplar[],
    ledger: readonly LedgerEntry[] = [],
  ): Profile =>
    recorded(day, {
      requests: { ...small.requests, routes: [{ ...route, exemplars }] },
      ledger,
    })
  const exemplarsOf = ({ profile }: Merged): (readonly string[])[] =>
    (profile.requests.routes[0]?.exemplars ?? []).map(({ url, use }) => [url, use])

  test('that were held out once stay held out', () => {
    const merged = merge(
      withRoute(1, [asked('/1'), asked('/2', 'compare')]),
      withRoute(2, [asked('/2'), asked('/3')]),
    )
    // The newest has as many requests as the other one, and so comes first.
    expect(exemplarsOf(merged)).toEqual([
      ['/2', 'compare'],
      ['/1', 'rehearse'],
      ['/3', 'rehearse'],
    ])
  })

  test('are not all held out', () => {
    const merged = merge(
      withRoute(1, [asked('/1'), asked('/2', 'compare')]),
      withRoute(2, [asked('/2'), asked('/1', 'compare')]),
    )
    expect(
      exemplarsOf(merged)
        .map(([, use]) => use)
        .sort(),
    ).toEqual(['compare', 'rehearse'])
  })

  test('are as many as a recorder keeps, from each recording, a quarter held out', () => {
    const many = (name: string): Exemplar[] =>
      Array.from({ length: mostKept.exemplarsPerRoute }, (_, index) =>
        asked(`/${name}${index}`, index % mostKept.heldOutEvery === 1 ? 'compare' : 'rehearse'),
      )
    const merged = merge(withRoute(1, many('a')), withRoute(2, many('b')))
    const found = exemplarsOf(merged)
    expect(found).toHaveLength(mostKept.exemplarsPerRoute)
    expect(found.filter(([, use]) => use === 'compare')).toHaveLength(4)
    expect(found.filter(([url = '']) => url.startsWith('/a'))).toHaveLength(8)
    expect(merged.losses.requests).toBe(mostKept.exemplarsPerRoute)
  })

  test('are as the newest recording has them that tried them, with the effects of all', () => {
    const entry = (outcome: LedgerEntry['outcome'], target: string): LedgerEntry => ({
      route: 0,
      exemplar: 0,
      outcome,
      status: 200,
      effects: [{ kind: 'redis', access: 'write', target }],
      note: outcome,
    })
    const { profile } = merge(
      withRoute(1, [asked('/1')], [entry('failed', 'a')]),
      withRoute(2, [{ ...asked('/1'), status: 203 }], [entry('passed', 'b')]),
      withRoute(3, [asked('/1')], [entry('untried', 'c')]),
    )
    expect(profile.requests.routes[0]?.exemplars).toMatchObject([{ url: '/1', status: 203 }])
    const [merged, ...others] = profile.ledger
    expect(others).toEqual([])
    expect(merged).toMatchObject({ outcome: 'passed', note: 'passed' })
    expect(merged?.effects.map(({ target }) => target).sort()).toEqual(['a', 'b', 'c'])
  })

  test('count by the weight of their recording', () => {
    const { profile } = mergeProfiles(
      recordingsOf([
        [withRoute(1, [asked('/1')]), 0.5],
        [withRoute(2, [asked('/1')]), 2],
      ]),
    )
    expect(profile.requests.routes[0]?.count).toBe(2.5 * route.count)
    expect(profile.meta.requestCount).toBe(
      Math.round(0.5 * small.meta.requestCount) + 2 * small.meta.requestCount,
    )
  })
})

describe('where a merged profile comes from', () => {
  test('is told by its generation and the files', () => {
    const { meta } = merge(small, merge(small, small).profile).profile
    expect(meta.generation).toBe(2)
    expect(meta.parents).toHaveLength(2)
    expect(small.meta.generation).toBeUndefined()
  })

  test.each([
    ['application', { appId: 'other:server.js' }],
    ['Node line', { node: 'v26.0.0' }],
    ['processor type', { arch: 'arm64' }],
    ['processor type', { platform: 'darwin' }],
  ])('cannot be another %s', (what, meta) => {
    let error: unknown
    try {
      merge(small, { ...small, meta: { ...small.meta, ...meta } })
    } catch (caught) {
      error = caught
    }
    expect(isPrewarmError(error) && error.code).toBe('ERR_PREWARM_FMT_MERGE')
    expect(String(error)).toContain(`Another ${what}: `)
  })
})
