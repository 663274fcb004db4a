import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeProfile } from '../formats/codec.ts'
import type { Exemplar, Profile } from '../formats/profile.ts'
import { Scanner } from './scanner.ts'
import { checkSecrets } from './secret-check.ts'

const golden = decodeProfile(
  readFileSync(new URL('../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
const value = 'hush-hush "4711"'
const scanner = new Scanner([{ name: 'API_TOKEN', value }])
const random = 'Zk3vQ8rT1xW9bN5mL2pY7cD4'
const [route, otherRoute] = golden.requests.routes
if (route === undefined || otherRoute === undefined) throw new Error('the fixture has two routes')

const exemplar = (change: Partial<Exemplar> = {}): Exemplar => ({
  url: '/search?page=1',
  headers: ['accept', '*/*'],
  body: null,
  bodyKept: 'none',
  status: 200,
  use: 'rehearse',
  ...change,
})
/** Three requests of one route, the middle one changed, each with an effect and a tape, and another route behind. */
function profileWith(
  change: Partial<Exemplar>,
  effectTarget = 'redis:6379',
  tapeChange: Partial<Profile['tapes'][number]> = {},
): Profile {
  const places = [0, 1, 2].map((index) => ({ route: 0, exemplar: index }))
  return {
    ...golden,
    requests: {
      servers: golden.requests.servers,
      routes: [
        {
          ...route,
          method: 'GET',
          route: '/search',
          exemplars: [exemplar({ url: '/a' }), exemplar(change), exemplar({ url: '/c' })],
        },
        { ...otherRoute, method: 'GET', route: '/other', exemplars: [exemplar()] },
      ],
    } as Profile['requests'],
    curve: [
      { route: 0, points: [] },
      { route: 1, points: [] },
    ],
    ledger: [...places, { route: 1, exemplar: 0 }].map((place, index) => ({
      ...place,
      outcome: 'passed' as const,
      status: 200,
      effects: [
        {
          kind: 'redis' as const,
          access: 'read' as const,
          target: index === 1 ? effectTarget : 'redis:6379',
        },
      ],
      note: '',
    })),
    tapes: places.map((place, index) => ({
      ...place,
      method: 'GET',
      url: 'http://upstream.example/',
      status: 200,
      headers: ['content-type', 'application/json'],
      body: Buffer.from('{}'),
      ...(index === 1 ? tapeChange : {}),
    })),
  }
}

const bytes = (text: string): Exemplar => exemplar({ body: Buffer.from(text), bodyKept: 'whole' })
const notesOf = (profile: Profile): string => checkSecrets(profile, scanner, false).notes.join('\n')

describe('a configured value', () => {
  it.each<[string, Partial<Exemplar>, string]>([
    ['as it is', { url: `/search?q=${value}` }, 'url at 10'],
    ['percent-encoded', { url: `/search?q=${encodeURIComponent(value)}` }, 'url'],
    [
      'percent-encoded twice',
      { url: `/search?q=${encodeURIComponent(encodeURIComponent(value))}` },
      'url',
    ],
    ['in a form', { url: '/search?q=hush-hush+%224711%22' }, 'url'],
    ['in a header', { headers: ['accept', '*/*', 'x-note', `a ${value}`] }, 'header x-note at 2'],
    ['in the name of a header', { headers: [`x-${value}`, 'a'] }, 'headers[0] at 2'],
    ['in JSON', bytes(JSON.stringify({ a: value })), 'body at 6'],
    ['in base64', bytes(Buffer.from(`user:${value}`).toString('base64')), 'body at 7'],
    ['in hexadecimal', bytes(Buffer.from(value).toString('hex')), 'body at 0'],
    ['in UTF-16', { body: Buffer.from(`a${value}`, 'utf16le'), bodyKept: 'whole' }, 'body at 2'],
  ])('%s is found, its request is left out, and the place is told', (_how, change, place) => {
    const { profile, notes } = checkSecrets(profileWith(change), scanner, false)
    expect(profile.requests.routes[0]?.exemplars.map(({ url }) => url)).toEqual(['/a', '/c'])
    expect(notes).toEqual([
      'Recorded requests were left out, since they hold what may be a secret:\n' +
        `  GET /search, request 2, ${place}: the value of API_TOKEN`,
    ])
    expect(scanner.scan(profile)).toEqual([])
  })

  it('in an effect or on a tape takes the request and all of its tapes away', () => {
    for (const [made, place] of [
      [profileWith({}, `http://up.example/${value}`), 'effects[0].target of the ledger at 18'],
      [profileWith({}, undefined, { url: `http://up.example/${value}` }), 'url of a tape at 18'],
      [profileWith({}, undefined, { body: Buffer.from(value) }), 'body of a tape at 0'],
      [profileWith({}, undefined, { headers: ['x-note', value] }), 'header x-note of a tape at 0'],
    ] as const) {
      const { profile, notes } = checkSecrets(made, scanner, false)
      expect(notes.join('\n')).toContain(`GET /search, request 2, ${place}: the value of API_TOKEN`)
      expect(profile.ledger.map(({ route, exemplar }) => [route, exemplar])).toEqual([
        [0, 0],
        [0, 1],
        [1, 0],
      ])
      expect(profile.tapes.map(({ exemplar }) => exemplar)).toEqual([0, 1])
    }
  })

  it('in a call of work takes the call away, and in its name the work', () => {
    const latency = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }
    const call = (text: string, target = 'redis:6379') => ({
      arguments: JSON.stringify([text]),
      outcome: 'returned' as const,
      tried: 'passed' as const,
      effects: [{ kind: 'redis' as const, access: 'read' as const, target }],
      note: '',
    })
    const work = ['resize', value].map((name) => ({
      name,
      count: 4,
      cold: latency,
      steady: latency,
      samples: [call('a'), call(value), call('c', value), call('d')],
      unreplayable: 0,
      obstacle: '',
    }))
    const { profile, notes } = checkSecrets({ ...profileWith({}), work }, scanner, false)
    expect(profile.work).toMatchObject([
      { name: 'resize', samples: [{ arguments: '["a"]' }, { arguments: '["d"]' }] },
    ])
    expect(profile.requests.routes[0]?.exemplars).toHaveLength(3)
    expect(notes.join('\n')).toMatch(
      /^Recorded calls were left out.*\n {2}resize, call 2, arguments.*\n {2}resize, call 3, effects\[0\].target.*\n {2}work 2, name of the work/,
    )
    expect(notes.join('\n')).not.toContain(value)
  })

  it('in the name of a route takes the route away, with its curve', () => {
    const made = profileWith({})
    const routes = made.requests.routes.map((each, index) =>
      index === 0 ? { ...each, route: `/hooks/${value}` } : each,
    )
    const { profile, notes } = checkSecrets(
      { ...made, requests: { ...made.requests, routes } },
      scanner,
      false,
    )
    expect(profile.requests.routes.map((each) => each.route)).toEqual(['/other'])
    expect(profile.curve).toEqual([{ route: 0, points: [] }])
    expect(profile.ledger).toMatchObject([{ route: 0, exemplar: 0 }])
    expect(profile.tapes).toEqual([])
    expect(notes.join()).toContain('route 1, route of the route at 7: the value of API_TOKEN')
  })

  it.each<[string, Partial<Profile>]>([
    ['meta.execArgv[1]', { meta: { ...golden.meta, execArgv: ['-a', `--b=${value}`] } }],
    [
      'modules[0].id',
      { modules: golden.modules.map((module) => ({ ...module, id: `${value}.js` })) },
    ],
    [
      'functions[0].name',
      { functions: golden.functions.map((entry) => ({ ...entry, name: value })) },
    ],
  ])('in %s: nothing is written, and the error does not tell it', (place, change) => {
    const made = { ...profileWith({}), ...change }
    expect(() => checkSecrets(made, scanner, false)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_REC_SECRET',
        message: expect.stringContaining(place) as string,
        hint: expect.stringContaining('--allow-secrets') as string,
      }),
    )
    expect(() => checkSecrets(made, scanner, false)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') as string }),
    )
  })

  it('in a code cache is a literal of the application: a remark, and nothing is left out', () => {
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const codecache = Buffer.alloc(golden.codecache.length)
      codecache.write(value, 41, encoding)
      const { profile, notes } = checkSecrets({ ...profileWith({}), codecache }, scanner, false)
      expect(profile.requests.routes[0]?.exemplars).toHaveLength(3)
      const second = golden.modules.filter(({ cacheBytes }) => cacheBytes > 0)[1]?.id ?? ''
      expect(notes.join()).toContain(`code cache of ${second} at 41: the value of API_TOKEN`)
    }
  })

  it('is never told, wherever it is', () => {
    const headers = [`x-${value}`, value]
    const made = profileWith({ url: `/${value}`, headers, body: Buffer.from(value) })
    const routes = made.requests.routes.map((each) => ({ ...each, route: `/${value}` }))
    const all = { ...made, requests: { ...made.requests, routes } }
    expect(notesOf(all)).not.toContain('hush')
    expect(checkSecrets(all, scanner, true).notes.join()).not.toContain('hush')
  })
})

describe('what looks like a credential', () => {
  it.each<[string, Partial<Exemplar>, string]>([
    ['in a query', { url: `/search?q=${random}` }, 'what looks like a random credential'],
    ['in a header', { headers: ['x-note', random] }, 'what looks like a random credential'],
    ['in a body', bytes(`{"a":"${random}"}`), 'what looks like a random credential'],
    [
      'by its form',
      { url: '/search?q=ghp_0123456789abcdefghij' },
      'what has the form of a credential',
    ],
  ])('%s takes its request away', (_place, change, what) => {
    expect(notesOf(profileWith(change))).toContain(what)
  })

  it.each(['if-none-match', 'ETag', 'x-request-id', 'traceparent', 'sec-websocket-key'])(
    'is ordinary in the header %s',
    (name) => {
      expect(notesOf(profileWith({ headers: [name, `"${random}"`] }))).toBe('')
      expect(notesOf(profileWith({ headers: [name, value] }))).toContain('API_TOKEN')
    },
  )

  it('by chance alone is no trouble in the names of the application', () => {
    const modules = golden.modules.map((module) => ({
      ...module,
      id: `.pnpm/a@1.0.0_pkc6bk3sx3q7nhlh2hxbi6k7ze/${random}.js`,
    }))
    expect(notesOf({ ...profileWith({}), modules })).toBe('')
  })
})

describe('a profile without secrets', () => {
  it('is written as it is', () => {
    const made = profileWith({})
    expect(checkSecrets(made, scanner, false)).toEqual({ profile: made, notes: [] })
    expect(checkSecrets(golden, scanner, false)).toEqual({ profile: golden, notes: [] })
  })
})

it('what is allowed is written, and told', () => {
  const made = profileWith({ url: `/search?q=${value}` })
  const { profile, notes } = checkSecrets(made, scanner, true)
  expect(profile).toBe(made)
  expect(notes).toEqual([
    'Written as asked, with what may be secrets:\n' +
      '  GET /search, request 2, url at 10: the value of API_TOKEN',
  ])
})

it('names the first of many', () => {
  const routes = profileWith({}).requests.routes.map((each) => ({
    ...each,
    exemplars: Array.from({ length: 8 }, () => exemplar({ url: `/${value}` })),
  }))
  const made: Profile = {
    ...golden,
    requests: { ...golden.requests, routes },
    ledger: [],
    tapes: [],
  }
  const lines = notesOf(made).split('\n')
  expect(lines).toHaveLength(12)
  expect(lines.at(-1)).toBe('  and 6 more')
})
