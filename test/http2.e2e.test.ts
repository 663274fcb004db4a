import { existsSync, readFileSync, rmSync } from 'node:fs'
import http2 from 'node:http2'
import https from 'node:https'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from './certificate.ts'
import { app, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const certificate = makeCertificate(folder)
const script = app('http2.cjs')

interface AppReport {
  readonly rehearsed: Readonly<Record<string, number>>
  readonly atOpening: Readonly<Record<'sessions' | 'connections' | 'listeners' | 'streams', number>>
  readonly sessions: number
}

const policy = { PREWARM_REHEARSE: 'POST /items' }

describe.each(nodeLines)('on Node %s', (line, node) => {
  const kinds = [
    ['h2c', 'request', {}],
    ['h2c', 'stream', {}],
    ...(certificate === undefined
      ? []
      : ([
          ['TLS', 'request', certificate],
          ['TLS', 'stream', certificate],
        ] as const)),
  ] as const

  it.each(kinds)('an http2 server over %s with its %s interface', async (kind, api, tls) => {
    const profile = path.join(folder, `${kind}-${api}-${line}.prewarm`)
    const env = { ...tls, ...policy, API: api }
    const recorded = await record(node, script, profile, (url) => traffic(url, kind), env)
    expect(recorded.requests.servers).toMatchObject([{ kind: 'http2', ordinal: 0 }])
    const routes = recorded.requests.routes.map(({ method, route, count, exemplars }) => {
      return [`${method} ${route}`, count, exemplars.length]
    })
    expect(routes).toEqual([
      ['GET /items/:id', 4, 4],
      ['POST /items', 2, 2],
      ['GET /events', 1, 1],
    ])
    const exemplars = recorded.requests.routes.flatMap((route) => route.exemplars)
    expect(exemplars.map(({ protocol }) => protocol)).toEqual(exemplars.map(() => 'h2'))
    expect(exemplars[0]?.headers.slice(0, 4)).toEqual(['host', 'shop.example', 'x-page', '1'])
    expect(exemplars.flatMap(({ headers }) => headers).join()).not.toMatch(/,:|hunter2/)
    expect(exemplars.map(({ cutAfterMs }) => cutAfterMs === undefined)).toEqual(
      exemplars.map(({ url }) => url !== '/events'),
    )

    const service = await replay(node, script, profile, { ...env, PREWARM_ROUNDS: '6' })
    const { rehearsal } = await reportOf(`${profile}.report.json`)
    expect(rehearsal).toMatchObject({ rounds: 6, applied: 5, skipped: { HELD_OUT: 2 } })
    const client = connect(service.url, kind)
    const answer = JSON.parse(await ask(client, { ':path': '/report' })) as AppReport
    client.close()
    const times = rehearsed(answer)
    expect(Object.keys(times).sort()).toEqual([
      '2.0 GET /events  ',
      '2.0 GET /items/1 shop.example ',
      '2.0 GET /items/3 shop.example ',
      '2.0 GET /items/4 shop.example ',
      '2.0 POST /items shop.example {"number":1,"password":"redacted"}',
    ])
    // What costs its whole time is asked once in so many rounds.
    expect(times['2.0 GET /events  ']).toBe(1)
    expect(answer.atOpening).toEqual({
      ...{ sessions: 0, connections: 0, streams: 1, listeners: api === 'request' ? 1 : 0 },
    })
    expect(answer.sessions).toBe(1)
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
  })

  it.each(['request', 'stream'])(
    'what a handler does when it has the body is known, and refused, with the %s interface',
    async (api) => {
      const written = path.join(folder, `written-${api}-${line}.txt`)
      const env = { ...policy, API: api }
      const knowing = path.join(folder, `writes-${api}-${line}.prewarm`)
      const recorded = await record(node, script, knowing, (url) => traffic(url, 'h2c'), {
        ...env,
        WRITES: written,
      })
      const items = recorded.requests.routes.findIndex(({ method }) => method === 'POST')
      const entries = recorded.ledger.filter(({ route }) => route === items)
      expect(entries.length).toBeGreaterThan(0)
      for (const { effects } of entries) {
        expect(effects).toEqual([{ kind: 'file', access: 'write', target: written }])
      }

      // One that writes only now: nobody has been told by the ledger.
      rmSync(written)
      const unknowing = path.join(folder, `writes-not-${api}-${line}.prewarm`)
      await record(node, script, unknowing, (url) => traffic(url, 'h2c'), env)
      const service = await replay(node, script, unknowing, {
        ...{ ...env, WRITES: written, PREWARM_ROUNDS: '3' },
      })
      const { skipped } = await reportOf(`${unknowing}.report.json`)
      expect(existsSync(written)).toBe(false)
      expect(skipped).toContainEqual({
        unit: 'POST /items',
        reason: 'EFFECT_REFUSED',
        detail: `file write ${written}`,
      })
      const client = connect(service.url, 'h2c')
      await ask(client, { ':path': '/items', ':method': 'POST' }, 'of a client')
      client.close()
      expect(readFileSync(written, 'utf8')).toBe('of a client')
      await service.stop()
    },
  )

  it.runIf(certificate !== undefined)(
    'a server that speaks HTTP/1.1 too gets each request as it was recorded',
    async () => {
      const profile = path.join(folder, `both-${line}.prewarm`)
      const env = { ...certificate, HTTP1: '1' }
      const recorded = await record(
        node,
        script,
        profile,
        async (url) => {
          const client = connect(url, 'TLS')
          await ask(client, { ':path': '/two/1', ':authority': 'shop.example' })
          client.close()
          await askOverHttp1(url, '/one/1')
        },
        env,
      )
      const protocols = recorded.requests.routes.map(({ route, exemplars }) => [
        ...[route, exemplars[0]?.protocol],
      ])
      expect(protocols.sort()).toEqual([
        ['/one/:id', undefined],
        ['/two/:id', 'h2'],
      ])
      const service = await replay(node, script, profile, { ...env, PREWARM_ROUNDS: '3' })
      const { rehearsal } = await reportOf(`${profile}.report.json`)
      expect(rehearsal).toMatchObject({ applied: 2, skipped: {}, rounds: 3 })
      const answer = JSON.parse(await askOverHttp1(service.url, '/report')) as AppReport
      expect(rehearsed(answer)).toEqual({
        '1.1 GET /one/1 shop.example ': 3,
        '2.0 GET /two/1 shop.example ': 3,
      })
      expect(answer.atOpening).toMatchObject({ sessions: 0, connections: 0 })
      expect(await service.stop()).toBe(0)
      expect(service.stderr()).toBe('')
    },
  )
})

const rehearsed = (answer: AppReport): AppReport['rehearsed'] => answer.rehearsed

function connect(url: string, kind: string): http2.ClientHttp2Session {
  const { port } = new URL(url)
  const scheme = kind === 'TLS' ? 'https' : 'http'
  return http2.connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
}

async function ask(
  client: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body?: string,
): Promise<string> {
  const stream = client.request(headers, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  return text(stream)
}

async function traffic(url: string, kind: string): Promise<void> {
  const client = connect(url, kind)
  const authority = { ':authority': 'shop.example' }
  for (const number of [1, 2, 3, 4]) {
    const headers = {
      ...authority,
      ':path': `/items/${number}`,
      'x-page': number,
      cookie: 'hunter2',
    }
    await ask(client, headers)
  }
  for (const number of [1, 2]) {
    const headers = { ':method': 'POST', ':path': '/items', 'content-type': 'application/json' }
    const body = JSON.stringify({ number, password: 'hunter2' })
    await ask(client, { ...authority, ...headers }, body)
  }
  const events = client.request({ ...authority, ':path': '/events' })
  await new Promise((resolve) => events.once('data', resolve))
  const closed = new Promise((resolve) => events.once('close', resolve))
  events.close(http2.constants.NGHTTP2_CANCEL)
  await closed
  // The server has read the end of the stream before it answers this.
  await new Promise((resolve) => client.ping(resolve))
  await new Promise<void>((resolve) => {
    client.close(resolve)
  })
}

async function askOverHttp1(url: string, target: string): Promise<string> {
  const { port } = new URL(url)
  const options = { port, path: target, rejectUnauthorized: false, agent: false as const }
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const headers = { host: 'shop.example' }
    https.get({ ...options, host: '127.0.0.1', headers }, resolve).once('error', reject)
  })
  return text(response)
}
