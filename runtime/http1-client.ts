import type { Duplex } from 'node:stream'

/**
 * One HTTP/1.1 connection that sends prepared bytes and reads answers only as far as finding their end takes.
 * `node:http` would do the same for several times the main-thread time, and would leave its feedback for client sockets in
 * functions that the server shares.
 */
export class Http1Connection {
  readonly #socket: Duplex
  #buffered: Buffer = Buffer.alloc(0)
  #answer: Answer | undefined
  #closed = false
  #answers = 0

  constructor(socket: Duplex) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#closed = true
      this.#answer?.end()
    })
  }

  /** Nothing more can be asked here. */
  get isClosed(): boolean {
    return this.#closed
  }

  /** It has answered before: when it breaks off now, it may have been closed for being idle or old. */
  get isReused(): boolean {
    return this.#answers > 0
  }

  /** Status of the answer; `failed` when the connection broke off, `timeout` when the deadline came first. */
  request(
    method: string,
    bytes: Buffer,
    deadlineMs: number,
  ): Promise<number | 'failed' | 'timeout'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        finish('timeout')
      }, deadlineMs)
      const finish = (result: number | 'failed' | 'timeout'): void => {
        if (this.#answer === undefined) return
        clearTimeout(timer)
        if (typeof result !== 'number') this.destroy()
        else {
          this.#answers++
          this.#closed ||= this.#answer.isLast
        }
        this.#answer = undefined
        resolve(result)
      }
      this.#answer = new Answer(method, finish)
      if (this.#closed) finish('failed')
      else this.#socket.write(bytes)
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
    if (this.#answer === undefined) return
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk])
    this.#buffered = this.#answer.take(this.#buffered)
  }
}

/** Where the body of an answer ends: RFC 9112, section 6.3. */
type Body =
  | { readonly kind: 'length'; left: number }
  /** `left`: bytes of the current chunk, with the line end after it. */
  | { readonly kind: 'chunked'; left: number }
  | { readonly kind: 'close' }

class Answer {
  readonly #method: string
  readonly #finish: (result: number | 'failed') => void
  #status = 0
  #isLast = false
  #body: Body | undefined

  constructor(method: string, finish: (result: number | 'failed') => void) {
    this.#method = method
    this.#finish = finish
  }

  /** The server closes the connection after it: RFC 9112, section 9.6. */
  get isLast(): boolean {
    return this.#isLast || this.#body?.kind === 'close'
  }

  /** The connection closed. */
  end(): void {
    this.#finish(this.#body?.kind === 'close' ? this.#status : 'failed')
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
    if (this.#body.kind === 'close') return Buffer.alloc(0)
    if (this.#body.kind === 'length') {
      const taken = Math.min(rest.length, this.#body.left)
      this.#body.left -= taken
      if (this.#body.left === 0) this.#finish(this.#status)
      return rest.subarray(taken)
    }
    return this.#takeChunks(this.#body, rest)
  }

  #readHead(head: string): void {
    const [statusLine = '', ...headers] = head.split('\r\n')
    this.#status = Number(statusLine.split(' ')[1])
    // 100 Continue and 103 Early Hints come before the answer.
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
        this.#finish('failed')
        return Buffer.alloc(0)
      }
      if (size === 0) {
        // Trailers, if any, end with an empty line.
        const end = rest.indexOf('\r\n\r\n', lineEnd)
        if (end < 0) return rest
        this.#finish(this.#status)
        return rest.subarray(end + 4)
      }
      rest = rest.subarray(lineEnd + 2)
      body.left = size + 2
    }
  }
}
