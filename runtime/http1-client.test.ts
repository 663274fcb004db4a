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
