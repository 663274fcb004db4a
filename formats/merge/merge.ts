import type { Profile } from '../profile.ts'
import { checkCompatible } from './compatible.ts'
import { mergeFunctions } from './functions.ts'
import { mergeMeta } from './meta.ts'
import { mergeModules, type Conflict } from './modules.ts'
import { heaviestFirst, type Recording } from './recording.ts'
import { mergeRequests } from './requests.ts'
import { mergeResolutions } from './resolutions.ts'
import { mergeWork } from './work.ts'

/** What became of entries that could not all be kept. */
export interface MergeLosses {
  /** Files that were not the same in all recordings: the newest counts. */
  readonly conflicts: readonly Conflict[]
  /** Ids of modules that had a code cache in a recording, and have none now. */
  readonly withoutCache: readonly string[]
  /** Hot functions of sources that do not count any more. */
  readonly outdatedFunctions: number
  /** Distinct requests and calls beyond what a recorder keeps. */
  readonly requests: number
  readonly calls: number
}

export interface Merged {
  readonly profile: Profile
  readonly losses: MergeLosses
  /** In the order that counts: the one with the most requests first. */
  readonly recordings: readonly Recording[]
}

/**
 * One profile of several recordings of an application: of instances, or of days. What is the same in several of them adds up;
 * order is that of the recording with the most requests, content that of the newest. The order of `recordings` does
 * not matter. Throws `ERR_PREWARM_FMT_MERGE` when they are of different applications, Node lines or processor types.
 *
 * @example mergeProfiles([{ name: 'a.prewarm', digest, profile, weight: 1 }, ...others]).profile
 */
export function mergeProfiles(recordings: readonly [Recording, ...Recording[]]): Merged {
  checkCompatible(recordings)
  const ordered = heaviestFirst(recordings)
  const meta = mergeMeta(ordered as readonly [Recording, ...Recording[]])
  const { modules, codecache, conflicts, withoutCache, ...places } = mergeModules(
    ordered,
    meta.codeCacheTag,
  )
  const resolutions = mergeResolutions(ordered, places.placeOf)
  const { functions, outdated } = mergeFunctions(ordered, places)
  const { leftOut: requestsLeft, ...traffic } = mergeRequests(ordered)
  const { work, leftOut: callsLeft } = mergeWork(ordered)
  return {
    profile: { meta, modules, resolutions, functions, ...traffic, work, codecache },
    losses: {
      conflicts,
      withoutCache,
      outdatedFunctions: outdated,
      requests: requestsLeft,
      calls: callsLeft,
    },
    recordings: ordered,
  }
}
