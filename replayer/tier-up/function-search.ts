import type { FunctionLocation, Natives } from '../../runtime/natives.ts'
import { ClosureWalk } from '../../runtime/closures/closure-walk.ts'
import type { KnownScripts } from './known-scripts.ts'
import type { ScriptFunctions } from './script-functions.ts'
import type { WantedFunction } from './wanted.ts'

/** Longest time of it between two rounds. */
const sliceMs = 50

/** Looks for the closures of wanted functions, one slice of time after the other. */
export class FunctionSearch {
  readonly #natives: Natives
  readonly #scripts: KnownScripts
  readonly #found: (wanted: WantedFunction, fn: object) => void
  readonly #walk: ClosureWalk
  readonly #missing: Set<WantedFunction>
  /** By V8's number of the script; undefined: nothing of it is wanted. */
  readonly #functionsOf = new Map<number, ScriptFunctions | undefined>()
  #leftMs: number
  #isOver = false

  /**
   * @param wanted - what is looked for in the scripts
   * @param roots - where to begin
   * @param limitMs - longest time of all slices
   * @param found - called with every closure of a wanted function that is come by while some are missing
   */
  constructor(
    natives: Natives,
    wanted: readonly WantedFunction[],
    scripts: KnownScripts,
    roots: readonly unknown[],
    limitMs: number,
    found: (wanted: WantedFunction, fn: object) => void,
  ) {
    this.#natives = natives
    this.#scripts = scripts
    this.#found = found
    this.#missing = new Set(wanted)
    this.#leftMs = limitMs
    this.#walk = new ClosureWalk(natives, roots, {
      visit: (fn, location) => this.#visit(fn, location),
      placesIn: (scriptId) => this.#functionsOf.get(scriptId)?.places() ?? [],
    })
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
    const functions = this.#functionsIn(fn, location)
    if (functions === undefined) return false
    // What is missing in other modules may be reached through this one.
    if (functions.isComplete()) return functions.isSteppingStone
    const wanted = functions.match(location)
    if (wanted !== undefined) {
      this.#found(wanted, fn)
      functions.found(wanted)
      this.#missing.delete(wanted)
    }
    return !functions.isComplete() || functions.isSteppingStone
  }

  #functionsIn(fn: object, { scriptId }: FunctionLocation): ScriptFunctions | undefined {
    if (!this.#functionsOf.has(scriptId)) {
      const script = this.#natives.scriptOf(fn) ?? ''
      this.#functionsOf.set(scriptId, this.#scripts.functionsIn(script))
    }
    return this.#functionsOf.get(scriptId)
  }
}
