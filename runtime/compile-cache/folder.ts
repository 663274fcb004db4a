import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
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
import { shortHash } from '../short-hash.ts'
import { checkOwner } from '../trusted-files.ts'
import {
  manifestIn,
  modulesIn,
  readManifest,
  readModules,
  type CachedModule,
  type Manifest,
  type ManifestModule,
} from './manifest.ts'

/** A process that was killed while it wrote leaves a draft behind; nobody writes for so long. */
const forgottenMs = 10 * 60_000

/** A profile, and the application of this process that it is for. */
export interface Place {
  /** Absolute path of the profile. */
  readonly profile: string
  /** Folder of all caches: `app.prewarm.cache`. */
  readonly folder: string
  /** SHA-256 of the profile. */
  readonly digest: string
  /** `meta.appId` of the profile. */
  readonly appId: string
  /** Absolute path of the application root. */
  readonly root: string
}

/** Entries for this Node, these V8 flags, this user, this state of the profile and this place of the application. */
export interface CacheFolder {
  /** To be given to Node, without symbolic links: the way from there to a module is part of its entry's name. */
  readonly base: string
  /** What Node makes of it. */
  readonly folder: string
  readonly manifest: Manifest
  /** Those with an entry. Throws where that cannot be told. */
  readonly modules: () => readonly ManifestModule[]
}

/** Undefined: there is none. Throws when there is one that others could have put code into. */
export function openFolder(place: Place): CacheFolder | undefined {
  const base = attempt(() => realBaseOf(place))
  const folder = base === undefined ? undefined : folderIn(base)
  const manifest = folder === undefined ? undefined : readManifest(folder)
  if (base === undefined || folder === undefined) return undefined
  if (manifest?.profile !== place.digest) return undefined
  if (manifest.root !== rootFrom(folder, place.root)) return undefined
  for (const each of [place.folder, base, folder]) checkOwner(statSync(each), each, place.profile)
  return { base, folder, manifest, modules: () => readModules(folder) }
}

/** Whether anything was written for a state of a profile, at whatever place and for whatever Node. */
export function holdsCachesOf(folder: string, digest: string): boolean {
  const manifests = attempt(() =>
    readdirSync(folder).flatMap((base) =>
      readdirSync(path.join(folder, base)).map((each) =>
        readManifest(path.join(folder, base, each)),
      ),
    ),
  )
  return manifests?.some((manifest) => manifest?.profile === digest) ?? false
}

/**
 * One for each state of the profile and each place of the application: Node tells entries by module alone. Both change together where
 * they are moved together, so that the way from one to the other is what counts then.
 */
export function realBaseOf({ folder, digest, root }: Place): string {
  const real = realpathSync(folder)
  const place = isPortable ? path.relative(real, root) : root
  return path.join(real, `${digest.slice(0, 8)}${shortHash(place)}`)
}

/**
 * Writes the caches of a profile as entries of Node's compile cache, all at once: who looks meanwhile finds nothing, or what another
 * process has written. Modules whose source is not the recorded one are left out. Throws what the file system throws.
 *
 * @param attempt - see {@link Manifest}
 * @param users - other users than this one whose processes are to find it
 */
export function writeFolder(
  place: Place,
  caches: ReadonlyMap<ModuleRecord, Uint8Array>,
  {
    attempt: count = 1,
    users = [],
  }: { readonly attempt?: number; readonly users?: readonly number[] } = {},
): CacheFolder {
  mkdirSync(place.folder, { recursive: true, mode: 0o755 })
  const base = realBaseOf(place)
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const folder = folderIn(base)
  const draft = `${folder}.${nonce()}`
  try {
    mkdirSync(draft, { mode: 0o755 })
    const modules: ManifestModule[] = []
    const left: CachedModule[] = []
    for (const [module, cache] of caches) {
      const written = writeEntry(module, cache, place, folder, draft)
      if (written !== undefined) modules.push(written)
      else left.push(partOf(module))
    }
    const canary = makeCanary(base, folder)
    replaceText(canaryFile(base), canary.source)
    writeFileSync(path.join(draft, canary.entryName), canary.entry)
    const { digest: profile, appId } = place
    const root = rootFrom(folder, place.root)
    const manifest: Manifest = {
      version: 2,
      profile,
      appId,
      root,
      attempt: count,
      isRefused: false,
      modules: modules.length,
      left,
    }
    writeFileSync(modulesIn(draft), JSON.stringify(modules))
    writeFileSync(manifestIn(draft), JSON.stringify(manifest))
    const theirs = openFolder(place)
    // Another process that has started with this one was faster, and is reading it.
    if (theirs?.manifest.attempt === count && users.length === 0) {
      rmSync(draft, { recursive: true, force: true })
      return theirs
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
    for (const user of users) link(folder, folderIn(base, user))
    removeDrafts(folder)
    removeEarlier(place, base)
    return { base, folder, manifest, modules: () => modules }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    const theirs = openFolder(place)
    if (theirs !== undefined) return theirs
    throw error
  }
}

/** Has the next start write everything anew, once: whatever Node has made of the entries is worse than none. Never throws. */
export function refuse({ folder, manifest }: CacheFolder): void {
  attempt(() => {
    replaceText(
      manifestIn(folder),
      JSON.stringify({ ...manifest, isRefused: true } satisfies Manifest),
    )
  })
}

/** Undefined: the file is not there, or has another source, or there is no cache of it. */
function writeEntry(
  module: ModuleRecord,
  cache: Uint8Array,
  { root }: Place,
  folder: string,
  draft: string,
): ManifestModule | undefined {
  const { format, sourceHash, path: relative } = module
  if (cache.length === 0) return undefined
  if ((format !== 'cjs' && format !== 'esm') || sourceHash === null) return undefined
  const file = path.join(root, relative)
  const source = attempt(() => readSource(file, sourceHash))
  if (source === undefined) return undefined
  const { size, mtimeMs } = statSync(file)
  const name = entryName(format, keyOf(format, file, folder))
  writeFileSync(path.join(draft, name), encodeEntry(source, cache))
  return { ...partOf(module), size, mtimeMs }
}

function partOf({ id, path, format, sourceHash, sourceLength }: ModuleRecord): CachedModule {
  return { id, path, format, sourceHash, sourceLength }
}

function rootFrom(folder: string, root: string): string {
  return isPortable ? path.relative(folder, root) : root
}

/** In one step, and not at all where it has that text: somebody may be reading, or watching it. */
function replaceText(file: string, text: string): void {
  if (attempt(() => readFileSync(file, 'utf8')) === text) return
  const draft = `${file}.${nonce()}`
  writeFileSync(draft, text)
  renameSync(draft, file)
}

function link(folder: string, other: string): void {
  if (other === folder) return
  rmSync(other, { recursive: true, force: true })
  symlinkSync(path.basename(folder), other)
}

function removeDrafts(folder: string): void {
  attempt(() => {
    const base = path.dirname(folder)
    for (const name of readdirSync(base)) {
      const file = path.join(base, name)
      if (!/\.[0-9a-f]{12}$/.test(name) || Date.now() - statSync(file).mtimeMs < forgottenMs)
        continue
      rmSync(file, { recursive: true, force: true })
    }
  })
}

/** What was made of other states of the profile, for the same application at the same place. */
function removeEarlier({ folder, digest, appId, root }: Place, base: string): void {
  for (const name of readdirSync(folder)) {
    const other = path.join(path.dirname(base), name)
    if (!/^[0-9a-f]{16}$/.test(name) || other === base) continue
    attempt(() => {
      const isEarlier = readdirSync(other).some((each) => {
        const manifest = readManifest(path.join(other, each))
        const isOfPlace = manifest?.root === rootFrom(path.join(other, each), root)
        return isOfPlace && manifest.appId === appId && manifest.profile !== digest
      })
      if (isEarlier) rmSync(other, { recursive: true, force: true })
    })
  }
}

function nonce(): string {
  return process.getBuiltinModule('node:crypto').randomBytes(6).toString('hex')
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
