import { expect, it } from 'vitest'
import type { Exemplar, Requests, RouteRecord } from '../formats/profile.ts'
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
const select = (routes: RouteRecord[], allowed: string[] = []) => {
  const units = new Units([])
  const requests: Requests = { servers: [], routes }
  return { routes: selectCases(requests, 0, allowed, units), counts: units.counts() }
}

it('sends the recorded headers in their order and case, and its own for the connection', () => {
  const [found] = select([route()]).routes
  expect(found?.cases[0]?.bytes.toString()).toBe(
    'GET /a?b=1 HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n',
  )
  expect(found?.cases[0]).toMatchObject({ status: 200, deadlineMs: 1200 })
})

it('a body gets its length', () => {
  const body = Buffer.from('{"q":"ä"}')
  const post = route({ method: 'POST', exemplars: [exemplar({ body, bodyKept: 'whole' })] })
  const [found] = select([post], ['POST /a']).routes
  expect(found?.cases[0]?.bytes.toString()).toContain('Content-Length: 10\r\n')
  expect(found?.cases[0]?.bytes.toString().endsWith('\r\n\r\n{"q":"ä"}')).toBe(true)
})

it('leaves out what must not be sent, each with its reason', () => {
  const routes = [
    route({ exemplars: [exemplar(), exemplar({ use: 'compare' })] }),
    route({ method: 'DELETE' }),
    route({ method: 'POST', route: '/b', exemplars: [exemplar({ bodyKept: 'dropped' })] }),
    route({ server: 1 }),
  ]
  const { routes: selected, counts } = select(routes, ['POST /*'])
  expect(selected).toHaveLength(1)
  expect(counts.skipped).toEqual({ HELD_OUT: 1, UNSAFE_METHOD: 1, BODY_NOT_KEPT: 1 })
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
