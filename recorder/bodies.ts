import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { limits } from '../formats/limits.ts'

/** Of a kind of requests so many bodies of those that were answered well are copied. */
const maxTaken = 256
/** However they are answered, and those of all other kinds together: what always fails is not copied for ever. */
const maxCopies = 1024
/** Requests that always fail are no kinds, so that nobody can use these up by asking for what is not there. */
const maxKinds = 300

/** Makes a hook that never throws of one that may. */
export type Guard = <T>(hook: (value: T) => void) => (value: T) => void

/** How often bodies were copied, and how often that was of use. */
interface Use {
  copies: number
  taken: number
}

interface Copy {
  readonly kind: string
  readonly chunks: Buffer[]
  bytes: number
  /** Short enough so far. */
  isShort: boolean
  hasEnded: boolean
}

const copyOf = Symbol('prewarm.body')

type Copied = Readable & { [copyOf]?: Copy }

/** Copies request bodies while there is something to learn from them. */
export class BodyCopier {
  /** By kind, which is a method and a pattern: the route is known only when the request has been answered. */
  readonly #kinds = new Map<string, Use>()
  readonly #unknown: Use = { copies: 0, taken: 0 }
  readonly #guard: Guard

  constructor(guard: Guard) {
    this.#guard = guard
  }

  /** Takes the chunks as the parser delivers them, so that it sees the bytes whatever the application does with them. */
  watch(request: Readable, kind: string): void {
    const use = this.#kinds.get(kind) ?? this.#unknown
    if (use.taken >= maxTaken) return
    const copy: Copy = {
      kind,
      chunks: [],
      bytes: 0,
      isShort: use.copies < maxCopies,
      hasEnded: false,
    }
    ;(request as Copied)[copyOf] = copy
    if (!copy.isShort) return
    use.copies++
    const take = this.#guard((chunk: unknown) => {
      copy.hasEnded = chunk === null
      if (!(chunk instanceof Uint8Array)) return
      copy.bytes += chunk.length
      copy.isShort = copy.bytes <= limits.bodyBytes
      if (copy.isShort) copy.chunks.push(Buffer.from(chunk))
    })
    const push = request.push
    request.push = function (this: Readable, chunk: unknown, encoding?: BufferEncoding) {
      take(chunk)
      return push.call(this, chunk, encoding)
    }
  }

  /** The body of a request that was answered well; undefined: not copied, too long to be kept, or not there as a whole. */
  take(request: Readable): Buffer | undefined {
    const copy = (request as Copied)[copyOf]
    if (copy === undefined) return undefined
    const use = this.#kinds.get(copy.kind) ?? this.#add(copy.kind)
    if (use !== undefined) use.taken++
    return copy.isShort && copy.hasEnded ? Buffer.concat(copy.chunks) : undefined
  }

  #add(kind: string): Use | undefined {
    if (this.#kinds.size >= maxKinds) return undefined
    const use: Use = { copies: 0, taken: 0 }
    this.#kinds.set(kind, use)
    return use
  }
}

/** RFC 9112, section 6: a request has a body when it says how long it is. */
export function hasRequestBody(request: Pick<IncomingMessage, 'headers'>): boolean {
  const length = request.headers['content-length']
  return (
    request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  )
}
