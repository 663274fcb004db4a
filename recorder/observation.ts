import type net from 'node:net'
import { effectName, isRawSocket, type Effect } from '../formats/effects.ts'
import type { Exchange } from '../formats/profile.ts'
import {
  httpClientSockets,
  type EffectSink,
  type OutboundAnswer,
  type OutboundCall,
  type OutboundVerdict,
} from '../runtime/effects/sink.ts'

/** An outbound exchange without the place of its exemplar. */
export type Taped = Omit<Exchange, 'route' | 'exemplar'>

/** What is kept of an outbound call: its name without secrets, and its answer; undefined: of a kind that is not kept. */
export interface TapeMaker {
  nameOf(call: OutboundCall): string
  tape(call: OutboundCall, answer: OutboundAnswer): Taped | undefined
}

/** An exemplar with more effects than this is none that anybody wants to rehearse. */
const maxEffects = 100
const maxExchanges = 50

/** Collects what a request does to the outside. */
export class Observation implements EffectSink {
  readonly exchanges: Taped[] = []
  /** Errors that nobody caught. */
  failures = 0
  readonly #effects = new Map<string, Effect>()
  /** Calls that were not answered yet, or not in a way that could be kept. */
  readonly #untaped = new Map<OutboundCall, Effect>()
  readonly #tapes: TapeMaker
  readonly #onRaw: (effect: Effect) => void

  /** @param onRaw - is given what goes over raw sockets, which the async context does not attribute soundly */
  constructor(tapes: TapeMaker, onRaw: (effect: Effect) => void) {
    this.#tapes = tapes
    this.#onRaw = onRaw
  }

  /** Taped calls by the name of what they called, all others that were told of, in order. */
  effects(): Effect[] {
    return [...this.#effects.values(), ...this.#untaped.values()].slice(0, maxEffects)
  }

  failed(): void {
    this.failures++
  }

  add(effect: Effect): void {
    if (this.#effects.size < maxEffects) this.#effects.set(effectName(effect), effect)
  }

  tell(effect: Effect, socket?: net.Socket): undefined {
    if (isConnect(effect)) return
    const isKnownCall = socket !== undefined && httpClientSockets.has(socket)
    if (effect.kind === 'http' && isKnownCall) return
    if (isRawSocket(effect)) this.#onRaw(effect)
    else this.add(effect)
  }

  outbound(call: OutboundCall): OutboundVerdict {
    const target = this.#tapes.nameOf(call)
    const effect: Effect = { kind: 'http', access: 'unknown', target }
    if (this.#untaped.size < maxEffects) this.#untaped.set(call, effect)
    if (!call.canBeTaped) return { does: 'pass' }
    return {
      does: 'record',
      take: (answer) => {
        const taped = answer && this.#tapes.tape(call, answer)
        if (taped === undefined || this.exchanges.length >= maxExchanges) return
        this.exchanges.push(taped)
        this.#untaped.delete(call)
        this.add({ ...effect, access: 'taped' })
      },
    }
  }
}

/** What is sent after it says more. */
function isConnect({ kind, access }: Effect): boolean {
  return kind === 'tcp' && access === 'read'
}
