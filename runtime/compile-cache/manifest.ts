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
  /** Absolute path of the application root; the way to it from the folder where both may move together. */
  readonly root: string
  readonly modules: readonly ManifestModule[]
}

export function manifestIn(folder: string): string {
  return path.join(folder, 'manifest.json')
}

/** Undefined: there is none, or it is none that we know. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(manifestIn(folder), 'utf8')) as Partial<Manifest>
    return manifest.version === 1 && Array.isArray(manifest.modules)
      ? (manifest as Manifest)
      : undefined
  } catch {
    return undefined
  }
}
