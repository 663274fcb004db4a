import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { wrapperLength, wrapperPrefix } from '../../runtime/commonjs.ts'
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

  /** @param length - of the script, UTF-16 code units; undefined is returned where nothing of it is wanted */
  functionsIn(length: number): ScriptFunctions | undefined {
    // Our own wrapper of CommonJS stands in the script around the text of the file, Node's does not.
    const modulesOf = (known: ReadonlyMap<number, readonly WantedModule[]>): WantedModule[] =>
      [length, length - wrapperLength].flatMap((each) => known.get(each) ?? [])
    const same = modulesOf(this.#byLength).flatMap(({ functions }) => functions)
    if (same.length > 0) return new SameScript(same, [0, wrapperPrefix.length])
    this.#changed ??= groupByLength(this.#modules(), (module) => this.#lengthNow(module))
    const changed = modulesOf(this.#changed).flatMap(({ functions }) => functions)
    return changed.length === 0 ? undefined : new ChangedScript(changed, length)
  }

  #modules(): WantedModule[] {
    return [...this.#byLength.values()].flat()
  }

  /** Of the module as it is on disk; undefined: as it was in staging, or not there. */
  #lengthNow({ path: file, length: recorded }: WantedModule): number | undefined {
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
