import { codeCaches } from '../../formats/code-caches.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import type { App } from '../../runtime/app.ts'
import type { Place } from '../../runtime/compile-cache/folder.ts'
import { hookCompile } from '../../runtime/commonjs.ts'
import { instrumentation, isCoverageCollected } from '../../runtime/features.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../preflight.ts'
import type { LoadPack } from '../load/load-pack.ts'
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

  /** @param pack - gives most CommonJS modules theirs; undefined: there is none */
  install(
    plan: Plan,
    { cacheDir, profile }: Pick<Config, 'cacheDir' | 'profile'>,
    pack?: LoadPack,
  ): void {
    if (pack?.givesCaches === true) {
      this.#usePack(plan, pack, { cacheDir, profile })
      return
    }
    const cached = plan.modules.filter(({ cacheBytes }) => cacheBytes > 0)
    const fits = plan.meta.codeCacheTag === plan.tag
    if (isCoverageCollected()) this.#skip(cached, 'INSTRUMENTED')
    else if (cached.length > 0) {
      const caches = fits ? codeCaches(plan.modules, plan.codecache) : undefined
      const opened =
        cacheDir === undefined || profile === undefined
          ? 'CACHE_FOLDER'
          : NodeCache.open(placeOf(plan, profile, cacheDir), caches)
      if (opened instanceof NodeCache) {
        this.#useNode(plan, opened, cached, caches)
        return
      }
      if (caches !== undefined) {
        this.#useHook(plan, caches, opened)
        return
      }
      this.#skip(cached, 'TAG_MISMATCH')
    }
    this.#onlyWatch()
  }

  /** What is not in the pack are ES modules, whose caches only Node can use, and what has changed since. */
  #usePack(
    plan: Plan,
    pack: LoadPack,
    { cacheDir, profile }: Pick<Config, 'cacheDir' | 'profile'>,
  ): void {
    const opened =
      pack.hasEsModules && cacheDir !== undefined && profile !== undefined
        ? NodeCache.open(placeOf(plan, profile, cacheDir), undefined)
        : 'SOURCE_CHANGED'
    this.#count = () => {
      const cached = plan.modules.filter(({ cacheBytes }) => cacheBytes > 0)
      const rest = cached.filter((module) => !pack.gives(module))
      pack.count(
        cached.filter((module) => pack.gives(module)),
        this.#units,
      )
      if (opened instanceof NodeCache) opened.count(rest, this.#units)
      else this.#skip(rest, opened)
    }
  }

  /** Counts what was of use so far, once the application has loaded. */
  count(): void {
    this.#count()
  }

  /** What Node has no entry for may be transpiled on the fly, or installed elsewhere: the hook knows a module by its source. */
  #useNode(
    { app }: Plan,
    node: NodeCache,
    cached: readonly ModuleRecord[],
    caches: ReadonlyMap<ModuleRecord, Uint8Array> | undefined,
  ): void {
    const isHooked = ({ format }: ModuleRecord): boolean =>
      format === 'cjs' && caches !== undefined && instrumentation() === undefined
    const rest = cached.filter((module) => !node.has(module) && isHooked(module))
    const nodes = cached.filter((module) => !rest.includes(module))
    const hook = rest.length === 0 ? undefined : this.#hook(app, pick(caches, rest))
    if (hook === undefined) this.#onlyWatch()
    this.#count = () => {
      node.count(nodes, this.#units)
      hook?.count()
    }
  }

  /** @param reason - why Node's own loader does not do it, which is all that there is for ES modules */
  #useHook({ app }: Plan, caches: ReadonlyMap<ModuleRecord, Uint8Array>, reason: Reason): void {
    const isInstrumented = instrumentation() !== undefined
    const usable: ModuleRecord[] = []
    for (const module of caches.keys()) {
      if (module.format !== 'cjs') this.#units.skip(module.id, reason)
      else if (isInstrumented) this.#units.skip(module.id, 'INSTRUMENTED')
      else usable.push(module)
    }
    if (usable.length === 0) {
      this.#onlyWatch()
      return
    }
    const loader = this.#hook(app, pick(caches, usable))
    this.#count = () => {
      loader.count()
    }
  }

  #hook(app: App, caches: ReadonlyMap<ModuleRecord, Uint8Array>): HookedLoader {
    return new HookedLoader(this.#units, app, caches, this.#beforeCompile)
  }

  #onlyWatch(): void {
    const before = this.#beforeCompile
    if (before === undefined) return
    hookCompile(() => {
      before()
      return undefined
    })
  }

  #skip(modules: readonly ModuleRecord[], reason: Reason): void {
    for (const { id } of modules) this.#units.skip(id, reason)
  }
}

function placeOf({ digest, meta, app }: Plan, profile: string, folder: string): Place {
  return { profile, folder, digest, appId: meta.appId, root: app.root }
}

function pick(
  caches: ReadonlyMap<ModuleRecord, Uint8Array> | undefined,
  modules: readonly ModuleRecord[],
): ReadonlyMap<ModuleRecord, Uint8Array> {
  return new Map(modules.map((module) => [module, caches?.get(module) ?? new Uint8Array()]))
}
