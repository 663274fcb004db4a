import type http2 from 'node:http2'
import type { Duplex } from 'node:stream'
import { exampleAddress } from './client-address.ts'
import { ownSessions } from './effects/sink.ts'
import { maxStreamBytes, type Connection, type PreparedRequest } from './prepared-request.ts'

type Result = number | 'failed' | 'timeout'

/** One HTTP/2 connection. The server that it goes to has loaded `node:http2` already. */
export class Http2Connection implements Connection {
  readonly #session: http2.ClientHttp2Session
  readonly #cancel: number
  readonly #address: string
  readonly #scheme: 'http' | 'https'
  #closed = false
  #answers = 0
  #hasCut = false

  /** @param address - of the client, for the headers that tell it */
  constructor(socket: Duplex, isTls: boolean, address: string) {
    const { connect, constants } = process.getBuiltinModule('node:http2')
    this.#cancel = constants.NGHTTP2_CANCEL
    this.#address = address
    this.#scheme = isTls ? 'https' : 'http'
    this.#session = connect(`${this.#scheme}://localhost`, { createConnection: () => socket })
    ownSessions.add(this.#session)
    const close = (): void => {
      this.#closed = true
    }
    this.#session.on('error', close).on('goaway', close).on('close', close)
  }

  get isClosed(): boolean {
    return this.#closed
  }

  get isReused(): boolean {
    return this.#answers > 0
  }

  get hasCut(): boolean {
    return this.#hasCut
  }

  request(request: PreparedRequest, deadlineMs: number): Promise<Result> {
    this.#hasCut = false
    const stream = this.#open(request)
    if (stream === undefined) return Promise.resolve('failed')
    const { body, cutAfterMs, expectsContinue } = request
    return new Promise((resolve) => {
      let isDone = false
      let status: number | undefined
      let bytes = 0
      let cutTimer: NodeJS.Timeout | undefined
      const timer = setTimeout(() => {
        if (cutAfterMs !== undefined && status !== undefined) cut()
        else finish('timeout')
      }, deadlineMs)
      const finish = (result: Result): void => {
        if (isDone) return
        isDone = true
        clearTimeout(timer)
        clearTimeout(cutTimer)
        if (typeof result === 'number') this.#answers++
        else this.destroy()
        resolve(result)
      }
      const cut = (): void => {
        if (isDone) return
        this.#hasCut = true
        stream.close(this.#cancel)
        finish(status ?? 'failed')
      }
      stream.on('response', (answer) => {
        status = answer[':status']
        if (cutAfterMs !== undefined) cutTimer = setTimeout(cut, cutAfterMs)
      })
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (cutAfterMs !== undefined && bytes >= maxStreamBytes) cut()
      })
      stream.on('end', () => {
        finish(status ?? 'failed')
        // A server may answer without having read all that it was sent.
        stream.close()
      })
      stream.on('close', () => {
        finish('failed')
      })
      stream.on('error', () => undefined)
      if (body === null) return
      if (expectsContinue) stream.on('continue', () => stream.end(body))
      else stream.end(body)
    })
  }

  /** Undefined: closed, or with headers that HTTP/2 does not have. */
  #open(request: PreparedRequest): http2.ClientHttp2Stream | undefined {
    if (this.#closed) return undefined
    const headers = headersOf(request, this.#scheme, this.#address)
    try {
      return this.#session.request(headers, { endStream: request.body === null })
    } catch {
      return undefined
    }
  }

  end(): void {
    this.#session.close()
  }

  destroy(): void {
    this.#closed = true
    this.#session.destroy()
  }
}

function headersOf(
  { method, url, headers, body, expectsContinue }: PreparedRequest,
  scheme: string,
  address: string,
): http2.OutgoingHttpHeaders {
  const sent: Record<string, string | string[]> = {
    ':method': method,
    ':path': url,
    ':scheme': scheme,
    ':authority': 'localhost',
  }
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    const text = headers[index + 1] ?? ''
    const value = text === exampleAddress ? address : text
    const known = sent[name]
    if (name === 'host') sent[':authority'] = value
    else if (known === undefined) sent[name] = value
    else sent[name] = typeof known === 'string' ? [known, value] : [...known, value]
  }
  if (body !== null) sent['content-length'] = String(body.length)
  if (expectsContinue) sent['expect'] = '100-continue'
  return sent
}
