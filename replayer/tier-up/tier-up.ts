import type { Reason } from '../../formats/reasons.ts'
import type { Natives } from '../../runtime/natives.ts'
import type { Units } from '../units.ts'
import { ClosureSearch } from './closure-search.ts'
import type { Levers } from './levers.ts'
import { Marks } from './marks.ts'
import { Scopes } from './scopes.ts'
import type { Thresholds } from './thresholds.ts'
import type { Wanted } from './wanted.ts'

/** V8 learns by itself first: the code that rounds run for the first time has seen nothing yet. */
const learningRounds = Number(process.env['X_LEARN'] ?? 3)
/** Part of the rehearsal after which functions are looked for and named. */
const searchAt = Number(process.env['X_SEARCH'] ?? 0.4)
/** Longest part of what is left of the budget that looking for functions may take. */
const searchShare = 0.1

/**
 * Stage 4: brings the functions that staging had optimised to their tier while requests are rehearsed. It acts between rounds: first
 * V8 learns by itself, then it waits for fewer calls, then the functions of the profile are named to it, a few at a time.
 */
export class TierUp {
  readonly #levers: Levers
  readonly #natives: Natives
  readonly #thresholds: Thresholds | undefined
  readonly #wanted: Wanted
  readonly #marks: Marks
  #isSearched = false

  constructor(
    levers: Levers,
    natives: Natives,
    thresholds: Thresholds | undefined,
    wanted: Wanted,
  ) {
    this.#levers = levers
    this.#natives = natives
    this.#thresholds = thresholds
    this.#wanted = wanted
    this.#marks = new Marks(natives)
  }

  /**
   * @param rounds - so far
   * @param progress - 0 to 1: of the rehearsal
   * @param remainingMs - of the budget
   * @param roots - what the functions are looked for from
   */
  afterRound(
    rounds: number,
    progress: number,
    remainingMs: number,
    roots: () => readonly unknown[],
  ): void {
    if (this.#levers.thresholds && rounds >= learningRounds) this.#thresholds?.lower()
    if (progress < searchAt || rounds < learningRounds) return
    if (!this.#isSearched) this.#search(roots(), remainingMs * searchShare)
    this.#marks.step(this.#levers.natives)
  }

  /** A module is about to be compiled, which V8's flags must not be changed for. */
  pause(): void {
    this.#thresholds?.restore()
  }

  /** Counts every wanted function once. False: a flag of V8 was left changed. */
  finish(units: Units): boolean {
    const restored = this.#thresholds?.restore() ?? true
    this.#marks.step(false)
    for (const wanted of this.#wanted.functions) {
      const reason = this.#reasonAgainst(this.#marks.stateOf(wanted))
      if (reason === undefined) units.apply()
      else units.skip(wanted.name, reason)
    }
    return restored
  }

  #reasonAgainst(state: ReturnType<Marks['stateOf']>): Reason | undefined {
    switch (state) {
      case 'reached':
        return undefined
      case 'fell':
        return 'DEOPTED'
      case 'found':
        return 'NOT_WARM'
      case 'asked':
      case 'refused':
        return 'TIER_NOT_REACHED'
      case undefined:
        return this.#isSearched ? 'FUNCTION_NOT_FOUND' : 'BUDGET_SPENT'
    }
  }

  #search(roots: readonly unknown[], forMs: number): void {
    this.#isSearched = true
    const t0 = performance.now()
    const endsAt = performance.now() + forMs
    const scopes = Scopes.open()
    try {
      const search = new ClosureSearch(this.#natives, scopes, this.#wanted, (wanted, fn) => {
        this.#marks.add(wanted, fn)
      })
      search.run(roots, () => (process.env['X_NOLIMIT'] ? false : performance.now() > endsAt))
    } finally {
      scopes?.close()
      if (process.env['X_LOG']) {
        const found = this.#wanted.functions.filter(
          (w) => this.#marks.stateOf(w) !== undefined,
        ).length
        process.stderr.write(
          `search ${(performance.now() - t0).toFixed(0)} ms of ${forMs.toFixed(0)}, ${found}/${this.#wanted.functions.length} found\n`,
        )
      }
    }
  }
}
