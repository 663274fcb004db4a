import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { moduleTextIn } from '../../runtime/module-text.ts'
import { ChangedScript, SameScript, type ScriptFunctions } from './script-functions.ts'
import type { WantedModule } from './wanted.ts'

/** Tells by its length which module of the profile a script is: V8 names no script to JavaScript. */
export class KnownScripts {
  readonly #root: string
  readonly #byLength: ReadonlyMap<number, readonly WantedModule[]>
  #changed: ReadonlyMap<number, readonly WantedModule[]> | undefined

  /** @param root - of the application, where its modules are looked for */
  constructor(modules: readonly WantedModule[], root: string) {
    this.#root = root
    this.#byLength = groupByLength(modules, ({ length }) => length)
  }

  /** @param script - its whole text; undefined is returned where it is none of the modules */
  functionsIn(script: string): ScriptFunctions | undefined {
    const { shift, length } = moduleTextIn(script)
    const same = this.#byLength.get(length)
    if (same !== undefined) return new SameScript(same, shift)
    this.#changed ??= groupByLength(this.#modules(), (module) => this.#lengthNow(module))
    const changed = this.#changed.get(length)
    return changed && new ChangedScript(changed, shift, length)
  }

  #modules(): WantedModule[] {
    return [...this.#byLength.values()].flat()
  }

  /** Of the module as it is on disk; undefined: as it was in staging, or not there. */
  #lengthNow({ path: file, length: recorded, functions }: WantedModule): number | undefined {
    if (functions.length === 0) return undefined
    try {
      const absolute = path.join(this.#root, file)
      if (!statSync(absolute).isFile()) return undefined
      const { length } = readFileSync(absolute, 'utf8').replace(/^\uFEFF/, '')
      return length === recorded ? undefined : length
    } catch {
      return undefined
    }
  }
}

function groupByLength(
  modules: readonly WantedModule[],
  lengthOf: (module: WantedModule) => number | undefined,
): ReadonlyMap<number, readonly WantedModule[]> {
  const groups = new Map<number, WantedModule[]>()
  for (const module of modules) {
    const length = lengthOf(module)
    if (length !== undefined) groups.set(length, [...(groups.get(length) ?? []), module])
  }
  return groups
}
