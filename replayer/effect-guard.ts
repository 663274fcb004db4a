import { effectName, isRawSocket, type Effect } from '../formats/effects.ts'
import { mayHappen, type Policy, type Refusal } from '../formats/policy.ts'
import type { Exchange } from '../formats/profile.ts'
import type { EffectSink, OutboundCall, OutboundVerdict } from '../runtime/effects/sink.ts'
import { Tape } from './tape.ts'

/**
 * Stands between one recorded request or call and the world while it is rehearsed. What the policy allows may happen, outbound HTTP is
 * answered from the tape, and everything else is refused: whatever staging has seen, nothing else can be done.
 */
export class EffectGuard implements EffectSink {
  readonly #policy: Policy
  readonly #mayConnect: boolean
  readonly #tape: Tape
  #refusal: Refusal | undefined
  #failures = 0
  #failure = ''

  /** @param mayConnect - whether raw sockets may be opened; what may be sent over them is another question */
  constructor(policy: Policy, mayConnect: boolean, exchanges: readonly Exchange[]) {
    this.#policy = policy
    this.#mayConnect = mayConnect
    this.#tape = new Tape(exchanges)
  }

  /** The first thing that was refused. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Errors that nobody caught, also those that came after the answer. */
  get failures(): number {
    return this.#failures
  }

  /** The first of them since the request was sent last: what follows from it says less. Empty: there was none. */
  get failure(): string {
    return this.#failure
  }

  failed(what: string): void {
    this.#failures++
    this.#failure ||= what
  }

  get hasRefused(): boolean {
    return this.#refusal !== undefined
  }

  /** The request is about to be sent again. */
  rewind(): void {
    this.#tape.reset()
    this.#failure = ''
  }

  tell(effect: Effect): Error | undefined {
    const isAllowed = isConnect(effect)
      ? this.#mayConnect || mayHappen({ ...effect, access: 'unknown' }, this.#policy)
      : mayHappen(effect, this.#policy)
    return isAllowed ? undefined : this.#refuse('EFFECT_REFUSED', effect)
  }

  outbound({ method, url, canBeTaped }: OutboundCall): OutboundVerdict {
    const exchange = canBeTaped ? this.#tape.find(method, url) : undefined
    if (exchange !== undefined) return { does: 'answer', exchange }
    const effect: Effect = { kind: 'http', access: 'unknown', target: `${method} ${originOf(url)}` }
    if (mayHappen(effect, this.#policy)) return { does: 'pass' }
    return { does: 'refuse', error: this.#refuse('EFFECT_NOT_TAPED', effect) }
  }

  #refuse(reason: Refusal['reason'], effect: Effect): Error {
    const detail = effectName(effect)
    this.#refusal ??= { reason, detail }
    return Object.assign(new Error(`prewarm: ${detail} in a rehearsal`), {
      code: 'ERR_PREWARM_RPL_EFFECT',
    })
  }
}

/** Hosts differ between staging and production, so it is by their being databases that peers are known. */
export function mayConnect(
  recorded: readonly { readonly effects: readonly Effect[] }[],
  policy: Policy,
): boolean {
  if (policy.tcp === 'deny') return false
  return (
    policy.tcp === 'any' ||
    recorded.some(({ effects }) =>
      effects.some((effect) => isRawSocket(effect) && mayHappen(effect, policy)),
    )
  )
}

function isConnect({ kind, access }: Effect): boolean {
  return kind === 'tcp' && access === 'read'
}

/** Without the query, which may hold secrets. */
function originOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
