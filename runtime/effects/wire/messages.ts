import type { Effect } from '../../../formats/effects.ts'

/** What a message does at the other end as far as its protocol tells; in doubt it is not a read. */
export type WireAccess = Exclude<Effect['access'], 'taped'>

/** @param request - of HTTP: `METHOD` and path without query */
export type Tell = (access: WireAccess, request?: { method: string; path: string }) => void

/** So many bytes are kept of a message that is not whole yet; of a longer one its reader sees no more than these. */
export const maxKeptBytes = 64 * 1024

/** more: it cannot be told from these bytes; lost: they are not what the protocol allows, and nothing is known from here. */
export type Unclear = 'more' | 'lost'

const nothing = Buffer.alloc(0)

/**
 * Follows the messages that a client sends over one connection, however they are cut into chunks, and tells what each of
 * them does, once. Nobody executes a message that is not whole, so it is told of when its last byte comes, or when
 * {@link maxKeptBytes} of it have come. Never throws.
 */
export abstract class MessageReader {
  #kept = nothing
  /** Bytes of a message of which all has been told. */
  #passing = 0
  #isLost = false

  /** Something has come of which nothing has been told yet. */
  get isMidMessage(): boolean {
    return this.#kept.length > 0
  }

  /** @param tell - undefined: nobody wants to know, and only the place in the stream is kept */
  read(bytes: Buffer, tell: Tell | undefined): void {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    this.#kept = nothing
    let at = 0
    while (at < all.length && !this.#isLost) {
      const length = this.#passing || this.take(all, at, tell)
      if (length === 'more' && all.length - at < maxKeptBytes) {
        // The application may use its buffer again.
        this.#kept = Buffer.from(all.subarray(at))
        return
      }
      if (typeof length === 'string') this.#isLost = true
      else {
        this.#passing = Math.max(0, at + length - all.length)
        at += length
      }
    }
    if (this.#isLost) tell?.('unknown')
  }

  /**
   * Reads what begins at `start`, a message or a part of one.
   * @returns how long it is, at least 1, which may be more than there is so far
   */
  protected abstract take(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear
}

/** A protocol whose messages say in front how long they are. */
export abstract class FramedReader extends MessageReader {
  protected override take(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear {
    const length = this.lengthOf(bytes, start)
    if (typeof length === 'string') return length
    const seen = Math.min(length, maxKeptBytes)
    if (bytes.length - start < seen) return 'more'
    return this.message(bytes.subarray(start, start + seen), length === seen, tell) ?? length
  }

  /** Of the message that begins at `start`, with its header. */
  protected abstract lengthOf(bytes: Buffer, start: number): number | Unclear

  /** @param isWhole - false: the message goes on after these first bytes */
  protected abstract message(
    bytes: Buffer,
    isWhole: boolean,
    tell: Tell | undefined,
  ): 'lost' | undefined
}
