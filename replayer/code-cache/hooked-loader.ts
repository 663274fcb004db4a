import path from 'node:path'
import { sha256 } from '../../formats/hash.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import { compileCommonJs, hookCompile, type CompiledModule } from '../../runtime/commonjs.ts'
import type { App } from '../../runtime/app.ts'
import type { Units } from '../units.ts'

/** CommonJS modules compiled by us, out of the caches of the profile: Node 20, and where Node's own cache cannot be had. */
export class HookedLoader {
  readonly #units: Units
  readonly #beforeCompile: (() => void) | undefined
  /** Recorded modules that have a cache and have not been loaded yet, by absolute file name. */
  readonly #byFile = new Map<string, ModuleRecord>()
  /** The same by source, for a module that is installed at another place than in staging. */
  readonly #bySource = new Map<string, ModuleRecord>()
  readonly #waiting = new Set<ModuleRecord>()
  #caches: ReadonlyMap<ModuleRecord, Uint8Array>

  /**
   * @param caches - of CommonJS modules
   * @param beforeCompile - called before any CommonJS module is compiled
   */
  constructor(
    units: Units,
    app: App,
    caches: ReadonlyMap<ModuleRecord, Uint8Array>,
    beforeCompile: (() => void) | undefined,
  ) {
    this.#units = units
    this.#beforeCompile = beforeCompile
    this.#caches = caches
    for (const module of caches.keys()) {
      this.#waiting.add(module)
      this.#byFile.set(path.join(app.root, module.path), module)
      if (module.sourceHash !== null) this.#bySource.set(module.sourceHash, module)
    }
    hookCompile((content, filename) => this.#compile(content, filename))
  }

  /** Counts what is unused so far, once the application has loaded; a module that comes later still gets its cache. */
  count(): void {
    const left = new Map<ModuleRecord, Uint8Array>()
    for (const module of this.#waiting) {
      this.#units.skip(module.id, 'NOT_LOADED')
      // A copy: a view would keep the whole profile in memory.
      left.set(module, Uint8Array.from(this.#caches.get(module) ?? []))
    }
    this.#caches = left
  }

  #compile(content: string, filename: string): CompiledModule | undefined {
    this.#beforeCompile?.()
    if (this.#waiting.size === 0) return undefined
    const expected = this.#byFile.get(filename)
    if (expected === undefined && this.#bySource.size === 0) return undefined
    const hash = sha256(content)
    const module = expected?.sourceHash === hash ? expected : this.#bySource.get(hash)
    const cache = module === undefined ? undefined : this.#caches.get(module)
    if (module === undefined || cache === undefined) {
      if (expected !== undefined && this.#waiting.delete(expected)) {
        this.#units.skip(expected.id, 'SOURCE_CHANGED')
      }
      return undefined
    }
    const first = this.#waiting.delete(module)
    const compiled = compileCommonJs(content, filename, cache)
    // A rejected cache is no loss: the module was compiled from its source instead.
    if (first && compiled.isRejected) this.#units.skip(module.id, 'CACHE_REJECTED')
    else if (first) this.#units.apply()
    if (this.#waiting.size === 0) this.#release()
    return compiled
  }

  /** Everything is in use: the profile need not stay in memory. */
  #release(): void {
    this.#caches = new Map()
    this.#byFile.clear()
    this.#bySource.clear()
  }
}
