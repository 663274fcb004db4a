import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Redactor } from './redact.ts'
import { tapedAnswer, type TapedAnswer } from './tape.ts'

const redactor = new Redactor([])
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'

function keep(
  body: string | Buffer,
  headers: readonly string[] = [],
  url = 'https://api.example/items',
): TapedAnswer | undefined {
  const answer = { status: 200, headers, body: Buffer.from(body) }
  return tapedAnswer({ method: 'GET', url }, answer, redactor)
}

function bodyOf(body: string | Buffer, type: string, ...more: readonly string[]): unknown {
  return keep(body, ['Content-Type', type, ...more])?.body.toString()
}

describe('the answer to an outbound call', () => {
  it('is kept with what tells it from others', () => {
    expect(keep('{"id":1}', ['Content-Type', 'application/json', 'ETag', '"a"'])).toEqual({
      method: 'GET',
      url: 'https://api.example/items',
      status: 200,
      headers: ['Content-Type', 'application/json', 'ETag', '"a"'],
      body: Buffer.from('{"id":1}'),
    })
  })

  it('loses secrets in the URL and in headers', () => {
    const headers = ['Set-Cookie', 'session=1', 'X-Api-Key', 'k', 'X-Plain', 'yes', 'X-A', jwt]
    const url = 'https://auth:3000/reset/kJdhGFDsaQWE?token=abc&page=1'
    expect(keep('', headers, url)).toMatchObject({
      url: 'https://auth:3000/reset/redacted?token=redacted&page=1',
      headers: ['X-Plain', 'yes'],
    })
  })

  it.each([
    [
      'https://user:pass@b.example:8443/reset/kJdhGFDsaQWE',
      'https://b.example:8443/reset/redacted',
    ],
    ['/login?token=abc', '/login?token=redacted'],
    ['//b.example/a', '//b.example/a'],
    ['next', 'next'],
    ['/to?next=https://c.example/x', '/to?next=https://c.example/x'],
  ])('that leads to %s leads to %s', (location, redacted) => {
    expect(keep('', ['Location', location])?.headers).toEqual(['Location', redacted])
  })

  it('has JSON and forms redacted part by part', () => {
    const json = `{"name":"a","password":"hunter2","nested":{"x":"${jwt}"}}`
    const redacted = '{"name":"a","password":"redacted","nested":{"x":"redacted"}}'
    expect(bodyOf(json, 'application/json; charset=utf-8')).toBe(redacted)
    expect(bodyOf(json, 'application/problem+json')).toBe(redacted)
    expect(keep(json)?.body.toString()).toBe(redacted)
    expect(bodyOf('a=1&token=x', 'application/x-www-form-urlencoded')).toBe('a=1&token=redacted')
    expect(bodyOf('{"broken', 'application/json')).toBeUndefined()
  })

  it.each(['text/html', 'text/plain', 'text/csv', 'application/xml', 'image/svg+xml', 'text/xml'])(
    'of kind %s is kept when it holds no secret',
    (type) => {
      expect(bodyOf('<p>hello</p>', type)).toBe('<p>hello</p>')
      expect(bodyOf(`<p>${jwt}</p>`, type)).toBeUndefined()
      expect(bodyOf('<p>password=hunter2</p>', type)).toBeUndefined()
      expect(bodyOf(Buffer.from(`<p>${jwt}</p>`, 'utf16le'), type)).toBeUndefined()
    },
  )

  it.each(['image/png', 'font/woff2', 'application/octet-stream'])('of kind %s is kept', (type) => {
    const bytes = Buffer.from([0, 255, 254, 1])
    expect(keep(bytes, ['content-type', type])?.body).toEqual(bytes)
  })

  it.each(['application/x-protobuf', 'multipart/mixed', 'application/pdf', ''])(
    'of kind %j is not kept, unless it is empty',
    (type) => {
      expect(bodyOf('x', type)).toBeUndefined()
      expect(bodyOf('', type)).toBe('')
    },
  )

  it('without a kind is kept as text when it is one', () => {
    expect(keep('hello')?.body.toString()).toBe('hello')
    expect(keep(`hello ${jwt}`)).toBeUndefined()
    expect(keep(Buffer.from([0, 255]))).toBeUndefined()
  })

  it.each([
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['br, GZip', (data: Buffer) => zlib.gzipSync(zlib.brotliCompressSync(data))],
    ['identity', (data: Buffer) => data],
  ])('is redacted and stored plain though it came as %s', (coding, compress) => {
    const body = compress(Buffer.from('{"token":"x"}'))
    expect(bodyOf(body, 'application/json', 'Content-Encoding', coding)).toBe(
      '{"token":"redacted"}',
    )
    expect(bodyOf('', 'application/json', 'Content-Encoding', coding)).toBe('')
  })

  it('is not kept when it cannot be decompressed, or is too long then', () => {
    expect(bodyOf('not gzip', 'text/plain', 'content-encoding', 'gzip')).toBeUndefined()
    expect(bodyOf('x', 'text/plain', 'content-encoding', 'zstd')).toBeUndefined()
    const bomb = zlib.gzipSync(Buffer.alloc(32 * 1024 * 1024))
    expect(bodyOf(bomb, 'image/png', 'content-encoding', 'gzip')).toBeUndefined()
    const twice = zlib.gzipSync(bomb)
    expect(bodyOf(twice, 'image/png', 'content-encoding', 'gzip, gzip')).toBeUndefined()
  })

  it('is not kept when it has more headers than there is room for', () => {
    expect(keep('', Array<string>(402).fill('x'))).toBeUndefined()
  })
})
