import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import {
  decodeProfile,
  type Exchange,
  type LedgerEntry,
  type Profile,
} from '../../formats/index.ts'
import { renderRoutes } from './routes.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  route: 0,
  exemplar: 0,
  outcome: 'passed',
  status: 200,
  effects: [],
  note: '',
  ...change,
})
const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  route: 0,
  exemplar: 0,
  method: 'GET',
  url: 'http://upstream/price',
  status: 200,
  headers: [],
  body: new Uint8Array(1000),
  ...change,
})
const render = (change: Partial<Profile>): string =>
  stripVTControlCharacters(renderRoutes('shop.prewarm', { ...golden, ...change }))

it('shows of each route its trial, its effects and its tapes', () => {
  const read = { kind: 'postgres', access: 'read', target: 'db:5432' } as const
  const call = { kind: 'http', access: 'taped', target: 'GET http://upstream/price' } as const
  const ledger = [
    entry({ effects: [read] }),
    entry({ exemplar: 1, effects: [read, read, call] }),
    entry({ exemplar: 2, outcome: 'untried', note: 'the recording ended by SIGKILL' }),
  ]
  const tapes = [exchange(), exchange({ exemplar: 1 }), exchange({ status: 404 })]
  expect(render({ ledger, tapes })).toMatchInlineSnapshot(`
    "shop.prewarm: shop:server.js

    GET /items/:id  1,200 requests, 99.6%; 2 kept
      trial     2 passed, 1 untried
                1: the recording ended by SIGKILL
      effects   postgres read db:5432 (2)
                http taped GET http://upstream/price (1)
      tapes     3 answers, 2.93 KiB
                GET http://upstream/price 200 (2)
                GET http://upstream/price 404 (1)

    POST /search  5 requests, 0.4%; 1 kept
      trial     none: nobody knows what they do"
  `)
})

it('says so when a request of a route does nothing', () => {
  expect(render({ ledger: [entry()] })).toContain('effects   none')
})

it('says so when there are no requests', () => {
  expect(render({ requests: { servers: [], routes: [] } })).toBe(
    'shop.prewarm: shop:server.js\n\nNo requests were recorded.',
  )
})

it('keeps to 100 columns and to printable letters whatever the names', () => {
  const evil = `\u001b]0;owned\u0007${'/a-rather-long-name'.repeat(20)}`
  const text = renderRoutes(evil, {
    ...golden,
    requests: {
      ...golden.requests,
      routes: golden.requests.routes.map((route) => ({ ...route, route: evil })),
    },
    ledger: [entry({ note: evil, effects: [{ kind: 'file', access: 'write', target: evil }] })],
    tapes: [exchange({ url: evil })],
  }).replaceAll(/\u001b\[\d+m/g, '')
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})
