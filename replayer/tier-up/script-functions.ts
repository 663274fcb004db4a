import { sha256 } from '../../formats/hash.ts'
import type { FunctionLocation } from '../../runtime/natives.ts'
import type { WantedFunction } from './wanted.ts'

type Place = Pick<FunctionLocation, 'position' | 'source'>

/** The wanted functions of one script. */
export interface ScriptFunctions {
  readonly missing: ReadonlySet<WantedFunction>
  /** The wanted function that a function of the script is, if any. */
  match(place: Place): WantedFunction | undefined
  /** About where those that are missing are. */
  places(): readonly number[]
  found(wanted: WantedFunction): void
}

/** Of a script that is as it was in staging: by place, and for certainty by source. */
export class SameScript implements ScriptFunctions {
  readonly missing: Set<WantedFunction>
  readonly #byPlace = new Map<string, WantedFunction[]>()

  /** @param shifts - how far the text of the module may stand from the beginning of the script */
  constructor(functions: readonly WantedFunction[], shifts: readonly number[]) {
    this.missing = new Set(functions)
    for (const wanted of functions) {
      for (const shift of shifts) {
        const place = `${wanted.position + shift}:${wanted.length}`
        this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), wanted])
      }
    }
  }

  match({ position, source }: Place): WantedFunction | undefined {
    const candidates = this.#byPlace.get(`${position}:${source.length}`)
    if (candidates === undefined) return undefined
    const hash = sha256(source)
    return candidates.find(({ sourceHash }) => sourceHash === hash)
  }

  places(): readonly number[] {
    return Array.from(this.missing, ({ position }) => position)
  }

  found(wanted: WantedFunction): void {
    this.missing.delete(wanted)
  }
}

/**
 * Of a script whose text has changed since staging, as that of a bundle does with every deploy: by source alone. Where several functions
 * have the same source, each is taken for the one whose turn it is in the order of the text.
 */
export class ChangedScript implements ScriptFunctions {
  readonly missing: Set<WantedFunction>
  readonly #byLength = new Map<number, WantedFunction[]>()
  /** What the functions of the lengths in question turned out to be, by place: closures of one piece of code are many. */
  readonly #known = new Map<number, WantedFunction | undefined>()
  /** How much longer the text has become. */
  readonly #growth: number

  /** @param length - of the script, UTF-16 code units */
  constructor(functions: readonly WantedFunction[], length: number) {
    this.missing = new Set(functions)
    this.#growth = length / (functions[0]?.module.length ?? length)
    for (const wanted of functions) {
      this.#byLength.set(wanted.length, [...(this.#byLength.get(wanted.length) ?? []), wanted])
    }
  }

  match({ position, source }: Place): WantedFunction | undefined {
    const candidates = this.#byLength.get(source.length)
    if (candidates === undefined) return undefined
    if (this.#known.has(position)) return this.#known.get(position)
    const hash = sha256(source)
    const same = candidates.filter(({ sourceHash }) => sourceHash === hash)
    const open = same.filter((wanted) => this.missing.has(wanted))
    const distanceTo = (wanted: WantedFunction): number =>
      Math.abs(this.#placeOf(wanted) - position)
    const [nearest] = (open.length > 0 ? open : same).sort((a, b) => distanceTo(a) - distanceTo(b))
    this.#known.set(position, nearest)
    return nearest
  }

  places(): readonly number[] {
    return Array.from(this.missing, (wanted) => this.#placeOf(wanted))
  }

  found(wanted: WantedFunction): void {
    this.missing.delete(wanted)
  }

  #placeOf({ position }: WantedFunction): number {
    return position * this.#growth
  }
}
