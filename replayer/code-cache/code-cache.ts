import { codeCaches } from '../../formats/code-caches.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import { hookCompile } from '../../runtime/commonjs.ts'
import { instrumentation, isCoverageCollected } from '../../runtime/features.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../preflight.ts'
import type { Units } from '../units.ts'
import { HookedLoader } from './hooked-loader.ts'
import { NodeCache } from './node-cache.ts'

/**
 * Stage 1: modules are compiled with the V8 code cache that was taken after warm-up. It holds the functions that the first requests
 * run, which Node's own compile cache leaves to lazy compilation. docs/decisions/007-compile-cache.md
 */
export class CodeCache {
  readonly #units: Units
  readonly #beforeCompile: (() => void) | undefined
  #count: () => void = () => undefined

  /** @param beforeCompile - called before any CommonJS module is compiled */
  constructor(units: Units, beforeCompile?: () => void) {
    this.#units = units
    this.#beforeCompile = beforeCompile
  }

  install(plan: Plan, { cacheDir }: Pick<Config, 'cacheDir'>): void {
    const cached = plan.modules.filter(({ cacheBytes }) => cacheBytes > 0)
    const fits = plan.meta.codeCacheTag === plan.tag
    if (isCoverageCollected()) this.#skip(cached, 'INSTRUMENTED')
    else if (cached.length > 0) {
      const caches = fits ? codeCaches(plan.modules, plan.codecache) : undefined
      const opened =
        cacheDir === undefined
          ? 'CACHE_FOLDER'
          : NodeCache.open({ folder: cacheDir, digest: plan.digest, root: plan.app.root }, caches)
      if (opened instanceof NodeCache) {
        this.#count = () => {
          opened.count(cached, this.#units)
        }
      } else if (caches === undefined) this.#skip(cached, 'TAG_MISMATCH')
      else {
        this.#hook(plan, caches, opened)
        return
      }
    }
    const before = this.#beforeCompile
    if (before === undefined) return
    hookCompile(() => {
      before()
      return undefined
    })
  }

  /** Counts what was of use so far, once the application has loaded. */
  count(): void {
    this.#count()
  }

  /** @param reason - why Node's own loader does not do it, which is all that there is for ES modules */
  #hook({ app }: Plan, caches: ReadonlyMap<ModuleRecord, Uint8Array>, reason: Reason): void {
    const isInstrumented = instrumentation() !== undefined
    const usable = new Map<ModuleRecord, Uint8Array>()
    for (const [module, cache] of caches) {
      if (module.format !== 'cjs') this.#units.skip(module.id, reason)
      else if (isInstrumented) this.#units.skip(module.id, 'INSTRUMENTED')
      else usable.set(module, cache)
    }
    if (usable.size === 0 && this.#beforeCompile === undefined) return
    const loader = new HookedLoader(this.#units, app, usable, this.#beforeCompile)
    this.#count = () => {
      loader.count()
    }
  }

  #skip(modules: readonly ModuleRecord[], reason: Reason): void {
    for (const { id } of modules) this.#units.skip(id, reason)
  }
}
