/** Finds where requests end on one HTTP/1.1 connection; the bodies are skipped. RFC 9112, section 6. */
export class RequestReader {
  readonly #onHead: (lines: readonly string[]) => void
  readonly #onEnd: () => void
  #buffered: Buffer = Buffer.alloc(0)
  /** Undefined: between two requests. `left`: bytes of the body, or of the current chunk with the line end after it. */
  #body: { readonly isChunked: boolean; left: number } | undefined

  /** @param onHead - gets the lines up to the body, without their ends */
  constructor(onHead: (lines: readonly string[]) => void, onEnd: () => void) {
    this.#onHead = onHead
    this.#onEnd = onEnd
  }

  read(chunk: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk])
    while (this.#step());
  }

  /** Whether there may be more in what has come. */
  #step(): boolean {
    if (this.#body === undefined) return this.#readHead()
    const taken = Math.min(this.#buffered.length, this.#body.left)
    this.#drop(taken)
    this.#body.left -= taken
    if (this.#body.left > 0) return false
    return this.#body.isChunked ? this.#readChunkSize(this.#body) : this.#end()
  }

  #readHead(): boolean {
    const end = this.#buffered.indexOf('\r\n\r\n')
    if (end < 0) return false
    const lines = this.#buffered.toString('latin1', 0, end).split('\r\n')
    this.#drop(end + 4)
    const isChunked = /chunked/i.test(headerOf(lines, 'transfer-encoding') ?? '')
    const left = isChunked ? 0 : Number(headerOf(lines, 'content-length') ?? 0)
    this.#body = { isChunked, left }
    this.#onHead(lines)
    return true
  }

  #readChunkSize(body: { left: number }): boolean {
    const lineEnd = this.#buffered.indexOf('\r\n')
    if (lineEnd < 0) return false
    const size = Number.parseInt(this.#buffered.toString('latin1', 0, lineEnd), 16)
    if (size > 0) {
      this.#drop(lineEnd + 2)
      body.left = size + 2
      return true
    }
    // Trailers, if any, end with an empty line.
    const end = this.#buffered.indexOf('\r\n\r\n', lineEnd)
    if (end < 0) return false
    this.#drop(end + 4)
    return this.#end()
  }

  #end(): boolean {
    this.#body = undefined
    this.#onEnd()
    return true
  }

  #drop(bytes: number): void {
    this.#buffered = this.#buffered.subarray(bytes)
  }
}

/** @param name - in lower case */
export function headerOf(lines: readonly string[], name: string): string | undefined {
  const start = `${name}:`
  const line = lines.find((each) => each.slice(0, start.length).toLowerCase() === start)
  return line?.slice(start.length).trim()
}
