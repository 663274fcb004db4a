import { isCoverageCollected } from '../../runtime/features.ts'
import type { Place } from '../../runtime/compile-cache/folder.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../plan.ts'

/** Where the load pack of this process lies; undefined: there is none to be. */
export function packPlace(
  { digest, meta, app }: Plan,
  { loadPack, cacheDir, profile }: Pick<Config, 'loadPack' | 'cacheDir' | 'profile'>,
): Place | undefined {
  if (!loadPack || cacheDir === undefined || profile === undefined) return undefined
  if (isCoverageCollected()) return undefined
  return { profile, folder: cacheDir, digest, appId: meta.appId, root: app.root }
}
