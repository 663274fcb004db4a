import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RequestReader } from './request-reader.ts'

/** First lines of the requests in a stream that comes in these chunks; those that end are followed by `end`. */
function read(...chunks: readonly string[]): string[] {
  const seen: string[] = []
  const reader = new RequestReader(
    (lines) => seen.push(lines[0] ?? ''),
    () => seen.push('end'),
  )
  for (const chunk of chunks) reader.read(Buffer.from(chunk, 'latin1'))
  return seen
}

const stream = [
  'GET /a HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /b HTTP/1.1\r\nContent-Length: 11\r\n\r\nab\r\n\r\ncd\r\n0',
  'PUT /c HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\n\r\n0\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n',
  'PUT /d HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\nTrailer: 1\r\nOther: 2\r\n\r\n',
  'GET /e HTTP/1.1\r\nContent-Length: 0\r\n\r\n',
].join('')
const whole = ['/a', '/b', '/c', '/d', '/e'].flatMap((path) => [
  expect.stringContaining(`${path} `) as string,
  'end',
])

it('finds where requests end, whatever is in their bodies and however they are cut', () => {
  expect(read(stream)).toEqual(whole)
  expect(read(...stream.split(/(?=[^])/))).toEqual(whole)
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
      const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end))
      expect(read(...chunks)).toEqual(whole)
    }),
  )
})

it('does not take a request for one that has ended before it has', () => {
  expect(read('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n1')).toHaveLength(1)
  expect(read('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n')).toHaveLength(1)
})
