import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Exemplar } from '../formats/profile.ts'
import { prepareRequest } from './prepared-request.ts'
import { RehearsalHeader } from './rehearsal-header.ts'

const cold = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 10 }
const route = { method: 'POST', cold }
const exemplar = (change: Partial<Exemplar> = {}): Exemplar => ({
  url: '/a',
  headers: ['Host', 'a.example', 'Expect', '100-continue', 'Content-Encoding', 'gzip'],
  body: Buffer.from('{"a":1}'),
  bodyKept: 'whole',
  status: 200,
  use: 'rehearse',
  ...change,
})

it('compresses the body again, and waits to be asked for it', () => {
  const { headers, body, expectsContinue, protocol } = prepareRequest(route, exemplar())
  expect(headers).toEqual(['Host', 'a.example', 'Content-Encoding', 'gzip'])
  expect(gunzipSync(body ?? Buffer.alloc(0)).toString()).toBe('{"a":1}')
  expect({ expectsContinue, protocol }).toEqual({ expectsContinue: true, protocol: 'http/1.1' })
})

it('sends the body plain where it does not know the encoding', () => {
  const headers = ['Content-Encoding', 'unknown', 'A', 'b']
  expect(prepareRequest(route, exemplar({ headers }))).toMatchObject({
    headers: ['A', 'b'],
    body: Buffer.from('{"a":1}'),
    expectsContinue: false,
  })
})

it('cuts what was cut, and what took long, and nothing else', () => {
  const cutAfterMs = (maxMs: number, change: Partial<Exemplar> = {}): number | undefined =>
    prepareRequest({ ...route, cold: { ...cold, maxMs } }, exemplar(change)).cutAfterMs
  expect(cutAfterMs(10, { cutAfterMs: 20 })).toBe(60)
  expect(cutAfterMs(10, { cutAfterMs: 60_000 })).toBe(500)
  expect(cutAfterMs(10)).toBeUndefined()
  expect(cutAfterMs(200)).toBe(500)
})

it('marks the request, whatever a client had sent under that name', () => {
  const mark = new RehearsalHeader('X-Rehearsal')
  const headers = ['A', 'b', 'x-Rehearsal', 'of a client']
  const prepared = prepareRequest(route, exemplar({ headers }), mark)
  expect(prepared.headers).toEqual(['A', 'b', 'x-rehearsal', mark.nonce])
})

it('a mark holds in this process, until the port opens, in headers of any kind', () => {
  const mark = new RehearsalHeader('x-rehearsal')
  const other = new RehearsalHeader('x-rehearsal')
  const request = { headers: { 'x-rehearsal': mark.nonce } }
  expect(mark.isOn(request)).toBe(true)
  expect(mark.isOn(new Request('http://a.example', request))).toBe(true)
  expect(other.isOn(request)).toBe(false)
  for (const none of [{}, { headers: null }, { headers: {} }]) expect(mark.isOn(none)).toBe(false)
  mark.expire()
  expect(mark.isOn(request)).toBe(false)
})
