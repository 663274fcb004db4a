import { expect, it } from 'vitest'
import { defaultPolicy, type Policy } from '../formats/policy.ts'
import type { Exemplar, LedgerEntry, RouteRecord } from '../formats/profile.ts'
import type { SkippedUnit } from '../formats/report.ts'
import { selectCases } from './cases.ts'
import { Units } from './units.ts'

const distribution = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 400 }
const exemplar = (change: Partial<Exemplar> = {}): Exemplar => ({
  url: '/a?b=1',
  headers: ['Host', 'shop.example', 'Connection', 'close', 'Accept', '*/*', 'Content-Length', '9'],
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
const passed = { outcome: 'passed', status: 200, effects: [], note: '' } as const
const select = (
  routes: RouteRecord[],
  change: Partial<Policy & { ledger: LedgerEntry[] }> = {},
) => {
  const named: SkippedUnit[] = []
  const units = new Units(named)
  const ledger = routes.flatMap(({ exemplars }, index) =>
    exemplars.map((_, number) => ({ route: index, exemplar: number, ...passed })),
  )
  const recorded = {
    requests: { servers: [], routes },
    ledger: change.ledger ?? ledger,
    tapes: [],
    work: [],
  }
  const policy = { ...defaultPolicy, ...change }
  return { routes: selectCases(recorded, 0, policy, units), counts: units.counts(), named }
}

it('sends the recorded headers in their order and case, without those of the connection', () => {
  const [found] = select([route()]).routes
  expect(found?.cases).toMatchObject([
    {
      ...{ protocol: 'http/1.1', method: 'GET', url: '/a?b=1', body: null },
      headers: ['Host', 'shop.example', 'Accept', '*/*'],
      ...{ status: 200, deadlineMs: 1200 },
    },
  ])
})

it('leaves out what must not be sent, each with its reason', () => {
  const routes = [
    route({ exemplars: [exemplar(), exemplar({ use: 'compare' })] }),
    route({ method: 'DELETE' }),
    route({ method: 'POST', route: '/b', exemplars: [exemplar({ bodyKept: 'dropped' })] }),
    route({ route: '/socket', exemplars: [exemplar({ status: 101 })] }),
    route({ server: 1 }),
  ]
  const { routes: selected, counts } = select(routes, { rehearse: ['POST /*'] })
  expect(selected).toHaveLength(1)
  expect(counts.skipped).toEqual({
    ...{ HELD_OUT: 1, UNSAFE_METHOD: 1, BODY_NOT_KEPT: 1, PROTOCOL: 1 },
  })
})

it('visits frequent routes up to four times a round, and rare ones only in some rounds', () => {
  const { routes } = select([
    route({ count: 9000 }),
    route({ route: '/b', count: 2000 }),
    ...Array.from({ length: 6 }, (_, index) => route({ route: `/c${index}`, count: 10 })),
  ])
  expect(routes.map(({ visits }) => visits)).toEqual([4, 1, 1, 1, 1, 1, 1, 1])
  expect(routes.map(({ everyRounds }) => everyRounds)).toEqual([1, 1, 14, 14, 14, 14, 14, 14])
})

it('leaves out what was not tried, and what does more than the policy allows', () => {
  const insert = { kind: 'postgres', access: 'write', target: 'db:5432' } as const
  const read = { kind: 'postgres', access: 'read', target: 'db:5432' } as const
  const of = (index: number, change: Partial<LedgerEntry>): LedgerEntry => {
    return { route: index, exemplar: 0, ...passed, ...change }
  }
  const routes = ['/read', '/insert', '/untried', '/lost'].map((name) =>
    route({ route: name, exemplars: [exemplar({ url: name })] }),
  )
  const ledger = [
    of(0, { effects: [read] }),
    of(1, { effects: [read, insert] }),
    of(2, { outcome: 'untried', note: 'clients were being answered all the time' }),
  ]
  const { routes: selected, named } = select(routes, { ledger })
  expect(selected.flatMap(({ cases }) => cases.map(({ name }) => name))).toEqual(['GET /read'])
  expect(named).toEqual([
    { unit: 'GET /insert', reason: 'EFFECT_REFUSED', detail: 'postgres write db:5432' },
    {
      unit: 'GET /untried',
      reason: 'EFFECTS_UNKNOWN',
      detail: 'clients were being answered all the time',
    },
    { unit: 'GET /lost', reason: 'EFFECTS_UNKNOWN', detail: 'recorded without a trial' },
  ])
  const allowing = { ledger, tcp: 'any', allow: ['unknown'] } as const
  expect(select(routes, { ...allowing, allow: ['unknown'] }).routes).toHaveLength(4)
  expect(select(routes, { ledger, tcp: 'deny' }).routes).toHaveLength(0)
})
