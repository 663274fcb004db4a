import { sha256 } from '../../formats/hash.ts'
import type { FunctionLocation } from '../../runtime/natives.ts'
import type { WantedFunction, WantedModule } from './wanted.ts'

type Place = Pick<FunctionLocation, 'position' | 'source'>

/** The wanted functions of one script, some of which may be missing still. */
export abstract class ScriptFunctions {
  /** Whether others may be reached through it though nothing of it is missing. */
  readonly isSteppingStone: boolean
  protected readonly missing: Set<WantedFunction>
  /** UTF-16 code units of the script that stand before the text of the module. */
  protected readonly shift: number

  /** @param modules - of which the script may be: mostly one */
  constructor(modules: readonly WantedModule[], shift: number) {
    this.isSteppingStone = modules.some(({ isOwn }) => isOwn)
    this.missing = new Set(modules.flatMap(({ functions }) => functions))
    this.shift = shift
  }

  /** The wanted function that a function of the script is, if any. */
  abstract match(place: Place): WantedFunction | undefined

  protected abstract placeOf(wanted: WantedFunction): number

  isComplete(): boolean {
    return this.missing.size === 0
  }

  found(wanted: WantedFunction): void {
    this.missing.delete(wanted)
  }

  /** Where about in the script those that are missing are. */
  places(): readonly number[] {
    return Array.from(this.missing, (wanted) => this.placeOf(wanted))
  }
}

/** Of a script that is as it was in staging: by place, and for certainty by source. */
export class SameScript extends ScriptFunctions {
  readonly #byPlace = new Map<string, WantedFunction[]>()

  constructor(modules: readonly WantedModule[], shift: number) {
    super(modules, shift)
    for (const wanted of this.missing) {
      const place = `${wanted.position}:${wanted.length}`
      this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), wanted])
    }
  }

  override match({ position, source }: Place): WantedFunction | undefined {
    const candidates = this.#byPlace.get(`${position - this.shift}:${source.length}`)
    if (candidates === undefined) return undefined
    const hash = sha256(source)
    return candidates.find(({ sourceHash }) => sourceHash === hash)
  }

  protected override placeOf({ position }: WantedFunction): number {
    return position + this.shift
  }
}

/**
 * Of a script whose text has changed since staging, as that of a bundle does with every deploy: by source alone. Where several functions
 * have the same source, each is taken for the one of them that stood nearest.
 */
export class ChangedScript extends ScriptFunctions {
  readonly #byLength = new Map<number, WantedFunction[]>()
  /** What functions turned out to be, by place: closures of one piece of code are many. */
  readonly #known = new Map<number, WantedFunction | undefined>()
  readonly #length: number

  /** @param length - of the text now, UTF-16 code units */
  constructor(modules: readonly WantedModule[], shift: number, length: number) {
    super(modules, shift)
    this.#length = length
    for (const wanted of this.missing) {
      this.#byLength.set(wanted.length, [...(this.#byLength.get(wanted.length) ?? []), wanted])
    }
  }

  override match({ position, source }: Place): WantedFunction | undefined {
    const candidates = this.#byLength.get(source.length)
    if (candidates === undefined) return undefined
    if (this.#known.has(position)) return this.#known.get(position)
    const hash = sha256(source)
    const same = candidates.filter(({ sourceHash }) => sourceHash === hash)
    const open = same.filter((wanted) => this.missing.has(wanted))
    const distanceTo = (wanted: WantedFunction): number => Math.abs(this.placeOf(wanted) - position)
    const [nearest] = (open.length > 0 ? open : same).sort((a, b) => distanceTo(a) - distanceTo(b))
    this.#known.set(position, nearest)
    return nearest
  }

  /** As if the text had grown everywhere alike. */
  protected override placeOf({ position, module }: WantedFunction): number {
    return this.shift + position * (this.#length / module.length)
  }
}
