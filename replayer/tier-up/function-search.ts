import type { FunctionLocation, Natives } from '../../runtime/natives.ts'
import { ClosureWalk } from '../../runtime/closures/closure-walk.ts'
import type { Wanted, WantedFunction } from './wanted.ts'

/** Longest time of it between two rounds. */
const sliceMs = 50

/** Looks for the closures of wanted functions, one slice of time after the other. */
export class FunctionSearch {
  readonly #natives: Natives
  readonly #wanted: Wanted
  readonly #found: (wanted: WantedFunction, fn: object) => void
  readonly #walk: ClosureWalk
  readonly #missing: Set<WantedFunction>
  /** Those that are missing of each script, by V8's number of it. */
  readonly #missingOf = new Map<number, Set<WantedFunction>>()
  #leftMs: number
  #isOver = false

  /**
   * @param roots - where to begin
   * @param limitMs - longest time of all slices
   * @param found - called with every closure of a wanted function that is come by while some are missing
   */
  constructor(
    natives: Natives,
    wanted: Wanted,
    roots: readonly unknown[],
    limitMs: number,
    found: (wanted: WantedFunction, fn: object) => void,
  ) {
    this.#natives = natives
    this.#wanted = wanted
    this.#found = found
    this.#missing = new Set(wanted.functions)
    this.#leftMs = limitMs
    this.#walk = new ClosureWalk(natives, roots, (fn, location) => this.#visit(fn, location))
  }

  goOn(): void {
    if (this.#isOver) return
    const start = performance.now()
    const endsAt = start + Math.min(this.#leftMs, sliceMs)
    const isDone = this.#walk.run(() => this.#missing.size === 0 || performance.now() > endsAt)
    this.#leftMs -= performance.now() - start
    if (isDone || this.#missing.size === 0 || this.#leftMs <= 0) this.end()
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#walk.close()
  }

  #visit(fn: object, location: FunctionLocation): boolean {
    const missing = this.#missingIn(fn, location)
    const wanted = missing.size === 0 ? undefined : this.#wanted.match(location)
    if (wanted !== undefined) {
      this.#found(wanted, fn)
      missing.delete(wanted)
      this.#missing.delete(wanted)
    }
    return missing.size > 0
  }

  #missingIn(fn: object, { scriptId }: FunctionLocation): Set<WantedFunction> {
    let missing = this.#missingOf.get(scriptId)
    if (missing === undefined) {
      const { length } = this.#natives.scriptOf(fn) ?? ''
      missing = new Set(this.#wanted.inScript(length))
      this.#missingOf.set(scriptId, missing)
    }
    return missing
  }
}
