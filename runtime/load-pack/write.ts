import { readFileSync } from 'node:fs'
import v8 from 'node:v8'
import { codeCaches } from '../../formats/code-caches.ts'
import { openProfile } from '../../formats/codec.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import { writePack } from './file.ts'
import { makePack, type PackCounts } from './make.ts'
import type { PackOrder } from './order.ts'

/**
 * Writes the load pack of a profile for this process. Throws `ERR_PREWARM_FMT_*` and what the file system throws.
 *
 * @param caches - code caches that fit; absent: those of the profile, if they do
 * @returns undefined: the profile is another one by now
 */
export function writeLoadPack(
  { place, renewals }: PackOrder,
  caches?: ReadonlyMap<ModuleRecord, Uint8Array>,
): PackCounts | undefined {
  const profile = openProfile(readFileSync(place.profile))
  if (profile.digest !== place.digest) return undefined
  const modules = profile.section('modules')
  const fits = profile.section('meta').codeCacheTag === v8.cachedDataVersionTag()
  const { parts, counts } = makePack({
    place,
    modules,
    resolutions: profile.section('resolutions'),
    caches: caches ?? (fits ? codeCaches(modules, profile.codecache) : new Map()),
    renewals,
  })
  writePack(place, parts)
  return counts
}
