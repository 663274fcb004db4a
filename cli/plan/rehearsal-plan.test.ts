import { describe, expect, it } from 'vitest'
import type { Effect } from '../../formats/effects.ts'
import { defaultPolicy, refusalOf, type Policy } from '../../formats/policy.ts'
import type {
  Exemplar,
  LedgerEntry,
  RouteRecord,
  WorkRecord,
  WorkSample,
} from '../../formats/profile.ts'
import { planRehearsal, type RefusedGroup, type WorkPlan } from './rehearsal-plan.ts'

const distribution = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }
const exemplar = (change: Partial<Exemplar> = {}): Exemplar => ({
  url: '/a',
  headers: [],
  body: null,
  bodyKept: 'none',
  status: 200,
  use: 'rehearse',
  ...change,
})
const route = (change: Partial<RouteRecord> = {}): RouteRecord => ({
  server: 0,
  method: 'GET',
  route: '/a',
  count: 10,
  cold: distribution,
  steady: distribution,
  exemplars: [exemplar()],
  ...change,
})
const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  route: 0,
  exemplar: 0,
  outcome: 'passed',
  status: 200,
  effects: [],
  note: '',
  ...change,
})
const effect = (kind: Effect['kind'], access: Effect['access'], target = 'db:1'): Effect => {
  return { kind, access, target }
}
const plan = (
  routes: readonly RouteRecord[],
  ledger: readonly LedgerEntry[],
  policy: Partial<Policy> = {},
): ReturnType<typeof planRehearsal> =>
  planRehearsal(
    { requests: { servers: [], routes }, ledger, work: [] },
    { ...defaultPolicy, ...policy },
  )

/** Why the only request of a route is not rehearsed. */
const refused = (
  one: RouteRecord,
  ledger: readonly LedgerEntry[],
  policy: Partial<Policy> = {},
): RefusedGroup | undefined => plan([one], ledger, policy).routes[0]?.refused[0]

describe('a route', () => {
  it('counts what is rehearsed, refused and held out, with its share of the traffic', () => {
    const routes = [
      route({ count: 25, method: 'POST' }),
      route({
        count: 75,
        exemplars: [exemplar(), exemplar(), exemplar(), exemplar({ use: 'compare' })],
      }),
    ]
    const ledger = [0, 1].map((index) => entry({ route: 1, exemplar: index }))
    const { rehearsedShare, routes: plans } = plan(routes, ledger)
    expect(rehearsedShare).toBe(0.75)
    expect(plans).toMatchObject([
      { method: 'GET', share: 0.75, exemplars: { rehearsed: 2, refused: 1, heldOut: 1 } },
      { method: 'POST', share: 0.25, exemplars: { rehearsed: 0, refused: 1, heldOut: 0 } },
    ])
  })

  it('names each effect once, and whether the policy allows it', () => {
    const effects = [effect('postgres', 'read'), effect('redis', 'write')]
    const exemplars = [exemplar(), exemplar()]
    const ledger = [0, 1].map((index) => entry({ exemplar: index, effects }))
    const [only] = plan([route({ exemplars })], ledger).routes
    expect(only?.effects).toEqual([
      { name: 'postgres read db:1', allowed: true },
      { name: 'redis write db:1', allowed: false },
    ])
    expect(only?.refused).toMatchObject([{ reason: 'EFFECT_REFUSED', exemplars: 2 }])
  })

  it('of which nothing was kept is not covered, and no traffic is no share', () => {
    expect(plan([route({ exemplars: [] })], []).rehearsedShare).toBe(0)
    expect(plan([], [])).toMatchObject({ rehearsedShare: 0, routes: [] })
    expect(plan([route({ count: 0 })], [entry()]).routes[0]?.share).toBe(0)
  })
})

describe('advice', () => {
  it('names the option for an unsafe method, with those for what comes after it', () => {
    const post = route({ method: 'POST', route: '/orders' })
    const effects = [
      effect('redis', 'write'),
      effect('redis', 'write', 'other:2'),
      effect('file', 'write', "/tmp/o'x,y"),
      effect('http', 'unknown', 'POST http://up/x'),
    ]
    const found = refused(post, [entry({ effects })])
    expect(found).toMatchObject({ reason: 'UNSAFE_METHOD', detail: '' })
    expect(found?.options).toEqual([
      "--rehearse 'POST /orders'",
      "--allow 'redis write *'",
      String.raw`--allow 'file write /tmp/o'\''x*'`,
    ])
    expect(found?.advice).toContain('Record again')
  })

  const effects: readonly [Effect, Partial<Policy>, string][] = [
    [effect('postgres', 'read'), { tcp: 'deny' }, '--tcp read'],
    [effect('dns', 'read', 'db.example'), { tcp: 'deny' }, '--tcp read'],
    [effect('mysql', 'unknown'), {}, "--allow 'mysql unknown *'"],
    [effect('udp', 'write', '10.0.0.1:8125'), {}, "--allow 'udp write *'"],
    [effect('process', 'write', 'git gc'), {}, "--allow 'process write git gc'"],
  ]
  it.each(effects)('for %j with %j is %s, and heeded it helps', (one, policy, option) => {
    const ledger = [entry({ effects: [one] })]
    expect(refused(route(), ledger, policy)).toMatchObject({
      reason: 'EFFECT_REFUSED',
      options: [option],
    })
    const [, list, name] = /^--(\w+) '?(.*?)'?$/.exec(option) ?? []
    const heeded = list === 'tcp' ? { tcp: 'read' as const } : { allow: [name ?? ''] }
    const all = { ...defaultPolicy, ...policy, ...heeded }
    expect(refusalOf(route(), exemplar(), ledger[0], all)).toBeUndefined()
  })

  const others: readonly [string, RouteRecord, LedgerEntry[], Partial<Policy>, RegExp, string[]][] =
    [
      ['EFFECTS_UNKNOWN', route(), [], {}, /Record again/, ['--allow unknown']],
      ['REQUEST_FAILED', route(), [entry({ outcome: 'failed' })], {}, /Record again/, []],
      ['TIMED_OUT', route(), [entry({ outcome: 'timed-out' })], {}, /Record again/, []],
      [
        'STATUS_CHANGED',
        route(),
        [entry({ outcome: 'status-changed', status: 401 })],
        {},
        /credentials/,
        [],
      ],
      [
        'STATUS_CHANGED',
        route(),
        [entry({ outcome: 'status-changed', status: 404 })],
        {},
        /depends/,
        [],
      ],
      ['ROUTE_SKIPPED', route(), [entry()], { skip: ['GET /b', 'GET /*'] }, /by 'GET \/\*'\.$/, []],
      [
        'EFFECT_NOT_TAPED',
        route(),
        [entry({ effects: [effect('http', 'unknown')] })],
        {},
        /kept/,
        [],
      ],
      [
        'BODY_NOT_KEPT',
        route({ exemplars: [exemplar({ bodyKept: 'dropped' })] }),
        [],
        {},
        /^$/,
        [],
      ],
    ]
  it.each(others)('for %s', (reason, one, ledger, policy, advice, options) => {
    expect(refused(one, ledger, policy)).toMatchObject({
      reason,
      advice: expect.stringMatching(advice) as unknown,
      options,
    })
  })
})

describe('work', () => {
  const sample = (change: Partial<WorkSample> = {}): WorkSample => ({
    arguments: '[]',
    outcome: 'returned',
    tried: 'passed',
    effects: [],
    note: '',
    ...change,
  })
  const work = (samples: readonly WorkSample[], change: Partial<WorkRecord> = {}): WorkRecord => ({
    name: 'resize',
    count: 10,
    cold: distribution,
    steady: distribution,
    samples,
    unreplayable: 0,
    obstacle: '',
    ...change,
  })
  const planned = (
    all: readonly WorkRecord[],
    policy: Partial<Policy> = {},
  ): ReturnType<typeof planRehearsal> =>
    planRehearsal(
      { requests: { servers: [], routes: [] }, ledger: [], work: all },
      { ...defaultPolicy, ...policy },
    )

  it('counts what is rehearsed and refused, and is the traffic where there are no requests', () => {
    const writes = sample({ effects: [effect('redis', 'write')] })
    const all = [
      work([sample(), writes, writes], { count: 30 }),
      work([], { name: 'none kept', count: 70 }),
    ]
    const { rehearsedShare, work: plans } = planned(all)
    expect(rehearsedShare).toBe(0.3)
    expect(plans.map(({ name }) => name)).toEqual(['none kept', 'resize'])
    expect(plans[1]).toMatchObject<Partial<WorkPlan>>({
      calls: 30,
      samples: { rehearsed: 1, refused: 2 },
      effects: [{ name: 'redis write db:1', allowed: false }],
    })
    expect(plans[1]?.refused).toMatchObject([
      { reason: 'EFFECT_REFUSED', exemplars: 2, options: ["--allow 'redis write *'"] },
    ])
    expect(planned(all, { allow: ['redis write *'] }).work[1]?.refused).toEqual([])
  })

  const refusals: readonly [string, WorkSample, Partial<Policy>, RegExp, string[]][] = [
    ['ROUTE_SKIPPED', sample(), { skip: ['res*'] }, /by 'res\*'\.$/, []],
    ['OUTCOME_CHANGED', sample({ tried: 'outcome-changed' }), {}, /depends/, []],
    ['TIMED_OUT', sample({ tried: 'timed-out' }), {}, /Record again/, []],
    ['EFFECTS_UNKNOWN', sample({ tried: 'untried' }), {}, /Record again/, ['--allow unknown']],
    ['EFFECT_NOT_TAPED', sample({ effects: [effect('http', 'unknown')] }), {}, /no tapes/, []],
  ]
  it.each(refusals)('for %s says what to do', (reason, one, policy, advice, options) => {
    expect(planned([work([one])], policy).work[0]?.refused).toMatchObject([
      { reason, advice: expect.stringMatching(advice) as unknown, options },
    ])
  })
})
