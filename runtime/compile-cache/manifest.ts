import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ModuleRecord } from '../../formats/profile.ts'

/** What has to be known of a module with a cache. */
export type CachedModule = Pick<
  ModuleRecord,
  'id' | 'path' | 'format' | 'sourceHash' | 'sourceLength'
>

/** One whose entry was written, and its file as it was then: `modules.json` in the folder has all of them. */
export interface ManifestModule extends CachedModule {
  readonly size: number
  readonly mtimeMs: number
}

/** What a folder of entries was made of: `manifest.json` in it, which every start reads. */
export interface Manifest {
  readonly version: 2
  /** SHA-256 of the profile. */
  readonly profile: string
  /** `meta.appId` of the profile. */
  readonly appId: string
  /** Absolute path of the application root; the way to it from the folder where both may move together. */
  readonly root: string
  /** Counts from 1 how often it was written in this place, each time after Node had not taken it. */
  readonly attempt: number
  /** Node has not taken what was written. */
  readonly isRefused: boolean
  /** Entries that were written. */
  readonly modules: number
  /** Modules with a cache in the profile that have none: their source was not found where staging had it. */
  readonly left: readonly CachedModule[]
}

export function manifestIn(folder: string): string {
  return path.join(folder, 'manifest.json')
}

export function modulesIn(folder: string): string {
  return path.join(folder, 'modules.json')
}

/** Throws where they cannot be read, or are none that we know. */
export function readModules(folder: string): readonly ManifestModule[] {
  const modules: unknown = JSON.parse(readFileSync(modulesIn(folder), 'utf8'))
  if (Array.isArray(modules) && modules.every(isManifestModule)) return modules
  throw new Error(`${folder} does not tell what is in it`)
}

/** Undefined: there is none, or it is none that we know. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(manifestIn(folder), 'utf8'))
    return isManifest(manifest) ? manifest : undefined
  } catch {
    return undefined
  }
}

function isManifest(given: unknown): given is Manifest {
  const { version, profile, appId, root, attempt, isRefused, modules, left } =
    given as Partial<Manifest>
  const texts = [profile, appId, root]
  return (
    version === 2 &&
    texts.every((text) => typeof text === 'string') &&
    typeof attempt === 'number' &&
    typeof isRefused === 'boolean' &&
    typeof modules === 'number' &&
    Array.isArray(left) &&
    left.every(isCachedModule)
  )
}

function isManifestModule(given: unknown): given is ManifestModule {
  if (!isCachedModule(given)) return false
  const { size, mtimeMs } = given as Partial<ManifestModule>
  return typeof size === 'number' && typeof mtimeMs === 'number'
}

function isCachedModule(given: unknown): given is CachedModule {
  const module = given as Partial<CachedModule> | null
  return (
    typeof module?.id === 'string' &&
    typeof module.path === 'string' &&
    typeof module.format === 'string' &&
    (module.sourceHash === null || typeof module.sourceHash === 'string') &&
    typeof module.sourceLength === 'number'
  )
}
