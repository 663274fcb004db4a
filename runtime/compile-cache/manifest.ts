import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A module whose entry was written, and its file as it was then. */
export interface ManifestModule {
  readonly id: string
  /** From the application root, as in the profile. */
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

/** What a folder of entries was made of: `manifest.json` in it. */
export interface Manifest {
  readonly version: 1
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
  readonly modules: readonly ManifestModule[]
}

export function manifestIn(folder: string): string {
  return path.join(folder, 'manifest.json')
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
  const { version, profile, appId, root, attempt, isRefused, modules } = given as Partial<Manifest>
  const texts = [profile, appId, root]
  return (
    version === 1 &&
    texts.every((text) => typeof text === 'string') &&
    typeof attempt === 'number' &&
    typeof isRefused === 'boolean' &&
    Array.isArray(modules) &&
    modules.every(isManifestModule)
  )
}

function isManifestModule(given: unknown): given is ManifestModule {
  const module = given as Partial<ManifestModule> | null
  return (
    typeof module?.id === 'string' &&
    typeof module.path === 'string' &&
    typeof module.size === 'number' &&
    typeof module.mtimeMs === 'number'
  )
}
