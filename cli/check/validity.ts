import type { ModuleFreshness } from '../../dashboard/server/module-freshness.ts'
import type { HotFunction, Profile } from '../../formats/profile.ts'
import { sum } from '../grouping.ts'
import type { Mismatch } from './fit.ts'

/** How much of one kind of content is still of use. */
export interface ValidKind {
  readonly kind: 'modules' | 'code caches' | 'hot functions'
  /** Modules and functions, or bytes of code caches. */
  readonly valid: number
  readonly of: number
}

export interface Validity {
  /** Without kinds of which nothing could be compared. */
  readonly kinds: readonly ValidKind[]
  /** 0 to 1, the least of all kinds; null: nothing could be compared. */
  readonly share: number | null
  /** Functions that are still there in modules that have changed; they count as valid. */
  readonly keptInChanged: number
}

/**
 * What share of a profile is still valid.
 *
 * @param states - of each module
 * @param unchanged - functions that are still there although their module has changed
 */
export function validityOf(
  { modules, functions }: Pick<Profile, 'modules' | 'functions'>,
  states: readonly ModuleFreshness[],
  unchanged: ReadonlySet<HotFunction>,
  mismatches: readonly Mismatch[],
): Validity {
  const isCompared = (index: number): boolean =>
    (states[index] ?? 'not compared') !== 'not compared'
  const isSame = (index: number): boolean => states[index] === 'same'
  const costs = new Set(mismatches.map((mismatch) => mismatch.costs))
  const compared = modules.filter((_, index) => isCompared(index))
  const same = modules.filter((_, index) => isSame(index))
  const hot = functions.filter(({ module }) => isCompared(module))
  const kept = hot.filter((each) => isSame(each.module) || unchanged.has(each))
  const bytes = (list: typeof modules): number => sum(list, ({ cacheBytes }) => cacheBytes)
  const all: readonly ValidKind[] = [
    { kind: 'modules', valid: same.length, of: compared.length },
    { kind: 'code caches', valid: costs.has('caches') ? 0 : bytes(same), of: bytes(compared) },
    { kind: 'hot functions', valid: kept.length, of: hot.length },
  ]
  const kinds = all
    .filter(({ of }) => of > 0)
    .map((each) => (costs.has('everything') ? { ...each, valid: 0 } : each))
  const share = kinds.length === 0 ? null : Math.min(...kinds.map(({ valid, of }) => valid / of))
  return { kinds, share, keptInChanged: hot.filter((each) => unchanged.has(each)).length }
}
