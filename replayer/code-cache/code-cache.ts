import { codeCaches } from '../../formats/code-caches.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import type { Place } from '../../runtime/compile-cache/folder.ts'
import type { CachedModule } from '../../runtime/compile-cache/manifest.ts'
import { hookCompile } from '../../runtime/commonjs.ts'
import { instrumentation, isCoverageCollected } from '../../runtime/features.ts'
import type { Config } from '../config.ts'
import type { LoadPack } from '../load/load-pack.ts'
import type { Plan } from '../plan.ts'
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
    const { cachedModules } = plan.outline
    if (isCoverageCollected()) this.#skip(cachedOf(plan), 'INSTRUMENTED')
    else if (cachedModules > 0) {
      const opened =
        cacheDir === undefined || profile === undefined
          ? 'CACHE_FOLDER'
          : NodeCache.open(placeOf(plan, profile, cacheDir), () => cachesOf(plan))
      if (opened instanceof NodeCache) {
        this.#useNode(plan, opened)
        return
      }
      const caches = cachesOf(plan)
      if (caches !== undefined) {
        this.#useHook(plan, caches, opened)
        return
      }
      this.#skip(cachedOf(plan), 'TAG_MISMATCH')
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
        ? NodeCache.open(placeOf(plan, profile, cacheDir), () => cachesOf(plan))
        : 'SOURCE_CHANGED'
    this.#count = () => {
      const [given, rest] = [true, false].map((isGiven) =>
        cachedOf(plan).filter((module) => pack.gives(module) === isGiven),
      )
      pack.count(given ?? [], this.#units)
      if (opened instanceof NodeCache) opened.countOf(rest ?? [], this.#units)
      else this.#skip(rest ?? [], opened)
    }
  }

  /** Counts what was of use so far, once the application has loaded. */
  count(): void {
    this.#count()
  }

  /** What Node has no entry for may be transpiled on the fly, or installed elsewhere: the hook knows a module by its source. */
  #useNode(plan: Plan, node: NodeCache): void {
    const fits = plan.meta.codeCacheTag === plan.tag && instrumentation() === undefined
    const isHooked = ({ format }: CachedModule): boolean => fits && format === 'cjs'
    const rest = node.left.filter(isHooked)
    const hook = rest.length === 0 ? undefined : this.#hook(plan, rest)
    if (hook === undefined) this.#onlyWatch()
    this.#count = () => {
      node.count(
        node.left.filter((module) => !isHooked(module)),
        this.#units,
      )
      hook?.count()
    }
  }

  /** @param reason - why Node's own loader does not do it, which is all that there is for ES modules */
  #useHook(plan: Plan, caches: ReadonlyMap<ModuleRecord, Uint8Array>, reason: Reason): void {
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
    const loader = this.#hook(plan, usable)
    this.#count = () => {
      loader.count()
    }
  }

  #hook(plan: Plan, modules: readonly CachedModule[]): HookedLoader {
    const caches = (): ReadonlyMap<string, Uint8Array> =>
      new Map([...(cachesOf(plan) ?? [])].map(([{ id }, cache]) => [id, cache]))
    const loader = new HookedLoader(this.#units, plan.app, modules, caches, this.#beforeCompile)
    if (plan.isRead) loader.findCaches()
    return loader
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

function cachedOf({ modules }: Plan): readonly ModuleRecord[] {
  return modules.filter(({ cacheBytes }) => cacheBytes > 0)
}

/** Undefined: they do not fit this V8. */
function cachesOf(plan: Plan): ReadonlyMap<ModuleRecord, Uint8Array> | undefined {
  const fits = plan.meta.codeCacheTag === plan.tag
  return fits ? codeCaches(plan.modules, plan.codecache) : undefined
}

function placeOf({ digest, meta, app }: Plan, profile: string, folder: string): Place {
  return { profile, folder, digest, appId: meta.appId, root: app.root }
}
