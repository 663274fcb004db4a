import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Redactor } from './redact.ts'
import { RequestRecorder } from './requests.ts'

let server: http.Server
let url: string
let recorder: RequestRecorder | undefined

beforeEach(async () => {
  server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.statusCode = request.url?.startsWith('/missing') === true ? 404 : 200
      response.end('ok')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  recorder?.stop()
  server.closeAllConnections()
  server.close()
})

function start(exemplarBytes?: number): RequestRecorder {
  recorder = new RequestRecorder(new Redactor([]), () => undefined, exemplarBytes)
  recorder.start()
  return recorder
}

const send = async (path: string, init: RequestInit = {}): Promise<void> => {
  const response = await fetch(url + path, init)
  await response.text()
}
const sendJson = (path: string, value: unknown): Promise<void> =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })

it('counts and times errors, and keeps no example of them', async () => {
  const recording = start()
  for (const path of ['/found', '/missing', '/missing?again']) await send(path)
  const { routes } = recording.requests()
  expect(routes.map(({ route, count }) => [route, count])).toEqual([
    ['/missing', 2],
    ['/found', 1],
  ])
  expect(routes.map(({ exemplars }) => exemplars.length)).toEqual([0, 1])
})

it('drops bodies, then whole examples, when there is no room for more', async () => {
  const recording = start(3000)
  for (let index = 0; index < 16; index++) await sendJson('/a', `${index} ${'x'.repeat(1000)}`)
  const exemplars = recording.requests().routes.flatMap((route) => route.exemplars)
  const kept = exemplars.map(({ bodyKept }) => bodyKept)
  expect(kept[0]).toBe('whole')
  expect(kept).toContain('dropped')
  expect(kept.length).toBeLessThan(16)
  const bytes = exemplars.map(
    ({ url, headers, body }) => url.length + headers.join('').length + (body?.length ?? 0),
  )
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(3000)
})

it('goes on copying the bodies of known kinds however many kinds there are', async () => {
  const recording = start()
  const letters = Array.from('abcdefghijklmnopqr')
  const kinds = letters.flatMap((first) => letters.map((second) => first + second))
  expect(kinds.length).toBeGreaterThan(300)
  await sendJson('/items/1', 'early')
  for (const kind of kinds) await sendJson(`/${kind}`, kind)
  await sendJson('/items/2', 'late')
  const { routes } = recording.requests()
  const bodiesKept = (route: string): string[] | undefined =>
    routes.find((each) => each.route === route)?.exemplars.map(({ bodyKept }) => bodyKept)
  expect(bodiesKept('/items/:id')).toEqual(['whole', 'whole'])
  expect(bodiesKept('/ab')).toEqual(['whole'])
})

it('leaves out a request with more headers than a profile can hold', async () => {
  const recording = start()
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`x-${index}`, '1']))
  await send('/a', { headers: many })
  await send('/a')
  expect(recording.requests().routes[0]).toMatchObject({ count: 2, exemplars: { length: 1 } })
})
