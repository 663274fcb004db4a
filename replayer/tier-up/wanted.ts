import type { HotFunction, ModuleRecord } from '../../formats/profile.ts'

/** A function that staging had optimised. */
export interface WantedFunction {
  /** For people: `lib/cart.js:12 total`. */
  readonly name: string
  readonly sourceHash: string
  readonly tier: 'maglev' | 'turbofan'
  /** Of its opening parenthesis in the text of its module, UTF-16 code units. */
  readonly position: number
  /** Of its source from there on, UTF-16 code units. */
  readonly length: number
  readonly module: WantedModule
}

export interface WantedModule {
  /** From the root of the application. */
  readonly path: string
  /** Of its text as it reached V8 in staging, UTF-16 code units. */
  readonly length: number
  /** Hottest first. */
  readonly functions: readonly WantedFunction[]
}

/** The functions of a profile that were optimised in staging, and the modules that they are of. */
export class Wanted {
  /** Hottest first. */
  readonly functions: readonly WantedFunction[]
  readonly modules: readonly WantedModule[]

  /** @param isWanted - false: it is left out */
  constructor(
    functions: readonly HotFunction[],
    modules: readonly ModuleRecord[],
    isWanted: (wanted: WantedFunction) => boolean,
  ) {
    const wanted: WantedFunction[] = []
    const byModule = new Map<number, WantedModule & { readonly functions: WantedFunction[] }>()
    for (const { module: index, name, line, position, length, sourceHash, tier } of functions) {
      if (tier !== 'maglev' && tier !== 'turbofan') continue
      if (position === null || length === null || sourceHash === null) continue
      const { id = '', path = '', sourceLength = 0 } = modules[index] ?? {}
      const module = byModule.get(index) ?? { path, length: sourceLength, functions: [] }
      const label = `${id}:${line} ${name}`.trimEnd()
      const one: WantedFunction = { name: label, sourceHash, tier, position, length, module }
      if (!isWanted(one)) continue
      byModule.set(index, module)
      module.functions.push(one)
      wanted.push(one)
    }
    this.functions = wanted
    this.modules = [...byModule.values()]
  }
}
