import type { OutboundAnswer } from './sink.ts'

/** Bytes of a body as received; a longer one is not kept. */
const maxBodyBytes = 256 * 1024

/** Puts an answer together while its client receives it, and hands it over once. */
export class AnswerTaker {
  #take: ((answer: OutboundAnswer | undefined) => void) | undefined
  #status = 0
  #headers: readonly string[] = []
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(take: (answer: OutboundAnswer | undefined) => void) {
    this.#take = take
  }

  /** @param headers - names and values in turn */
  head(status: number, headers: readonly string[]): void {
    // 100 Continue and 103 Early Hints come before the answer.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  /** The chunk is copied: its client may do with it what it likes. */
  data(chunk: Uint8Array): void {
    if (this.#take === undefined) return
    this.#bytes += chunk.length
    if (this.#bytes > maxBodyBytes) this.breakOff()
    else this.#chunks.push(Buffer.from(chunk))
  }

  end(): void {
    if (this.#status === 0) this.breakOff()
    else
      this.#finish({
        status: this.#status,
        headers: this.#headers,
        body: Buffer.concat(this.#chunks),
      })
  }

  /** It does not come to an end, or cannot be kept. After the end this does nothing. */
  breakOff(): void {
    this.#finish(undefined)
  }

  #finish(answer: OutboundAnswer | undefined): void {
    const take = this.#take
    this.#take = undefined
    this.#chunks = []
    take?.(answer)
  }
}
