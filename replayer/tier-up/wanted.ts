import { sha256 } from '../../formats/hash.ts'
import type { HotFunction, ModuleRecord } from '../../formats/profile.ts'
import { wrapperLength, wrapperPrefix } from '../../runtime/commonjs.ts'
import type { FunctionLocation } from '../../runtime/natives.ts'

/** A function that staging had optimised. */
export interface WantedFunction {
  /** For people: `lib/cart.js:12 total`. */
  readonly name: string
  readonly sourceHash: string
  readonly tier: 'maglev' | 'turbofan'
  /** Of the text of its module, UTF-16 code units. */
  readonly moduleLength: number
}

/** The functions of a profile that were optimised in staging, to be found by place and source. */
export class Wanted {
  /** Hottest first. */
  readonly functions: readonly WantedFunction[]
  readonly #byPlace = new Map<string, WantedFunction[]>()
  #byLength: ReadonlyMap<number, readonly WantedFunction[]> | undefined

  /** @param isWanted - false: it is left out */
  constructor(
    functions: readonly HotFunction[],
    modules: readonly ModuleRecord[],
    isWanted: (wanted: WantedFunction) => boolean,
  ) {
    const wanted: WantedFunction[] = []
    for (const { module, name, line, position, length, sourceHash, tier } of functions) {
      if (tier !== 'maglev' && tier !== 'turbofan') continue
      if (position === null || length === null || sourceHash === null) continue
      const { id = '', sourceLength: moduleLength = 0 } = modules[module] ?? {}
      const one = { name: `${id}:${line} ${name}`.trimEnd(), sourceHash, tier, moduleLength }
      if (!isWanted(one)) continue
      wanted.push(one)
      // Our own wrapper of CommonJS stands in the script before the text of the file, Node's does not.
      for (const shift of [0, wrapperPrefix.length]) {
        const place = `${position + shift}:${length}`
        this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), one])
      }
    }
    this.functions = wanted
  }

  match({ position, source }: FunctionLocation): WantedFunction | undefined {
    const candidates = this.#byPlace.get(`${position}:${source.length}`)
    if (candidates === undefined) return undefined
    const hash = sha256(source)
    return candidates.find(({ sourceHash }) => sourceHash === hash)
  }

  /** Those of modules whose script has this length, with our wrapper of CommonJS or without. */
  inScript(length: number): readonly WantedFunction[] {
    const { functions } = this
    this.#byLength ??= groupBy(functions, ({ moduleLength }) => moduleLength)
    return [length, length - wrapperLength].flatMap((each) => this.#byLength?.get(each) ?? [])
  }
}

function groupBy<V, K>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}
