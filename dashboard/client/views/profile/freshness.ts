import type { ModuleRecord } from '../../../../formats/profile.ts'
import type { Freshness } from '../../../api.ts'

export type ModuleState = Freshness['modules'][number]

export interface FreshnessCounts {
  readonly same: number
  /** Modules that were compared: same, changed and missing. */
  readonly compared: number
  readonly counts: Readonly<Record<ModuleState, number>>
}

export function countFreshness({ modules }: Freshness): FreshnessCounts {
  const counts: Record<ModuleState, number> = {
    same: 0,
    changed: 0,
    missing: 0,
    'not compared': 0,
  }
  for (const state of modules) counts[state]++
  return { same: counts.same, compared: counts.same + counts.changed + counts.missing, counts }
}

export interface StaleModule {
  readonly module: ModuleRecord
  readonly state: 'changed' | 'missing'
}

/** What does not fit any more, in order of initialisation. */
export function staleModules(
  modules: readonly ModuleRecord[],
  freshness: Freshness,
): readonly StaleModule[] {
  return modules.flatMap((module, index) => {
    const state = freshness.modules[index]
    return state === 'changed' || state === 'missing' ? [{ module, state }] : []
  })
}
