import { expect, test } from 'vitest'
import type { Exemplar, Requests, RouteRecord } from '../../formats/profile.ts'
import { countRehearsed, selectRequests, withoutBroken } from './requests.ts'

const distribution = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }

function exemplar(url: string, use: Exemplar['use'], rest: Partial<Exemplar> = {}): Exemplar {
  return { url, headers: [], body: null, bodyKept: 'none', status: 200, use, ...rest }
}

function route(method: string, pattern: string, exemplars: Exemplar[], server = 0): RouteRecord {
  return {
    server,
    method,
    route: pattern,
    count: 10,
    cold: distribution,
    steady: distribution,
    exemplars,
  }
}

function recorded(routes: RouteRecord[]): Requests {
  return {
    servers: [
      { kind: 'http', ordinal: 1, port: 3000, path: null },
      { kind: 'http', ordinal: 0, port: 9090, path: null },
    ],
    routes,
  }
}

function paths(requests: Requests, allowList: readonly string[] = []): readonly string[] {
  return selectRequests(requests, allowList, 4).requests.map(
    ({ method, path }) => `${method} ${path}`,
  )
}

test('measures with held-out requests, as many of a route as asked for', () => {
  const held = [1, 2, 3, 4, 5].map((id) => exemplar(`/items/${id}`, 'compare'))
  const requests = recorded([
    route('GET', '/items/:id', [exemplar('/items/0', 'rehearse'), ...held]),
  ])
  expect(paths(requests)).toEqual(['GET /items/1', 'GET /items/2', 'GET /items/3', 'GET /items/4'])
  expect(countRehearsed(selectRequests(requests, [], 4).requests, requests, [])).toBe(0)
})

test('a route without held-out requests gives its first one, which is counted as rehearsed', () => {
  const requests = recorded([
    route('GET', '/', [exemplar('/', 'rehearse'), exemplar('/?a', 'rehearse')]),
    route('GET', '/b', [exemplar('/b', 'compare')]),
  ])
  const { requests: chosen } = selectRequests(requests, [], 4)
  expect(chosen.map(({ path }) => path)).toEqual(['/', '/b'])
  expect(countRehearsed(chosen, requests, [])).toBe(1)
})

test('unsafe methods are measured only when their route is allowed, by name or by prefix', () => {
  const body = Buffer.from('{}')
  const requests = recorded([
    route('POST', '/graphql', [exemplar('/graphql', 'rehearse', { body, bodyKept: 'whole' })]),
    route('DELETE', '/api/items/:id', [exemplar('/api/items/1', 'compare')]),
  ])
  expect(paths(requests)).toEqual([])
  expect(paths(requests, ['POST /graphql'])).toEqual(['POST /graphql'])
  expect(paths(requests, ['POST /graph'])).toEqual([])
  expect(paths(requests, ['DELETE /api/*'])).toEqual(['DELETE /api/items/1'])
  const { requests: chosen } = selectRequests(requests, ['POST /graphql'], 4)
  expect(countRehearsed(chosen, requests, ['POST /graphql'])).toBe(1)
  expect(countRehearsed(chosen, requests, [])).toBe(0)
})

test('requests whose body was not kept are left out', () => {
  const requests = recorded([
    route('GET', '/a', [exemplar('/a', 'compare', { bodyKept: 'dropped' })]),
  ])
  expect(paths(requests)).toEqual([])
})

test('headers of the recorded connection are not sent again, repeated ones are kept', () => {
  const headers = ['Host', 'old', 'Accept', 'a', 'accept', 'b', 'Connection', 'close', 'X-A', '1']
  const requests = recorded([route('GET', '/', [exemplar('/', 'compare', { headers })])])
  expect(selectRequests(requests, [], 4).requests[0]?.headers).toEqual({
    Accept: ['a', 'b'],
    'X-A': '1',
  })
})

test('only the server with the most traffic is asked, and that is said', () => {
  const requests = recorded([
    route('GET', '/', [exemplar('/', 'compare')], 0),
    route('GET', '/metrics', [exemplar('/metrics', 'compare')], 1),
  ])
  const selection = selectRequests(requests, [], 4)
  expect(selection.serverOrdinal).toBe(1)
  expect(selection.requests).toHaveLength(1)
  expect(selection.notes).toEqual([
    'Only the server with the most traffic is measured; 1 routes of others are not.',
  ])
})

test('a round is kept to the hundred requests of the most frequent routes', () => {
  const many = Array.from({ length: 120 }, (_, index) =>
    route('GET', `/${index}`, [exemplar(`/${index}`, 'compare')]),
  )
  const selection = selectRequests(recorded(many), [], 4)
  expect(selection.requests).toHaveLength(100)
  expect(selection.notes[0]).toContain('120 requests were recorded')
})

test('does not measure with what was answered otherwise in the trial', () => {
  const requests = recorded([
    route(
      'GET',
      '/a',
      ['/a', '/b', '/c'].map((url) => exemplar(url, 'compare')),
    ),
  ])
  const tried = { route: 0, effects: [], note: '' }
  const ledger = [
    { ...tried, exemplar: 0, outcome: 'status-changed', status: 401 },
    { ...tried, exemplar: 1, outcome: 'passed', status: 200 },
    { ...tried, exemplar: 2, outcome: 'untried', status: null },
  ] as const
  expect(paths(withoutBroken({ requests, ledger }))).toEqual(['GET /b', 'GET /c'])
})
