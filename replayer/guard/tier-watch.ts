import type { Tier } from '../../formats/profile.ts'
import type { TierCounts } from '../../formats/report.ts'
import type { Natives } from '../../runtime/natives.ts'

/** A function that was brought to a tier before the port opened. */
export interface WatchedFunction {
  /** For people: `module:line name`. */
  readonly name: string
  readonly sourceHash: string
  /** Reached when the port opened. */
  readonly tier: Tier
  readonly ref: WeakRef<object>
}

/** A function that falls so often is quarantined: once may be the price of a shape that staging has not seen. */
export const fallsForQuarantine = 2
/** When more than this share of the functions have fallen, and at least so many, their feedback was not that of production. */
export const harmfulShare = 0.2
export const fewestFallen = 5
const maxNamed = 20

const ranks: Readonly<Record<Tier, number>> = { ignition: 0, sparkplug: 0, maglev: 1, turbofan: 2 }

interface Watched {
  readonly function: WatchedFunction
  rank: number
  falls: number
}

/**
 * Tells by looking from time to time which functions have lost their optimised code. A fall that V8 has made good by the
 * next look is not seen: it has cost less than a second, and a function that falls again and again will be caught at it.
 */
export class TierWatch {
  readonly #watched: Watched[]
  readonly #natives: Natives
  readonly #quarantined = new Set<string>()
  readonly #functions: number
  #polls = 0
  #pollsWithTraffic = 0
  #undone = 0

  /** Of functions that were not optimised nothing is to be learnt. */
  constructor(functions: readonly WatchedFunction[], natives: Natives) {
    this.#watched = functions
      .filter(({ tier }) => ranks[tier] > 0)
      .map((each) => ({ function: each, rank: ranks[each.tier], falls: 0 }))
    this.#functions = this.#watched.length
    this.#natives = natives
  }

  get canTell(): boolean {
    return this.#functions > 0
  }

  /**
   * Looks at all of them. Returns those that have fallen for the last time: one of each source.
   *
   * @param hasTraffic - whether requests came since the last look; else a fall is that of a garbage collection and not counted
   */
  poll(hasTraffic: boolean): WatchedFunction[] {
    this.#polls++
    if (hasTraffic) this.#pollsWithTraffic++
    const fallen: WatchedFunction[] = []
    for (const watched of this.#watched) {
      const value = watched.function.ref.deref()
      const tier = value === undefined ? undefined : this.#natives.tierOf(value)
      if (tier === undefined) continue
      const rank = ranks[tier]
      // From TurboFan to Maglev it is one too: V8 has no other way down than to begin anew.
      const hasFallen = rank < watched.rank
      watched.rank = rank
      if (!hasFallen || !hasTraffic) continue
      watched.falls++
      const { sourceHash } = watched.function
      if (watched.falls < fallsForQuarantine || this.#quarantined.has(sourceHash)) continue
      this.#quarantined.add(sourceHash)
      fallen.push(watched.function)
    }
    return fallen
  }

  /** How many have fallen at least once. */
  get fallen(): number {
    return this.#watched.filter(({ falls }) => falls > 0).length
  }

  get areTooManyFallen(): boolean {
    return this.fallen >= fewestFallen && this.fallen > this.#functions * harmfulShare
  }

  /** Throws away the code of those that still run what was compiled before the port opened. V8 optimises them anew. */
  undo(): void {
    for (const { function: watched, rank, falls } of this.#watched) {
      const value = watched.ref.deref()
      if (value === undefined || falls > 0 || rank === 0) continue
      if (this.#natives.deoptimize(value)) this.#undone++
    }
  }

  counts(): TierCounts {
    const fallen = this.#watched.filter(({ falls }) => falls > 0)
    return {
      functions: this.#functions,
      polls: this.#polls,
      pollsWithTraffic: this.#pollsWithTraffic,
      falls: fallen.reduce((sum, { falls }) => sum + falls, 0),
      fallen: fallen.slice(0, maxNamed).map(({ function: { name }, falls }) => ({ name, falls })),
      undone: this.#undone,
    }
  }
}
