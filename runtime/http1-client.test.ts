import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Http1Connection } from './http1-client.ts'
import type { PreparedRequest } from './prepared-request.ts'

/** Writes prepared bytes for each request, in pieces of the given size. */
let answer = ''
let pieceBytes = 1000
let closeAfter = false
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined)
  socket.on('data', () => {
    const text = answer
    void (async () => {
      for (let at = 0; at < text.length; at += pieceBytes) {
        socket.write(text.slice(at, at + pieceBytes), 'latin1')
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (closeAfter) socket.end()
    })()
  })
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.close()
})

async function connect(): Promise<Http1Connection> {
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return new Http1Connection(socket, '198.18.0.1')
}

const request: PreparedRequest = {
  protocol: 'http/1.1',
  method: 'GET',
  url: '/',
  headers: [],
  body: null,
  expectsContinue: false,
  cutAfterMs: undefined,
}

async function ask(
  text: string,
  options: { method?: string; close?: boolean; deadlineMs?: number; cutAfterMs?: number } = {},
) {
  answer = text
  closeAfter = options.close ?? false
  const connection = await connect()
  const result = await connection.request(
    { ...request, method: options.method ?? 'GET', cutAfterMs: options.cutAfterMs },
    options.deadlineMs ?? 5000,
  )
  connection.destroy()
  return result
}

describe.each([1, 3, 1000])('answers that come in pieces of %d bytes', (bytes) => {
  const head = 'HTTP/1.1 200 OK\r\n'
  it.each([
    ['a length', `${head}Content-Length: 5\r\n\r\nhello`, 200],
    ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
    [
      'chunks',
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\n`,
      200,
    ],
    ['trailers', `${head}transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-sum: 1\r\n\r\n`, 200],
    [
      'hints before it',
      `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${head}content-length: 0\r\n\r\n`,
      200,
    ],
    ['a body without a length', `${head}\r\nhello`, 'timeout'],
    ['too little', `${head}content-length: 9\r\n\r\nhello`, 'timeout'],
    ['a chunk size that is none', `${head}transfer-encoding: chunked\r\n\r\nxyz\r\n`, 'failed'],
  ])('%s', async (_name, text, expected) => {
    pieceBytes = bytes
    expect(await ask(text, expected === 'timeout' ? { deadlineMs: 300 } : {})).toBe(expected)
  })

  it('the end of the connection ends a body without a length, and breaks one with', async () => {
    pieceBytes = bytes
    expect(await ask(`${head}\r\nhello`, { close: true })).toBe(200)
    expect(await ask(`${head}content-length: 9\r\n\r\nhello`, { close: true })).toBe('failed')
  })

  it('an answer to HEAD has no body whatever it says', async () => {
    pieceBytes = bytes
    expect(await ask(`${head}content-length: 500\r\n\r\n`, { method: 'HEAD' })).toBe(200)
  })
})

describe('an answer that may be cut', () => {
  const head = 'HTTP/1.1 206 Partial Content\r\n'
  it.each([
    ['some time after its head', `${head}\r\nhello`, { cutAfterMs: 10 }],
    ['at the deadline', `${head}\r\nhello`, { cutAfterMs: 60_000, deadlineMs: 100 }],
    ['when it is long', `${head}\r\n${'x'.repeat(1024 * 1024)}`, { cutAfterMs: 60_000 }],
  ])('is left %s', async (_name, text, options) => {
    pieceBytes = 64 * 1024
    expect(await ask(text, { deadlineMs: 60_000, ...options })).toBe(206)
  })

  it('is no answer without a head', async () => {
    expect(await ask('HTTP/1.1 200', { cutAfterMs: 10, deadlineMs: 100 })).toBe('timeout')
  })
})

it('a connection whose answer was cut is not used again', async () => {
  answer = 'HTTP/1.1 200 OK\r\n\r\nhello'
  closeAfter = false
  const connection = await connect()
  expect(await connection.request({ ...request, cutAfterMs: 10 }, 5000)).toBe(200)
  expect(connection).toMatchObject({ hasCut: true, isClosed: true })
})

it('sends the head with the address of the connection, and the body when it is asked for', async () => {
  const received: string[] = []
  const continuing = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received.push(chunk.toString())
      socket.write(
        received.length === 1
          ? 'HTTP/1.1 100 Continue\r\n\r\n'
          : 'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n',
      )
    })
  })
  continuing.listen(0, '127.0.0.1')
  await once(continuing, 'listening')
  const socket = net.connect((continuing.address() as net.AddressInfo).port, '127.0.0.1')
  const connection = new Http1Connection(socket, '198.18.0.1')
  const headers = ['Host', 'a.example', 'X-Real-IP', '192.0.2.1', 'Accept', '*/*']
  const body = Buffer.from('{"q":"ä"}')
  const waiting = { ...request, method: 'POST', headers, body, expectsContinue: true }
  expect(await connection.request(waiting, 5000)).toBe(201)
  connection.end()
  continuing.close()
  expect(received).toEqual([
    [
      ...['POST / HTTP/1.1', 'Host: a.example', 'X-Real-IP: 198.18.0.1', 'Accept: */*'],
      ...['Content-Length: 10', 'Expect: 100-continue', 'Connection: keep-alive', '', ''],
    ].join('\r\n'),
    '{"q":"ä"}',
  ])
})

it('takes many answers over one connection', async () => {
  pieceBytes = 7
  closeAfter = false
  const connection = await connect()
  for (let number = 0; number < 50; number++) {
    const body = 'x'.repeat(number)
    answer =
      number % 2 === 0
        ? `HTTP/1.1 ${200 + number} OK\r\ncontent-length: ${number}\r\n\r\n${body}`
        : `HTTP/1.1 ${200 + number} OK\r\ntransfer-encoding: chunked\r\n\r\n${number.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    if (number === 4) continue
    expect(await connection.request(request, 5000)).toBe(200 + number)
  }
  connection.end()
})
