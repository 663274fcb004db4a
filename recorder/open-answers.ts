import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type net from 'node:net'
import type { Readable } from 'node:stream'
import type { AskedRequest } from './asked-request.ts'
import type { Guard } from './bodies.ts'
import type { LiveObservation } from './effects.ts'

/** Of those that are open at the end of the recording so many are looked at. */
const maxOpen = 1000

/** A request that is being answered. */
export interface OpenAnswer {
  readonly server: net.Server
  readonly request: AskedRequest
  /** Where its body comes from. */
  readonly source: Readable
  readonly hasBody: boolean
  readonly answer: ServerResponse | ServerHttp2Stream
  readonly startedAt: number
  /** What it did meanwhile; undefined: nobody looks. */
  live: LiveObservation | undefined
  isOver: boolean
}

export function openAnswer(
  server: net.Server,
  request: AskedRequest,
  source: Readable,
  hasBody: boolean,
  answer: OpenAnswer['answer'],
): OpenAnswer {
  const startedAt = performance.now()
  return { server, request, source, hasBody, answer, startedAt, live: undefined, isOver: false }
}

const opened = Symbol('prewarm.answer')

type Marked = OpenAnswer['answer'] & { [opened]?: OpenAnswer }

/** Follows each answer to its end: it is finished, or its client goes away, as of streams that never end. */
export class OpenAnswers {
  readonly #open = new Set<OpenAnswer>()
  readonly #guard: Guard
  readonly #onEnd: (open: OpenAnswer, isCut: boolean) => void

  /** @param onEnd - hears of each answer once; cut: its head was sent, and not its end */
  constructor(guard: Guard, onEnd: (open: OpenAnswer, isCut: boolean) => void) {
    this.#guard = guard
    this.#onEnd = onEnd
  }

  begin(open: OpenAnswer): void {
    const { answer } = open
    ;(answer as Marked)[opened] = open
    if (this.#open.size < maxOpen) this.#open.add(open)
    answer.once(
      'close',
      this.#guard(() => {
        // Over HTTP/1.1 what was finished is over by now.
        this.#end(open, !('rstCode' in answer) || answer.rstCode !== 0)
      }),
    )
  }

  finish(answer: OpenAnswer['answer']): void {
    const open = (answer as Marked)[opened]
    if (open !== undefined) this.#end(open, false)
  }

  /** The recording ends: what has been sent in part until now is taken for cut. */
  cutAll(): void {
    for (const open of this.#open) this.#end(open, true)
  }

  #end(open: OpenAnswer, isCut: boolean): void {
    if (open.isOver) return
    open.isOver = true
    this.#open.delete(open)
    if (!isCut || open.answer.headersSent) this.#onEnd(open, isCut)
  }
}

export function statusOf(answer: OpenAnswer['answer']): number {
  return 'statusCode' in answer ? answer.statusCode : Number(answer.sentHeaders[':status'])
}
