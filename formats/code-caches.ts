import { PrewarmError } from './errors.ts'
import type { ModuleRecord } from './profile.ts'

/** Throws `ERR_PREWARM_FMT_INVALID` unless the caches of `modules` fill section `codecache` exactly. */
export function checkCodeCaches(modules: readonly ModuleRecord[], codecache: Uint8Array): void {
  const totalBytes = modules.reduce((total, { cacheBytes }) => total + cacheBytes, 0)
  if (totalBytes !== codecache.length) {
    throw new PrewarmError(
      'ERR_PREWARM_FMT_INVALID',
      `modules: code caches of ${totalBytes} bytes, section codecache has ${codecache.length}`,
    )
  }
}

/** The V8 code cache of each module that has one: views into `codecache`, the section of that name. */
export function codeCaches(
  modules: readonly ModuleRecord[],
  codecache: Uint8Array,
): ReadonlyMap<ModuleRecord, Uint8Array> {
  const found = new Map<ModuleRecord, Uint8Array>()
  let offset = 0
  for (const module of modules) {
    if (module.cacheBytes === 0) continue
    found.set(module, codecache.subarray(offset, (offset += module.cacheBytes)))
  }
  return found
}
