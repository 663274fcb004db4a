import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EffectRecorder } from './effects.ts'
import { Redactor } from './redact.ts'
import { RequestRecorder } from './requests.ts'

let statusOf: (request: http.IncomingMessage) => number
let server: http.Server
let url: string
let recorder: RequestRecorder | undefined

beforeEach(async () => {
  statusOf = ({ url }) => (url?.startsWith('/missing') === true ? 404 : 200)
  server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.statusCode = statusOf(request)
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

function start(exemplarBytes?: number, redactor = new Redactor([])): RequestRecorder {
  const effects = new EffectRecorder({ nameOf: ({ url }) => url, tape: () => undefined })
  recorder = new RequestRecorder(redactor, effects, () => undefined, exemplarBytes)
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

/** Words that no route takes for ids. */
const letters = Array.from('abcdefghijklmnopqr')
const words = letters.flatMap((first) => letters.map((second) => first + second))
const countsOf = (recording: RequestRecorder): Record<string, number> =>
  Object.fromEntries(recording.requests().routes.map(({ route, count }) => [route, count]))
const bodiesOf = (recording: RequestRecorder, route: string): string[] | undefined =>
  recording
    .requests()
    .routes.find((each) => each.route === route)
    ?.exemplars.map(({ bodyKept }) => bodyKept)

it('counts and times errors, and keeps no example of them', async () => {
  const recording = start()
  for (const path of ['/found', '/missing', '/missing?again']) await send(path)
  const { routes } = recording.requests()
  expect(routes.map(({ route, count }) => [route, count])).toEqual([
    ['(other)', 2],
    ['/found', 1],
  ])
  expect(routes.map(({ exemplars }) => exemplars.length)).toEqual([0, 1])
})

it('a route is born by an answer that is none of an error, and counts its errors from then on', async () => {
  const recording = start()
  statusOf = ({ headers }) => Number(headers['x-status'])
  for (const status of [401, 302, 500, 200])
    await send('/login', { headers: { 'x-status': String(status) }, redirect: 'manual' })
  expect(countsOf(recording)).toEqual({ '/login': 3, '(other)': 1 })
})

it('a route that the framework names is born by an error too', async () => {
  const recording = start()
  server.prependListener('request', (request: http.IncomingMessage) => {
    Object.assign(request, { route: { path: '/missing/:name' } })
  })
  await send('/missing/a')
  expect(countsOf(recording)).toEqual({ '/missing/:name': 1 })
})

it('errors do not use up the routes', async () => {
  const recording = start()
  expect(words.length).toBeGreaterThan(300)
  for (const word of words) await send(`/missing/${word}`)
  for (const word of words) await send(`/${word}`)
  expect(countsOf(recording)).toEqual({
    ...Object.fromEntries(words.slice(0, 300).map((word) => [`/${word}`, 1])),
    '(other)': words.length + words.length - 300,
  })
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

it('drops a body that the application did not read to its end', async () => {
  const recording = start()
  server.removeAllListeners('request').on('request', (_, response: http.ServerResponse) => {
    response.end('ok')
  })
  const request = http.request(`${url}/unread`, { method: 'POST' })
  request.write('{"a":')
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  request.end('1}')
  await once(response.resume(), 'end')
  expect(bodiesOf(recording, '/unread')).toEqual(['dropped'])
})

it('goes on copying the bodies of known kinds however many kinds there are', async () => {
  const recording = start()
  await sendJson('/items/1', 'early')
  for (const word of words) await sendJson(`/${word}`, word)
  await sendJson('/items/2', 'late')
  expect(bodiesOf(recording, '/items/:id')).toEqual(['whole', 'whole'])
  expect(bodiesOf(recording, '/ab')).toEqual(['whole'])
})

it('goes on copying bodies however many requests have failed', async () => {
  const recording = start()
  for (const word of words) await sendJson(`/missing/${word}`, word)
  statusOf = () => 401
  for (let attempt = 0; attempt < 300; attempt++) await sendJson('/login', `wrong ${attempt}`)
  statusOf = () => 200
  await sendJson('/login', 'right')
  expect(bodiesOf(recording, '/login')).toEqual(['whole'])
})

it('does not copy for ever what always fails, and copies what has been answered well once', async () => {
  const recording = start()
  let copied = 0
  statusOf = (request) => {
    if (Object.hasOwn(request, 'push')) copied++
    return 401
  }
  for (let attempt = 0; attempt < 1200; attempt++) await sendJson('/login', `wrong ${attempt}`)
  expect(copied).toBe(1024)
  statusOf = () => 200
  for (const word of ['first', 'second']) await sendJson('/login', word)
  expect(bodiesOf(recording, '/login')).toEqual(['dropped', 'whole'])
})

it('keeps one of the requests that differ in nothing but secrets', async () => {
  const recording = start()
  for (let number = 0; number < 20; number++) {
    await send(`/me?access_token=t${number}&page=1`)
    await sendJson('/orders', { item: number % 2, token: `t${number}` })
    await send('/text', { method: 'POST', body: `text ${number}` })
  }
  await send('/me?access_token=t1&page=2')
  const { routes } = recording.requests()
  const kept = (route: string): string[] | undefined =>
    routes
      .find((each) => each.route === route)
      ?.exemplars.map(({ url: target, body }) => target + Buffer.from(body ?? []).toString())
  expect(kept('/me')).toEqual([
    '/me?access_token=redacted&page=1',
    '/me?access_token=redacted&page=2',
  ])
  expect(kept('/orders')).toEqual([
    '/orders{"item":0,"token":"redacted"}',
    '/orders{"item":1,"token":"redacted"}',
  ])
  expect(kept('/text')).toEqual(['/text'])
})

it('does not make a route of a token in the path', async () => {
  const recording = start()
  for (const token of ['kJdhGFDsaQWE', 'zXcVbNmAsDfG']) await send(`/verify/email/${token}`)
  const [route] = recording.requests().routes
  expect(route).toMatchObject({ route: '/verify/email/:id', count: 2 })
  expect(route?.exemplars.map((each) => each.url)).toEqual(['/verify/email/redacted'])
})

it('leaves out a request with more headers than a profile can hold', async () => {
  const recording = start()
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`x-${index}`, '1']))
  await send('/a', { headers: many })
  await send('/a')
  expect(recording.requests().routes[0]).toMatchObject({ count: 2, exemplars: { length: 1 } })
})

it('JSON that is nested deeper than the stack does not reach the service', async () => {
  const recording = start()
  const nested = '['.repeat(7000) + ']'.repeat(7000)
  await send(`/?a=${nested}`)
  await send('/', { headers: { referer: `${url}/?a=${nested}` } })
  await sendJson('/a', 'a')
  expect(countsOf(recording)).toEqual({ '/': 2, '/a': 1 })
  const urls = recording
    .requests()
    .routes.flatMap((route) => route.exemplars.map((each) => each.url))
  expect(urls.map((each) => each.length < 1000)).toEqual([true, true, true])
})

it('an error of its own ends the observation, is said once, and does not reach the service', async () => {
  class Failing extends Redactor {
    override redactUrl(target: string): string {
      if (target === '/fails') throw new RangeError('too deep')
      return super.redactUrl(target)
    }
  }
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => {
    warnings.push(warning)
  }
  process.on('warning', onWarning)
  try {
    const recording = start(undefined, new Failing([]))
    await send('/works')
    await Promise.all([send('/fails'), send('/fails'), send('/fails')])
    await send('/works')
    expect(recording.requests().routes).toMatchObject([
      { route: '/works', count: 1, exemplars: [{ url: '/works' }] },
      { route: '/fails', count: 1, exemplars: [] },
    ])
    expect(warnings).toMatchObject([
      {
        name: 'PrewarmWarning',
        code: 'ERR_PREWARM_REC_FAILED',
        message: 'Requests are no longer recorded: too deep',
      },
    ])
  } finally {
    process.off('warning', onWarning)
  }
})

describe('answers that do not end', () => {
  beforeEach(() => {
    server.prependListener('request', ({ url: target }, response: http.ServerResponse) => {
      if (target === '/events') response.end = () => response
      if (target === '/events') response.write('data: 1\n\n')
    })
  })
  const begin = async (): Promise<http.IncomingMessage> => {
    const [response] = (await once(http.get(`${url}/events`), 'response')) as [http.IncomingMessage]
    response.on('error', () => undefined)
    return response
  }
  const cut = [{ route: '/events', count: 1, cold: { count: 0 }, exemplars: [{ status: 200 }] }]

  it('are kept with how long the client stayed, which is no latency', async () => {
    const recording = start()
    const response = await begin()
    expect(recording.requests().routes).toEqual([])
    response.destroy()
    while (recording.count === 0) await new Promise((resolve) => setImmediate(resolve))
    const { routes } = recording.requests()
    expect(routes).toMatchObject(cut)
    expect(routes[0]?.exemplars[0]?.cutAfterMs).toBeGreaterThan(0)
  })

  it('are kept when the recording ends before them, once', async () => {
    const recording = start()
    const response = await begin()
    recording.stop()
    expect(recording.requests().routes).toMatchObject(cut)
    response.destroy()
    await once(response, 'close')
    expect(recording.count).toBe(1)
  })
})

it('does not keep a body of which it has seen only a part', async () => {
  const recording = start()
  server.prependListener('request', (_request, response: http.ServerResponse) => {
    response.end('early')
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 100 }
  const request = http.request(`${url}/form`, { method: 'POST', headers })
  request.on('error', () => undefined)
  request.write('a=1&')
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'end')
  request.destroy()
  expect(bodiesOf(recording, '/form')).toEqual(['dropped'])
})
