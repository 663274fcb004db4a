import type { EventEmitter } from 'node:events'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../formats/profile.ts'
import type { RunReport } from '../formats/report.ts'
import { app, ask, get, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

/** It comes without types. */
const { WebSocket } = createRequire(import.meta.url)('ws') as {
  WebSocket: new (url: string) => EventEmitter & { send(text: string): void; close(): void }
}

const folder = scratchFolder()

interface Seen {
  readonly ip: string
  readonly body?: unknown
  readonly files?: readonly string[]
  readonly encoding?: string
}

interface AppReport {
  readonly rehearsed: Readonly<Record<string, readonly Seen[]>>
  readonly atOpening: { readonly open: number }
  readonly open: number
  readonly continued: number
}

describe.each(nodeLines)('on Node %s', (line, node) => {
  describe('an application with more than plain requests', () => {
    const script = app('protocols.cjs')
    const profile = path.join(folder, `protocols-${line}.prewarm`)
    const policy = { PREWARM_REHEARSE: 'POST /orders,POST /upload' }
    let recorded: Profile
    let report: RunReport
    let seen: AppReport
    let echo: string
    let limited: number[]

    beforeAll(async () => {
      recorded = await record(node, script, profile, traffic, policy)
      const service = await replay(node, script, profile, { ...policy, PREWARM_ROUNDS: '21' })
      report = await reportOf(`${profile}.report.json`)
      seen = JSON.parse(await get(`${service.url}/report`)) as AppReport
      echo = await overWebSocket(service.url)
      limited = []
      for (let time = 0; time < 3; time++) {
        const { status } = await send(service.url, '/limited', forwarded('203.0.113.9'))
        limited.push(status)
      }
      await service.stop()
      expect(service.stderr()).toBe('')
    }, 120_000)

    const exemplarsOf = (route: string): Profile['requests']['routes'][number]['exemplars'] =>
      recorded.requests.routes.find((each) => `${each.method} ${each.route}` === route)
        ?.exemplars ?? []

    it('rehearses all of it but the upgrade', () => {
      expect(report.rehearsal).toMatchObject({
        rounds: 21,
        stopped: 'cap',
        applied: 8,
        skipped: { PROTOCOL: 1, HELD_OUT: 1 },
      })
      expect(report.skipped).toContainEqual(
        expect.objectContaining({ unit: 'GET /socket', reason: 'PROTOCOL' }),
      )
      expect(Object.keys(seen.rehearsed).sort()).toEqual([
        ...['GET /', 'GET /events', 'GET /flood', 'GET /limited', 'GET /report'],
        ...['POST /orders', 'POST /upload'],
      ])
    })

    it('WebSockets are not kept as plain requests, and work after opening', () => {
      expect(exemplarsOf('GET /socket')).toMatchObject([{ url: '/socket', status: 101 }])
      expect(echo).toBe('echo hello')
    })

    it('answers that never end are recorded as cut, cut again, and seldom asked for', () => {
      for (const route of ['/events', '/flood']) {
        expect(exemplarsOf(`GET ${route}`)).toMatchObject([{ status: 200, use: 'rehearse' }])
        expect(exemplarsOf(`GET ${route}`)[0]?.cutAfterMs).toBeGreaterThan(0)
        // In the first and in the last of 21 rounds.
        expect(seen.rehearsed[`GET ${route}`]).toHaveLength(2)
      }
      expect(seen.atOpening.open).toBe(0)
      expect(seen.open).toBe(0)
    })

    it('a body that waits to be asked for is sent when the application has asked', () => {
      expect(seen.continued).toBe(seen.rehearsed['POST /orders']?.filter(isContinued).length)
      expect(seen.continued).toBeGreaterThan(0)
    })

    it('a compressed body is kept plain and without its secrets, and sent compressed', () => {
      const bodies = exemplarsOf('POST /orders').map(({ body }) =>
        Buffer.from(body ?? []).toString(),
      )
      expect(bodies.sort()).toEqual([
        '{"kind":"gzip","password":"redacted"}',
        '{"kind":"plain","password":"redacted"}',
        '{"kind":"waits","password":"redacted"}',
      ])
      const zipped =
        seen.rehearsed['POST /orders']?.filter((each) => each.encoding === 'gzip') ?? []
      expect(zipped.length).toBeGreaterThan(0)
      expect(zipped.map(({ body }) => body)).toEqual(
        zipped.map(() => ({ kind: 'gzip', password: 'redacted' })),
      )
    })

    it('a form with files is kept without its secrets, and can be read as ever', () => {
      const uploads = seen.rehearsed['POST /upload'] ?? []
      expect(uploads.length).toBeGreaterThan(0)
      for (const { body, files } of uploads) {
        expect(body).toEqual({ title: 'Größe', password: 'redacted' })
        expect(files).toEqual(['notes.txt line 1\r\nline 2', 'photo.png redacted'])
      }
    })

    it('rehearsed clients have addresses of their own, so that limits hold for real ones only', () => {
      expect(exemplarsOf('GET /limited')[0]?.headers).toContain('192.0.2.1')
      const addresses = seen.rehearsed['GET /limited']?.map(({ ip }) => ip) ?? []
      // More than one address is allowed to ask.
      expect(addresses.length).toBeGreaterThanOrEqual(21)
      for (const address of addresses) expect(address).toMatch(/^198\.18\.\d+\.\d+$/)
      expect(limited).toEqual([200, 200, 429])
    })

    it('no secret is in the profile', () => {
      const texts = recorded.requests.routes.flatMap(({ exemplars }) =>
        exemplars.flatMap(({ url, headers, body }) => [
          ...[url, ...headers, Buffer.from(body ?? []).toString('latin1')],
        ]),
      )
      expect(texts.join()).not.toContain('hunter2')
    })
  })

  it('a rehearsal leaves no connection, uses up none, and no timeout of it fires later', async () => {
    const profile = path.join(folder, `counting-${line}.prewarm`)
    await record(node, app('counting.cjs'), profile, async (url) => {
      await send(url, '/')
    })
    const service = await replay(node, app('counting.cjs'), profile, { PREWARM_ROUNDS: '10' })
    const { rehearsal } = await reportOf(`${profile}.report.json`)
    expect(rehearsal).toMatchObject({ applied: 1, skipped: {}, rounds: 10 })
    interface Answer {
      readonly atOpening: object
      readonly afterTimeouts?: object
    }
    let answer: Answer
    do answer = JSON.parse((await send(service.url, '/')).body) as Answer
    while (answer.afterTimeouts === undefined)
    await service.stop()
    expect(answer.atOpening).toEqual({
      ...{ connections: 10, open: 0, requests: 10, timeouts: 0, own: 0 },
    })
    expect(answer.afterTimeouts).toEqual({ timeouts: 0 })
    expect(service.stderr()).toBe('')
  })

  it('a header that the application asks for marks rehearsed requests, and is worthless from outside', async () => {
    const script = app('marked.cjs')
    const profile = path.join(folder, `marked-${line}.prewarm`)
    const name = 'x-rehearsal'
    await record(
      node,
      script,
      profile,
      async (url) => {
        await send(url, '/', { [name]: 'of a client' })
      },
      { NAME: name },
    )
    interface Answer {
      readonly isContext: boolean
      readonly isMarked: boolean
      readonly seen: readonly { readonly isMarked: boolean; readonly value?: string }[]
    }
    const marks: string[] = []
    for (let start = 0; start < 2; start++) {
      const env = { NAME: name, PREWARM_HEADER: 'X-Rehearsal', PREWARM_ROUNDS: '3' }
      const service = await replay(node, script, profile, env)
      const first = JSON.parse((await send(service.url, '/')).body) as Answer
      expect(first).toMatchObject({ isContext: false, isMarked: false })
      expect(first.seen.map(({ isMarked }) => isMarked)).toEqual([true, true, true])
      const values = new Set(first.seen.map(({ value }) => value))
      expect(values.size).toBe(1)
      marks.push(...[...values].map(String))
      for (const mark of marks) {
        const answer = JSON.parse((await send(service.url, '/', { [name]: mark })).body) as Answer
        expect(answer).toMatchObject({ isContext: false, isMarked: false })
      }
      await service.stop()
    }
    expect(new Set(marks).size).toBe(2)

    const unmarked = await replay(node, script, profile, { NAME: name, PREWARM_ROUNDS: '3' })
    const { seen } = JSON.parse((await send(unmarked.url, '/')).body) as Answer
    await unmarked.stop()
    // What a client sent when it was recorded means nothing either.
    expect(seen).toEqual(seen.map(() => ({ isMarked: false, value: 'of a client' })))
    expect(seen).toHaveLength(3)
  })
})

const isContinued = ({ body }: Seen): boolean => (body as { kind?: string }).kind === 'waits'

function forwarded(address: string): http.OutgoingHttpHeaders {
  return { 'x-forwarded-for': address }
}

async function traffic(url: string): Promise<void> {
  await ask(url, ['/'], 2)
  await send(url, '/limited', forwarded('203.0.113.7'))
  await beginAndLeave(url, '/events')
  await beginAndLeave(url, '/flood')
  await overWebSocket(url)
  const json = { 'content-type': 'application/json' }
  const order = (kind: string): string => JSON.stringify({ kind, password: 'hunter2' })
  const zipped = gzipSync(order('gzip'))
  expect(gunzipSync(zipped).toString()).toContain('hunter2')
  await send(url, '/orders', { ...json, 'content-encoding': 'gzip' }, zipped)
  await send(url, '/orders', json, order('plain'))
  await send(url, '/orders', { ...json, expect: '100-continue' }, order('waits'))
  const form = new FormData()
  form.set('title', 'Größe')
  form.set('password', 'hunter2')
  form.append('file', new Blob(['line 1\r\nline 2'], { type: 'text/plain' }), 'notes.txt')
  form.append('file', new Blob([Buffer.from([0x89, 0, 1])], { type: 'image/png' }), 'photo.png')
  await get(`${url}/upload`, { method: 'POST', body: form })
}

async function send(
  url: string,
  target: string,
  headers: http.OutgoingHttpHeaders = {},
  body?: string | Buffer,
): Promise<{ status: number; body: string }> {
  const method = body === undefined ? 'GET' : 'POST'
  const request = http.request(url + target, { method, headers, agent: false })
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject)
  })
  if (headers.expect === undefined) request.end(body)
  else {
    request.once('continue', () => request.end(body))
    request.flushHeaders()
  }
  const response = await answered
  return { status: response.statusCode ?? 0, body: await text(response) }
}

async function beginAndLeave(url: string, target: string): Promise<void> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(url + target, { agent: false }, resolve).once('error', reject)
  })
  await new Promise((resolve) => response.once('data', resolve))
  response.destroy()
  // The service has seen it before it is asked for anything else.
  while ((JSON.parse(await get(`${url}/report`)) as AppReport).open > 0);
}

async function overWebSocket(url: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('open', () => {
      socket.send('hello')
    })
    socket.once('message', (data: Buffer) => {
      resolve(data.toString())
    })
    socket.once('error', reject)
  })
  socket.close()
  await closed
  return answer
}
