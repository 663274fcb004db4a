import type { Duplex } from 'node:stream'
import { exampleAddress } from './client-address.ts'
import { maxStreamBytes, type Connection, type PreparedRequest } from './prepared-request.ts'

/**
 * One HTTP/1.1 connection that sends prepared requests and reads answers only as far as finding their end takes.
 * `node:http` would do the same for several times the main-thread time, and would leave its feedback for client sockets in
 * functions that the server shares.
 */
export class Http1Connection implements Connection {
  readonly #socket: Duplex
  readonly #address: string
  #buffered: Buffer = Buffer.alloc(0)
  #answer: Answer | undefined
  #closed = false
  #answers = 0
  #hasCut = false

  /** @param address - of the client, for the headers that tell it */
  constructor(socket: Duplex, address: string) {
    this.#socket = socket
    this.#address = address
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#closed = true
      this.#answer?.end()
    })
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

  request(request: PreparedRequest, deadlineMs: number): Promise<number | 'failed' | 'timeout'> {
    return new Promise((resolve) => {
      const { cutAfterMs, expectsContinue } = request
      this.#hasCut = false
      let isBodySent = !expectsContinue
      const timer = setTimeout(() => {
        if (cutAfterMs !== undefined && answer.hasHead) cut()
        else finish('timeout')
      }, deadlineMs)
      let cutTimer: NodeJS.Timeout | undefined
      const finish = (result: number | 'failed' | 'timeout'): void => {
        if (this.#answer !== answer) return
        clearTimeout(timer)
        clearTimeout(cutTimer)
        this.#answer = undefined
        if (typeof result !== 'number') this.destroy()
        else {
          this.#answers++
          // What has not been asked for its body may still wait for it.
          this.#closed ||= answer.isLast || !isBodySent
        }
        resolve(result)
      }
      const cut = (): void => {
        this.#hasCut = true
        this.#closed = true
        finish(answer.status)
        this.destroy()
      }
      const answer = new Answer(request.method, {
        finish,
        onContinue: () => {
          if (!isBodySent && request.body !== null) this.#socket.write(request.body)
          isBodySent = true
        },
        onPart: () => {
          if (cutAfterMs === undefined) return
          if (answer.bodyBytes >= maxStreamBytes) cut()
          else cutTimer ??= setTimeout(cut, cutAfterMs)
        },
      })
      this.#answer = answer
      if (this.#closed) finish('failed')
      else this.#socket.write(bytesOf(request, this.#address))
    })
  }

  /** Ends politely, as most clients do. */
  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    const answer = this.#answer
    if (answer === undefined) return
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk])
    this.#buffered = answer.take(this.#buffered)
    if (this.#answer === answer && answer.hasHead) answer.events.onPart()
  }
}

/** Heads by request, cut where the address of the client belongs: they are sent many times. */
const heads = new WeakMap<PreparedRequest, readonly string[]>()

function bytesOf(request: PreparedRequest, address: string): Buffer {
  let parts = heads.get(request)
  if (parts === undefined) heads.set(request, (parts = headOf(request)))
  const head = Buffer.from(parts.join(address), 'latin1')
  const { body, expectsContinue } = request
  return body === null || expectsContinue ? head : Buffer.concat([head, body])
}

function headOf({ method, url, headers, body, expectsContinue }: PreparedRequest): string[] {
  const parts: string[] = []
  let text = `${method} ${url} HTTP/1.1\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) {
    text += `${headers[index] ?? ''}: `
    const value = headers[index + 1] ?? ''
    if (value === exampleAddress) {
      parts.push(text)
      text = '\r\n'
    } else text += `${value}\r\n`
  }
  if (body !== null) text += `Content-Length: ${body.length}\r\n`
  if (expectsContinue) text += 'Expect: 100-continue\r\n'
  return [...parts, `${text}Connection: keep-alive\r\n\r\n`]
}

interface AnswerEvents {
  finish(result: number | 'failed'): void
  /** `100 Continue` has come. */
  onContinue(): void
  /** The head, or more of the body, and not yet its end. */
  onPart(): void
}

/** Where the body of an answer ends: RFC 9112, section 6.3. */
type Body =
  | { readonly kind: 'length'; left: number }
  /** `left`: bytes of the current chunk, with the line end after it. */
  | { readonly kind: 'chunked'; left: number }
  | { readonly kind: 'close' }

class Answer {
  readonly events: AnswerEvents
  readonly #method: string
  #status = 0
  #isLast = false
  #body: Body | undefined
  #bodyBytes = 0

  constructor(method: string, events: AnswerEvents) {
    this.#method = method
    this.events = events
  }

  get hasHead(): boolean {
    return this.#body !== undefined
  }

  get status(): number {
    return this.#status
  }

  /** Of it so many bytes have come, with what frames them. */
  get bodyBytes(): number {
    return this.#bodyBytes
  }

  /** The server closes the connection after it: RFC 9112, section 9.6. */
  get isLast(): boolean {
    return this.#isLast || this.#body?.kind === 'close'
  }

  /** The connection closed. */
  end(): void {
    this.events.finish(this.#body?.kind === 'close' ? this.#status : 'failed')
  }

  /** Takes what it can of `input` and returns the rest. */
  take(input: Buffer): Buffer {
    let rest = input
    while (this.#body === undefined) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return rest
      this.#readHead(rest.toString('latin1', 0, end))
      rest = rest.subarray(end + 4)
    }
    this.#bodyBytes += rest.length
    if (this.#body.kind === 'close') return Buffer.alloc(0)
    if (this.#body.kind === 'length') {
      const taken = Math.min(rest.length, this.#body.left)
      this.#body.left -= taken
      if (this.#body.left === 0) this.events.finish(this.#status)
      return rest.subarray(taken)
    }
    return this.#takeChunks(this.#body, rest)
  }

  #readHead(head: string): void {
    const [statusLine = '', ...headers] = head.split('\r\n')
    this.#status = Number(statusLine.split(' ')[1])
    // 100 Continue and 103 Early Hints come before the answer.
    if (this.#status === 100) this.events.onContinue()
    if (this.#status < 200 && this.#status !== 101) return
    const isBodiless = this.#method === 'HEAD' || [101, 204, 304].includes(this.#status)
    let body: Body = { kind: 'close' }
    for (const header of headers) {
      const colon = header.indexOf(':')
      const name = header.slice(0, colon).toLowerCase()
      const value = header
        .slice(colon + 1)
        .trim()
        .toLowerCase()
      if (name === 'connection' && value.includes('close')) this.#isLast = true
      if (name === 'transfer-encoding' && value.includes('chunked'))
        body = { kind: 'chunked', left: 0 }
      else if (name === 'content-length' && body.kind !== 'chunked') {
        body = { kind: 'length', left: Number(value) }
      }
    }
    this.#body = isBodiless ? { kind: 'length', left: 0 } : body
  }

  #takeChunks(body: Extract<Body, { kind: 'chunked' }>, input: Buffer): Buffer {
    let rest = input
    for (;;) {
      const taken = Math.min(rest.length, body.left)
      body.left -= taken
      rest = rest.subarray(taken)
      if (body.left > 0) return rest
      const lineEnd = rest.indexOf('\r\n')
      if (lineEnd < 0) return rest
      const size = Number.parseInt(rest.toString('latin1', 0, lineEnd), 16)
      if (!(size >= 0)) {
        this.events.finish('failed')
        return Buffer.alloc(0)
      }
      if (size === 0) {
        // Trailers, if any, end with an empty line.
        const end = rest.indexOf('\r\n\r\n', lineEnd)
        if (end < 0) return rest
        this.events.finish(this.#status)
        return rest.subarray(end + 4)
      }
      rest = rest.subarray(lineEnd + 2)
      body.left = size + 2
    }
  }
}
