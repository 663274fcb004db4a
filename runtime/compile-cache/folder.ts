import {
  mkdirSync,
  realpathSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { ModuleRecord } from '../../formats/profile.ts'
import { readSource } from '../module-source.ts'
import { canaryFile, makeCanary } from './canary.ts'
import { encodeEntry, entryName } from './entry.ts'
import { folderIn, isPortable, keyOf } from './layout.ts'
import { manifestIn, readManifest, type Manifest, type ManifestModule } from './manifest.ts'

/** A profile, and the application of this process that it is for. */
export interface Place {
  /** Folder of all caches of the profile: `app.prewarm.cache`. */
  readonly folder: string
  /** SHA-256 of the profile. */
  readonly digest: string
  readonly root: string
}

/** Entries for this Node, these V8 flags, this user, this state of the profile and this place of the application. */
export interface CacheFolder {
  /** To be given to Node, without symbolic links: the way from there to a module is part of its entry's name. */
  readonly base: string
  /** What Node makes of it. */
  readonly folder: string
  readonly manifest: Manifest
  /** Anybody could have put code into it. */
  readonly isWritableByAll: boolean
}

/** Undefined: there is none. */
export function openFolder(place: Place): CacheFolder | undefined {
  return attempt(() => {
    const base = realpathSync(baseOf(place))
    const folder = folderIn(base)
    const manifest = readManifest(folder)
    if (manifest?.profile !== place.digest) return undefined
    if (manifest.root !== rootFrom(folder, place.root)) return undefined
    return { base, folder, manifest, isWritableByAll: (statSync(folder).mode & 0o002) !== 0 }
  })
}

/** One for each state of the profile: Node tells entries by module and not by profile. */
function baseOf({ folder, digest }: Place): string {
  return path.join(folder, digest.slice(0, 16))
}

/**
 * Writes the caches of a profile as entries of Node's compile cache, all at once: who looks meanwhile finds nothing, or what another
 * process has written. Modules whose source is not the recorded one are left out. Throws what the file system throws.
 *
 * @param users - other users than this one whose processes are to find it
 */
export function writeFolder(
  place: Place,
  caches: ReadonlyMap<ModuleRecord, Uint8Array>,
  users: readonly number[] = [],
): CacheFolder {
  mkdirSync(baseOf(place), { recursive: true })
  const base = realpathSync(baseOf(place))
  const folder = folderIn(base)
  const draft = `${folder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft)
  try {
    const modules: ManifestModule[] = []
    for (const [module, cache] of caches) {
      const { format, sourceHash, id, path: relative } = module
      if ((format !== 'cjs' && format !== 'esm') || sourceHash === null) continue
      const file = path.join(place.root, relative)
      const source = attempt(() => readSource(file, sourceHash))
      if (source === undefined) continue
      const { size, mtimeMs } = statSync(file)
      const name = entryName(format, keyOf(format, file, folder))
      writeFileSync(path.join(draft, name), encodeEntry(source, cache))
      modules.push({ id, path: relative, size, mtimeMs })
    }
    const canary = makeCanary(base, folder)
    writeFileSync(canaryFile(base), canary.source)
    writeFileSync(path.join(draft, canary.entryName), canary.entry)
    const root = rootFrom(folder, place.root)
    const manifest: Manifest = { version: 1, profile: place.digest, root, modules }
    writeFileSync(manifestIn(draft), JSON.stringify(manifest))
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
    for (const user of users) link(folder, folderIn(base, user))
    removeOthers(place)
    return { base, folder, manifest, isWritableByAll: false }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process that has started with this one was faster.
    const theirs = openFolder(place)
    if (theirs !== undefined) return theirs
    throw error
  }
}

function rootFrom(folder: string, root: string): string {
  return isPortable ? path.relative(folder, root) : root
}

function link(folder: string, other: string): void {
  if (other === folder) return
  rmSync(other, { recursive: true, force: true })
  symlinkSync(path.basename(folder), other)
}

/** The file that they were made of is not there any more. */
function removeOthers(place: Place): void {
  const own = path.basename(baseOf(place))
  for (const name of readdirSync(place.folder)) {
    if (name === own || !/^[0-9a-f]{16}$/.test(name)) continue
    attempt(() => {
      rmSync(path.join(place.folder, name), { recursive: true, force: true })
    })
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
