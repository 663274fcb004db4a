import path from 'node:path'
import { sha256 } from '../../formats/hash.ts'
import { compileCommonJs, hookCompile, type CompiledModule } from '../../runtime/commonjs.ts'
import type { App } from '../../runtime/app.ts'
import type { CachedModule } from '../../runtime/compile-cache/manifest.ts'
import type { Units } from '../units.ts'

/** CommonJS modules compiled by us, out of the caches of the profile: Node 20, and where Node's own cache cannot be had. */
export class HookedLoader {
  readonly #units: Units
  readonly #beforeCompile: (() => void) | undefined
  /** Recorded modules that have a cache and have not been loaded yet, by absolute file name. */
  readonly #byFile = new Map<string, CachedModule>()
  /** The same by source, for a module that is installed at another place than in staging. */
  readonly #bySource = new Map<string, CachedModule>()
  /** Of the sources that are waited for, UTF-16 code units: to hash all that the application loads takes longer. */
  readonly #lengths = new Set<number>()
  readonly #waiting = new Set<CachedModule>()
  readonly #find: () => ReadonlyMap<string, Uint8Array>
  /** By id; undefined: none was needed yet. */
  #caches: ReadonlyMap<string, Uint8Array> | undefined

  /**
   * @param modules - CommonJS modules
   * @param find - caches of the profile, by id
   * @param beforeCompile - called before any CommonJS module is compiled
   */
  constructor(
    units: Units,
    app: App,
    modules: readonly CachedModule[],
    find: () => ReadonlyMap<string, Uint8Array>,
    beforeCompile: (() => void) | undefined,
  ) {
    this.#units = units
    this.#beforeCompile = beforeCompile
    this.#find = find
    for (const module of modules) {
      this.#waiting.add(module)
      this.#lengths.add(module.sourceLength)
      this.#byFile.set(path.join(app.root, module.path), module)
      if (module.sourceHash !== null) this.#bySource.set(module.sourceHash, module)
    }
    hookCompile((content, filename) => this.#compile(content, filename))
  }

  /** Now, and not when the first one is needed. */
  findCaches(): void {
    this.#caches ??= this.#find()
  }

  /**
   * Counts what is unused so far, once the application has loaded; a module that comes later still gets its cache, unless none
   * was needed yet.
   */
  count(): void {
    const left = new Map<string, Uint8Array>()
    for (const module of this.#waiting) {
      this.#units.skip(module.id, 'NOT_LOADED')
      const cache = this.#caches?.get(module.id)
      // A copy: a view would keep the whole profile in memory.
      if (cache !== undefined) left.set(module.id, Uint8Array.from(cache))
    }
    this.#caches = left
  }

  #compile(content: string, filename: string): CompiledModule | undefined {
    this.#beforeCompile?.()
    if (this.#waiting.size === 0) return undefined
    const expected = this.#byFile.get(filename)
    const isLikely = this.#lengths.has(content.length)
    if (expected === undefined && !isLikely) return undefined
    const hash = isLikely ? sha256(content) : ''
    const module = expected?.sourceHash === hash ? expected : this.#bySource.get(hash)
    const cache = module === undefined ? undefined : this.#cacheOf(module)
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

  #cacheOf({ id }: CachedModule): Uint8Array | undefined {
    try {
      this.findCaches()
      return this.#caches?.get(id)
    } catch {
      // The profile is not what it was; the application goes on without it.
      this.#release()
      return undefined
    }
  }

  /** Everything is in use: the profile need not stay in memory. */
  #release(): void {
    this.#caches = new Map()
    this.#byFile.clear()
    this.#bySource.clear()
  }
}
