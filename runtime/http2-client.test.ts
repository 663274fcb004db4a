import { once } from 'node:events'
import http2 from 'node:http2'
import net from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Http2Connection } from './http2-client.ts'
import type { PreparedRequest } from './prepared-request.ts'

const sockets = new Set<net.Socket>()
const requests: http2.IncomingHttpHeaders[] = []
const server = http2.createServer()
server.on('connection', (socket: net.Socket) => {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
})
server.on('checkContinue', (request: http2.Http2ServerRequest, response) => {
  requests.push(request.headers)
  if (request.url === '/refuses') {
    response.writeHead(417).end()
    return
  }
  response.writeContinue()
  request.resume().on('end', () => response.writeHead(202).end())
})
server.on('request', (request, response) => {
  requests.push(request.headers)
  if (request.url === '/hangs') return
  if (request.url === '/begins') {
    response.writeHead(206).write('x')
    return
  }
  if (request.url === '/pours') {
    const pour = (): void => {
      while (response.write(Buffer.alloc(16 * 1024)));
    }
    response.on('drain', pour)
    pour()
    return
  }
  if (request.url === '/breaks') {
    request.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
    return
  }
  if (request.url === '/early') response.writeHead(201).end('done')
  else request.resume().on('end', () => response.writeHead(200).end('ok'))
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.close()
})

async function connect(): Promise<Http2Connection> {
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return new Http2Connection(socket, false, '198.18.0.9')
}

const plain: PreparedRequest = {
  protocol: 'h2',
  method: 'GET',
  url: '/',
  headers: ['Host', 'shop.example', 'X-Forwarded-For', '192.0.2.1', 'Accept', 'a', 'accept', 'b'],
  body: null,
  expectsContinue: false,
  cutAfterMs: undefined,
}
const closed = async (): Promise<void> => {
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve))
}

it('sends requests in the terms of HTTP/2, many over one connection', async () => {
  const connection = await connect()
  requests.length = 0
  expect(connection.isReused).toBe(false)
  expect(await connection.request(plain, 5000)).toBe(200)
  const body = Buffer.from('hello')
  expect(await connection.request({ ...plain, method: 'POST', body }, 5000)).toBe(200)
  expect(requests).toMatchObject([
    { ':authority': 'shop.example', 'x-forwarded-for': '198.18.0.9', accept: 'a, b' },
    { ':method': 'POST', 'content-length': '5' },
  ])
  expect(Object.keys(requests[0] ?? {})).not.toContain('host')
  expect(connection).toMatchObject({ isReused: true, isClosed: false, hasCut: false })
  connection.end()
  await closed()
  expect(connection.isClosed).toBe(true)
  expect(await connection.request(plain, 5000)).toBe('failed')
})

it('takes an answer that does not wait for the body', async () => {
  const connection = await connect()
  const body = Buffer.alloc(200_000)
  expect(await connection.request({ ...plain, method: 'POST', url: '/early', body }, 5000)).toBe(
    201,
  )
  expect(await connection.request(plain, 5000)).toBe(200)
  connection.destroy()
  await closed()
})

it('sends the body when it is asked for, and not when it is refused', async () => {
  const connection = await connect()
  const waiting = { ...plain, method: 'POST', body: Buffer.from('x'), expectsContinue: true }
  expect(await connection.request(waiting, 5000)).toBe(202)
  expect(await connection.request({ ...waiting, url: '/refuses' }, 5000)).toBe(417)
  expect(await connection.request(plain, 5000)).toBe(200)
  connection.end()
  await closed()
})

it('cuts what goes on, by time and by length, and can ask again', async () => {
  const connection = await connect()
  for (const [url, status] of [
    ['/begins', 206],
    ['/pours', 200],
  ] as const) {
    const cutAfterMs = url === '/pours' ? 60_000 : 20
    expect(await connection.request({ ...plain, url, cutAfterMs }, 60_000)).toBe(status)
    expect(connection.hasCut).toBe(true)
  }
  expect(await connection.request(plain, 5000)).toBe(200)
  expect(connection.hasCut).toBe(false)
  connection.end()
  await closed()
})

it.each([
  ['/hangs', 'timeout'],
  ['/begins', 'timeout'],
  ['/breaks', 'failed'],
])('%s comes to nothing and ends the connection', async (url, expected) => {
  const connection = await connect()
  expect(await connection.request({ ...plain, url }, 300)).toBe(expected)
  expect(connection.isClosed).toBe(true)
  await closed()
})

it('headers that HTTP/2 does not have come to nothing', async () => {
  const connection = await connect()
  const headers = ['http2-settings', 'x', 'connection', 'close']
  expect(await connection.request({ ...plain, headers }, 5000)).toBe('failed')
  connection.destroy()
  await closed()
})
