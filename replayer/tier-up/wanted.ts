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
  /** Of the application itself. */
  readonly isOwn: boolean
  /** Hottest first. */
  readonly functions: readonly WantedFunction[]
}

/** The functions of a profile that were optimised in staging, and the modules that they are of. */
export class Wanted {
  /** Hottest first. */
  readonly functions: readonly WantedFunction[]
  /** Those with wanted functions, and those of the application itself, through which the others may be reached. */
  readonly modules: readonly WantedModule[]

  /** @param isWanted - false: it is left out */
  constructor(
    functions: readonly HotFunction[],
    modules: readonly ModuleRecord[],
    isWanted: (wanted: WantedFunction) => boolean,
  ) {
    const wanted: WantedFunction[] = []
    const all = modules.map(({ path, format, sourceLength: length }) => {
      const isOwn = (format === 'cjs' || format === 'esm') && !path.includes('node_modules/')
      return { path, length, isOwn, functions: [] as WantedFunction[] }
    })
    for (const { module: index, name, line, position, length, sourceHash, tier } of functions) {
      const module = all[index]
      if (module === undefined || (tier !== 'maglev' && tier !== 'turbofan')) continue
      if (position === null || length === null || sourceHash === null) continue
      const label = `${modules[index]?.id ?? ''}:${line} ${name}`.trimEnd()
      const one: WantedFunction = { name: label, sourceHash, tier, position, length, module }
      if (!isWanted(one)) continue
      module.functions.push(one)
      wanted.push(one)
    }
    this.functions = wanted
    this.modules = all.filter((module) => module.isOwn || module.functions.length > 0)
  }
}
