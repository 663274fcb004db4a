import { AsyncLocalStorage } from 'node:async_hooks'
import { isRawSocket, type Effect } from '../formats/effects.ts'
import { watchEffects, type EffectSink } from '../runtime/effects/sink.ts'
import { currentScope } from '../runtime/rehearsal-context.ts'
import { Observation, type TapeMaker } from './observation.ts'

/** A request goes on this long after its answer; what it has created, such as a pool, keeps its context for good. */
const afterAnswerMs = 1000

/** What the request of a client did. */
export interface LiveObservation {
  readonly observation: Observation
  /** Until its answer was there, the whole process sent nothing over raw sockets. */
  isQuiet: boolean
  endsAt: number
  readonly rawBefore: number
}

/** Attributes effects to the requests of clients by their async context, and to those of the trial by theirs. */
export class EffectRecorder {
  readonly #requests = new AsyncLocalStorage<LiveObservation | undefined>()
  readonly #tapes: TapeMaker
  /** Drivers pool their sockets, so that the context does not tell for whom they send. Only the trial does, since there is one request at a time. */
  #rawWrites = 0
  /** Is given what no request of the trial is known to have caused. */
  onUnattributed: ((effect: Effect) => void) | undefined

  constructor(tapes: TapeMaker) {
    this.#tapes = tapes
  }

  start(): void {
    watchEffects(() => this.#sink())
  }

  /** What runs now, and all that follows from it, belongs to a request that has just come. */
  begin(): LiveObservation {
    const observation = new Observation(this.#tapes, () => {
      this.#rawWrites++
    })
    const live = { observation, isQuiet: false, endsAt: Infinity, rawBefore: this.#rawWrites }
    this.#requests.enterWith(live)
    return live
  }

  /** What runs now belongs to a request that came earlier; undefined: to one that is not observed. */
  enter(live: LiveObservation | undefined): void {
    if (this.#requests.getStore() !== live) this.#requests.enterWith(live)
  }

  /** What runs now belongs to a request that is not observed. */
  beginUnobserved(): void {
    this.enter(undefined)
  }

  answered(live: LiveObservation): void {
    live.isQuiet = this.#rawWrites === live.rawBefore
    live.endsAt = performance.now() + afterAnswerMs
  }

  /** For a request of the trial. */
  observation(): Observation {
    const observation = new Observation(this.#tapes, (effect) => {
      observation.add(effect)
    })
    return observation
  }

  #sink(): EffectSink {
    const tried = currentScope()?.sink
    if (tried !== undefined) return tried
    const live = this.#requests.getStore()
    return live !== undefined && performance.now() < live.endsAt
      ? live.observation
      : this.#background
  }

  readonly #background: EffectSink = {
    tell: (effect) => {
      if (isRawSocket(effect)) this.#rawWrites++
      this.onUnattributed?.(effect)
      return undefined
    },
    outbound: ({ method, url }) => {
      this.onUnattributed?.({ kind: 'http', access: 'unknown', target: `${method} ${url}` })
      return { does: 'pass' }
    },
  }
}
