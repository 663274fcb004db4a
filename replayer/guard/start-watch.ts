import { standingOf, type Standing, type StartKind } from '../../formats/guard-state.ts'
import type { GuardFiles } from '../../runtime/guard-files.ts'
import { beforeOwnSignal } from './own-signals.ts'

/** A process that is still there so long after it has opened is healthy. */
export const healthyAfterMs = 5_000

/** The second group are those of signals that somebody sent: SIGHUP, SIGINT, SIGTERM. */
const orderlyCodes: ReadonlySet<number> = new Set([0, 129, 130, 143])

/** Of a process that has not opened by then. */
export interface StartLimit {
  readonly longestStartMs: number
  /** It works and needs no port. Else nothing follows from not opening, as for the primary of a cluster. */
  readonly isWorker: boolean
  /** It ends by itself, soon or late, with any code. */
  readonly isCommand: boolean
}

/**
 * The defence against a profile that V8 aborts on: a marker that is there from before stage 1 until the process has proved
 * itself, and that the next start finds if it never did. Nothing in here throws.
 */
export class StartWatch {
  /** As it was at the start, the deaths that were noticed then included. */
  readonly standing: Standing
  readonly #files: GuardFiles
  readonly #digest: string
  #start: StartKind = 'applied'
  #isWorker = false
  #isCommand = false
  #hasOpened = false
  #marker: string | undefined
  #timer: NodeJS.Timeout | undefined
  #unhook: (() => void) | undefined

  constructor(files: GuardFiles, digest: string) {
    this.#files = files
    this.#digest = digest
    const events = files.read()
    const wasProven = standingOf(events, digest).crashLoop.phase === 'proven'
    for (const { file, marker, fate } of files.markers()) {
      // Of several processes that start at once, one gets to count it.
      if (fate !== 'gone' || !files.claim(file)) continue
      events.push(files.append({ event: 'died', start: marker.start }, marker))
    }
    this.standing = standingOf(events, digest)
    if (wasProven || this.standing.crashLoop.phase !== 'proven') return
    files.append({
      event: 'verdict',
      reason: 'CRASH_LOOP',
      detail: 'Starts with the profile died, one without it served, and the next one with it died.',
    })
  }

  /** To be called before stage 1. */
  begin(start: StartKind, { longestStartMs, isWorker, isCommand }: StartLimit): void {
    this.#start = start
    this.#isWorker = isWorker
    this.#isCommand = isCommand
    this.#marker = this.#files.mark(start)
    if (this.#marker === undefined) return
    process.on('exit', this.#onExit)
    this.#unhook = beforeOwnSignal(() => {
      if (this.#marker !== undefined) this.#files.claim(this.#marker)
    })
    this.#timer = setTimeout(() => {
      if (isWorker) this.#serve()
      else this.#end()
    }, longestStartMs).unref()
  }

  /** Its port is held: that may take longer, and is not the end of the start. */
  held(): void {
    clearTimeout(this.#timer)
  }

  /** Its port is open, or it has done its first work. */
  opened(): void {
    clearTimeout(this.#timer)
    this.#hasOpened = true
    if (this.#marker === undefined) return
    this.#timer = setTimeout(() => {
      this.#serve()
    }, healthyAfterMs).unref()
  }

  #serve(): void {
    this.#tellServed()
    this.#end()
  }

  #tellServed(): void {
    const { phase, deaths } = standingOf(this.#files.read(), this.#digest).crashLoop
    const isNews = this.#start === 'cold' ? phase === 'trial' : deaths > 0 && phase !== 'proven'
    if (isNews) this.#files.append({ event: 'served', start: this.#start })
  }

  #end(): void {
    if (this.#marker === undefined) return
    void this.#files.release(this.#marker)
    this.#marker = undefined
    process.off('exit', this.#onExit)
    this.#unhook?.()
  }

  readonly #onExit = (code: number): void => {
    // A job may be done in no time, and tell by its code how it went.
    const isOrderly =
      orderlyCodes.has(code) || (this.#isWorker && this.#hasOpened) || this.#isCommand
    if (this.#marker === undefined || !isOrderly) return
    if (this.#isCommand) this.#tellServed()
    this.#files.claim(this.#marker)
  }
}
