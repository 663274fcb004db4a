import type { Tier } from '../../formats/profile.ts'
import type { Natives } from '../../runtime/natives.ts'
import type { WantedFunction } from './wanted.ts'

/** V8 drops what is asked for while so many functions wait to be compiled. */
const queueLength = 8
/** Closures of one piece of code that are looked after. */
const maxClosures = 4
/** A function that was asked for and is called is compiled by then, or never. */
const maxRoundsWaiting = 5

const order: readonly Tier[] = ['ignition', 'sparkplug', 'maglev', 'turbofan']

/** cold: V8 interprets it. warm: it has run often enough to be asked for. refused: V8 did not compile it. fell: it was optimised. */
export type MarkState = 'cold' | 'warm' | 'asked' | 'refused' | 'reached' | 'fell'

interface Mark {
  readonly wanted: WantedFunction
  readonly fn: object
  state: MarkState
  rounds: number
}

/** Where each function of the profile that was found stands, and which is next to be named to V8. */
export class Marks {
  readonly #natives: Natives
  readonly #marks: Mark[] = []
  readonly #byFunction = new Map<WantedFunction, Mark[]>()

  constructor(natives: Natives) {
    this.#natives = natives
  }

  add(wanted: WantedFunction, fn: object): void {
    const others = this.#byFunction.get(wanted) ?? []
    if (others.length >= maxClosures) return
    const mark: Mark = { wanted, fn, state: 'cold', rounds: 0 }
    this.#byFunction.set(wanted, [...others, mark])
    this.#marks.push(mark)
  }

  /** Looks where they stand; `asks`: and names the next ones to V8. */
  step(asks: boolean): void {
    let waiting = 0
    for (const mark of this.#marks) {
      this.#look(mark)
      // V8 acts on the next call, which may never come.
      if (mark.state === 'asked' && mark.rounds <= maxRoundsWaiting) waiting++
    }
    if (!asks) return
    for (const mark of this.#marks) {
      if (waiting >= queueLength) return
      if (mark.state === 'warm' && this.#ask(mark)) waiting++
    }
  }

  /** The best that any closure of the function came to; undefined: none was found. */
  stateOf(wanted: WantedFunction): MarkState | undefined {
    const states = this.#byFunction.get(wanted)?.map(({ state }) => state) ?? []
    return (['reached', 'fell', 'asked', 'refused', 'warm', 'cold'] as const).find((state) =>
      states.includes(state),
    )
  }

  /** One closure of each function that is optimised now. */
  reached(): readonly { readonly wanted: WantedFunction; readonly fn: object }[] {
    return [...this.#byFunction.values()].flatMap(
      (marks) => marks.find(({ state }) => state === 'reached') ?? [],
    )
  }

  #look(mark: Mark): void {
    const tier = this.#natives.tierOf(mark.fn) ?? 'ignition'
    const has = order.indexOf(tier) >= order.indexOf(mark.wanted.tier)
    if (has) mark.state = 'reached'
    else if (mark.state === 'reached') mark.state = 'fell'
    // What V8 still interprets has not run often enough for its types to be known: its code would be thrown away at once.
    else if (mark.state === 'cold' && tier !== 'ignition') mark.state = 'warm'
    else if (mark.state === 'asked' && ++mark.rounds > maxRoundsWaiting) {
      if (!this.#natives.isPending(mark.fn)) mark.state = 'refused'
    }
  }

  #ask(mark: Mark): boolean {
    if (this.#natives.isPending(mark.fn)) return false
    const { tier } = mark.wanted
    const isAsked = this.#natives.prepare(mark.fn) && this.#natives.optimize(mark.fn, tier)
    mark.state = isAsked ? 'asked' : 'refused'
    return isAsked
  }
}
