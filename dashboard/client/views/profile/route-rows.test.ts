import { describe, expect, it } from 'vitest'
import type { Distribution, LedgerEntry } from '../../../../formats/profile.ts'
import type { ProfileView, RouteView } from '../../../api.ts'
import { exemplarRows, routeRows, selectRoutes } from './route-rows.ts'

function spread(p50Ms: number): Distribution {
  return { count: 10, meanMs: p50Ms, p50Ms, p90Ms: p50Ms, p99Ms: p50Ms, maxMs: p50Ms }
}

function routeOf(route: string, change: Partial<RouteView> = {}): RouteView {
  return {
    server: 0,
    method: 'GET',
    route,
    count: 5,
    cold: spread(10),
    steady: spread(2),
    exemplars: [],
    ...change,
  }
}

const exemplar = {
  url: '/items/1',
  headers: ['accept', '*/*', 'x-a', '1'],
  body: null,
  bodyBytes: 0,
  status: 200,
  use: 'rehearse',
} as const

const entry: LedgerEntry = {
  route: 0,
  exemplar: 1,
  outcome: 'status-changed',
  status: 401,
  effects: [
    { kind: 'redis', access: 'write', target: 'cache:6379' },
    { kind: 'redis', access: 'write', target: 'cache:6379' },
  ],
  note: '',
}

const view: Pick<ProfileView, 'routes' | 'servers' | 'curve' | 'ledger'> = {
  routes: [
    routeOf('/items/:id', { exemplars: [exemplar, exemplar, exemplar] }),
    routeOf('/', { count: 90, steady: spread(0), server: 1 }),
  ],
  servers: [
    { kind: 'http', ordinal: 0, port: 80, path: null },
    { kind: 'http', ordinal: 1, port: 81, path: null },
  ],
  curve: [{ route: 1, points: [{ first: 1, count: 1, meanMs: 3 }] }],
  ledger: [entry, { ...entry, exemplar: 2, outcome: 'untried', note: 'a POST' }],
}

describe('routeRows', () => {
  it('joins routes with their curves, and names the server where there are several', () => {
    const rows = routeRows(view)
    expect(rows.map(({ name, ratio, curve }) => [name, ratio, curve.length])).toEqual([
      ['GET /items/:id (server 1)', 5, 0],
      ['GET / (server 2)', null, 1],
    ])
  })
})

describe('selectRoutes', () => {
  it('searches and sorts; a route without a ratio is last', () => {
    const rows = routeRows(view)
    expect(selectRoutes(rows, '', 'count')[0]?.index).toBe(1)
    expect(selectRoutes(rows, '', 'ratio')[0]?.index).toBe(0)
    expect(selectRoutes(rows, 'ITEMS', 'count').map(({ index }) => index)).toEqual([0])
  })
})

describe('exemplarRows', () => {
  const rows = routeRows(view)
  const [first, second, third] = rows[0] === undefined ? [] : exemplarRows(view, rows[0])

  it('says of an exemplar without an entry that nobody knows what it does', () => {
    expect(first?.outcome).toMatch(/^Nobody knows/)
    expect(first?.headers).toEqual([
      ['accept', '*/*'],
      ['x-a', '1'],
    ])
  })

  it('names each effect once, and the status of the trial', () => {
    expect(second?.effects).toEqual(['redis write cache:6379'])
    expect(second?.outcome).toBe(
      'It was tried alone in staging and answered with another status: 401.',
    )
  })

  it('says why it was not tried', () => {
    expect(third?.outcome).toBe('It was not tried alone in staging. A POST.')
  })
})
