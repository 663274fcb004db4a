import Module from 'node:module'
import type net from 'node:net'
import path from 'node:path'
import type { Standing } from '../../formats/guard-state.ts'
import type { Reason } from '../../formats/reasons.ts'
import { requestListeners } from '../../runtime/closures/roots.ts'
import { loader } from '../../runtime/commonjs.ts'
import { observation } from '../../runtime/features.ts'
import { hasModuleHooks, hookModules } from '../../runtime/module-hooks.ts'
import { openNatives, type Natives } from '../../runtime/natives.ts'
import type { Config } from '../config.ts'
import type { WatchedFunction } from '../guard/tier-watch.ts'
import type { Plan } from '../plan.ts'
import type { Units } from '../units.ts'
import { FunctionSearch } from './function-search.ts'
import { KnownScripts } from './known-scripts.ts'
import { leversOf, type Levers } from './levers.ts'
import { Marks } from './marks.ts'
import { steersTiering, Thresholds } from './thresholds.ts'
import { Wanted } from './wanted.ts'

/** Part of the rehearsal after which functions are looked for and named: before, code has seen too little. */
const searchAt = 0.3
/** As few rounds are never enough. */
const fewestRounds = 5
/** Longest part of what is left of the budget that looking for functions may take. */
const searchShare = 0.15

/** Whatever is compiled under other flags is refused by the next start, and written anew with its own. */
const hasCompileCache = 'enableCompileCache' in Module

/** Where a rehearsal stands. */
export interface Progress {
  readonly rounds: number
  /** 0 to 1: of its time or of its rounds, whichever ends it first. */
  readonly part: number
  readonly remainingMs: number
}

/**
 * Stage 4: brings the functions that staging had optimised to their tier while requests are rehearsed. V8 waits for fewer calls from
 * the first round on, since the count that a function has to reach is fixed when it begins to learn; later the functions of the
 * profile are named to it, a few between two rounds.
 */
export class TierUp {
  readonly #plan: Plan
  readonly #levers: Levers
  readonly natives: Natives
  readonly #thresholds: Thresholds | undefined
  /** Decoded when it is first asked for. */
  readonly #wanted: () => Wanted
  readonly #marks: Marks
  #search: FunctionSearch | undefined
  #stopWatchingLoads: (() => void) | undefined

  private constructor(plan: Plan, levers: Levers, natives: Natives, wanted: () => Wanted) {
    this.#plan = plan
    this.#levers = levers
    this.natives = natives
    this.#thresholds = levers.thresholds ? Thresholds.open(plan.tag) : undefined
    this.#wanted = wanted
    this.#marks = new Marks(natives)
  }

  /** To be called before the application is loaded. undefined: it is off, or must not be, for a reason that is counted in `units`. */
  static open(
    plan: Plan,
    config: Config,
    { tierUpOff, quarantined }: Standing,
    units: Units,
  ): TierUp | undefined {
    const levers = leversOf(config, plan.outline.routes)
    const isOff = !levers.thresholds && !levers.natives
    if (isOff || config.budgetMs === 0 || plan.meta.listenMs === null) return undefined
    let wanted: Wanted | undefined
    const findWanted = (): Wanted =>
      (wanted ??= new Wanted(plan.functions, plan.modules, (each) => {
        const isQuarantined = quarantined.has(each.sourceHash)
        if (isQuarantined) units.skip(each.name, 'QUARANTINED')
        return !isQuarantined
      }))
    const leaveAll = (reason: Reason): void => {
      for (const { name } of findWanted().functions) units.skip(name, reason)
    }
    // What is damaged is found before anything is done with it.
    if (!plan.isKnown) findWanted()
    if (tierUpOff !== undefined) {
      leaveAll('TIER_UP_OFF')
      return undefined
    }
    const isLeftAlone = observation() !== undefined || steersTiering()
    const natives = isLeftAlone ? undefined : openNatives()
    if (natives !== undefined) {
      // Lowered thresholds would optimise what is in quarantine, too.
      const isSafe = quarantined.size === 0 && (hasModuleHooks || !hasCompileCache)
      const thresholds = levers.thresholds && isSafe
      return new TierUp(plan, { ...levers, thresholds }, natives, findWanted)
    }
    leaveAll('TIER_UP_UNAVAILABLE')
    return undefined
  }

  beforeRound({ rounds, part, remainingMs }: Progress, servers: readonly net.Server[]): void {
    if (this.#thresholds !== undefined) {
      this.#stopWatchingLoads ??= hookModules({
        load: (url, context, next) => {
          this.beforeCompile()
          return next(url, context)
        },
      })
      this.#thresholds.lower()
    }
    if (part < searchAt || rounds < fewestRounds) return
    this.#search ??= this.#openSearch(servers, remainingMs * searchShare)
    this.#search.goOn()
    this.#marks.step(this.#levers.natives)
  }

  /** A module is about to be compiled, which V8's flags must not be changed for. */
  beforeCompile(): void {
    this.#thresholds?.restore()
  }

  /** Puts V8's flags back, and counts every wanted function once. */
  finish(units: Units): void {
    this.#thresholds?.restore()
    this.#stopWatchingLoads?.()
    this.#search?.end()
    this.#marks.step(false)
    for (const wanted of this.#wanted().functions) {
      const reason = this.#reasonAgainst(wanted)
      if (reason === undefined) units.apply()
      else units.skip(wanted.name, reason)
    }
  }

  /** Those that are optimised now, for the guard. */
  watched(): WatchedFunction[] {
    return this.#marks.reached().map(({ wanted: { name, sourceHash, tier }, fn }) => {
      return { name, sourceHash, tier, ref: new WeakRef(fn) }
    })
  }

  #reasonAgainst(wanted: Wanted['functions'][number]): Reason | undefined {
    switch (this.#marks.stateOf(wanted)) {
      case 'reached':
        return undefined
      case 'fell':
        return 'DEOPTED'
      case 'cold':
        return 'NOT_WARM'
      case 'warm':
      case 'asked':
      case 'refused':
        return 'TIER_NOT_REACHED'
      case undefined:
        return this.#search === undefined ? 'TIER_NOT_REACHED' : 'FUNCTION_NOT_FOUND'
    }
  }

  #openSearch(servers: readonly net.Server[], limitMs: number): FunctionSearch {
    const { functions, modules } = this.#wanted()
    const scripts = new KnownScripts(modules, this.#plan.app.root)
    const roots = rootsOf(this.#plan, servers)
    return new FunctionSearch(this.natives, functions, scripts, roots, limitMs, (wanted, fn) => {
      this.#marks.add(wanted, fn)
    })
  }
}

/** What closures that are hot can be reached from: what hot modules export, and what listens to requests. */
function rootsOf({ functions, modules, app }: Plan, servers: readonly net.Server[]): unknown[] {
  const hot = new Set(functions.map(({ module }) => modules[module]))
  const exported = [...hot].flatMap((module): unknown[] => {
    if (module?.format !== 'cjs') return []
    return [loader._cache[path.join(app.root, module.path)]?.exports]
  })
  return [...exported, ...requestListeners(servers)]
}
