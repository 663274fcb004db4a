import { maxKeptBytes, MessageReader, type Tell, type Unclear } from './messages.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']
const requestLine = /^([A-Z]+) ([^ \r\n]+) HTTP\/1\.[01]\r?\n/
const maxRequestLineBytes = 16 * 1024

/** Whether a client's first bytes are the request line of HTTP/1; undefined: so far they could be. */
export function opensHttp(bytes: Buffer): boolean | undefined {
  const start = bytes.toString('latin1', 0, maxRequestLineBytes)
  const space = start.indexOf(' ')
  if (space === -1) return methods.some((method) => method.startsWith(start)) ? undefined : false
  if (!methods.includes(start.slice(0, space))) return false
  if (requestLine.test(start)) return true
  return start.includes('\n') || start.length === maxRequestLineBytes ? false : undefined
}

/** HTTP/1 as somebody writes it on a socket without one of Node's own clients: told of is the head of each request. */
export class HttpReader extends MessageReader {
  #next: 'head' | 'chunk' | 'other protocol' = 'head'

  protected override take(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear {
    if (this.#next === 'other protocol') return 'lost'
    const text = bytes.toString('latin1', start, start + maxKeptBytes)
    return this.#next === 'chunk' ? this.#takeChunk(text) : this.#takeHead(text, tell)
  }

  #takeHead(text: string, tell: Tell | undefined): number | Unclear {
    // Between two requests an empty line is tolerated.
    const blank = /^\r?\n/.exec(text)
    if (blank !== null) return blank[0].length
    const end = /\r?\n\r?\n/.exec(text)
    if (end === null) return 'more'
    const head = text.slice(0, end.index + 2)
    const [, method, path] = requestLine.exec(head) ?? []
    if (method === undefined || path === undefined) return 'lost'
    tell?.('unknown', { method, path: path.split('?', 1)[0] ?? '' })
    const lengths = [...head.matchAll(/^content-length:[ \t]*(\d+)[ \t]*$/gim)]
    const isChunked = /^transfer-encoding:.*chunked/im.test(head)
    const isUnclear = lengths.length + (isChunked ? 1 : 0) > 1
    if (method === 'CONNECT' || /^upgrade:/im.test(head) || isUnclear) this.#next = 'other protocol'
    else if (isChunked) this.#next = 'chunk'
    const bodyBytes = this.#next === 'head' ? Number(lengths[0]?.[1] ?? 0) : 0
    return end.index + end[0].length + bodyBytes
  }

  #takeChunk(text: string): number | Unclear {
    const end = text.indexOf('\r\n')
    if (end === -1) return 'more'
    const size = /^[\da-f]{1,8}(?=[ \t;]|$)/i.exec(text.slice(0, end))?.[0]
    if (size === undefined) return 'lost'
    const bodyBytes = Number.parseInt(size, 16)
    if (bodyBytes > 0) return end + 2 + bodyBytes + 2
    // Trailers can follow the last chunk.
    const last = text.indexOf('\r\n\r\n', end)
    if (last === -1) return 'more'
    this.#next = 'head'
    return last + 4
  }
}
