import path from 'node:path'
import type { Script } from 'node:vm'
import { codeCaches } from '../formats/code-caches.ts'
import { sha256 } from '../formats/hash.ts'
import type { ModuleRecord } from '../formats/profile.ts'
import { compileCommonJs, hookCompile } from '../runtime/commonjs.ts'
import { instrumentation } from '../runtime/features.ts'
import type { Plan } from './preflight.ts'
import type { Units } from './units.ts'

/**
 * Stage 1: CommonJS modules are compiled with the V8 code cache that was taken after warm-up. It holds the functions
 * that the first requests run, which Node's own compile cache leaves to lazy compilation.
 */
export class CodeCache {
  readonly #units: Units
  readonly #beforeCompile: (() => void) | undefined
  /** Recorded modules that have a cache and have not been loaded yet, by absolute file name. */
  readonly #byFile = new Map<string, ModuleRecord>()
  /** The same by source, for a module that is installed at another place than in staging. */
  readonly #bySource = new Map<string, ModuleRecord>()
  readonly #waiting = new Set<ModuleRecord>()
  #caches: ReadonlyMap<ModuleRecord, Uint8Array> = new Map()

  /** @param beforeCompile - called before any CommonJS module is compiled */
  constructor(units: Units, beforeCompile?: () => void) {
    this.#units = units
    this.#beforeCompile = beforeCompile
  }

  install({ modules, meta, tag, app, codecache }: Plan): void {
    const cached = modules.filter((module) => module.format === 'cjs' && module.cacheBytes > 0)
    const reason =
      meta.codeCacheTag !== tag
        ? 'TAG_MISMATCH'
        : instrumentation() !== undefined
          ? 'INSTRUMENTED'
          : undefined
    for (const module of cached) {
      if (reason !== undefined) this.#units.skip(module.id, reason)
      else {
        this.#waiting.add(module)
        this.#byFile.set(path.join(app.root, module.path), module)
        if (module.sourceHash !== null) this.#bySource.set(module.sourceHash, module)
      }
    }
    if (this.#waiting.size > 0) this.#caches = codeCaches(modules, codecache)
    else if (this.#beforeCompile === undefined) return
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

  #compile(content: string, filename: string): Script | undefined {
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
    const script = compileCommonJs(content, filename, cache)
    // A rejected cache is no loss: the script was compiled from its source instead.
    if (first && script.cachedDataRejected === true) this.#units.skip(module.id, 'CACHE_REJECTED')
    else if (first) this.#units.apply()
    if (this.#waiting.size === 0) this.#release()
    return script
  }

  /** Everything is in use: the profile need not stay in memory. */
  #release(): void {
    this.#caches = new Map()
    this.#byFile.clear()
    this.#bySource.clear()
  }
}
