import { statSync } from 'node:fs'
import path from 'node:path'
import { isPrewarmError } from '../../formats/errors.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import { loader } from '../../runtime/commonjs.ts'
import { isTaken } from '../../runtime/compile-cache/canary.ts'
import { canWriteEntries } from '../../runtime/compile-cache/entry.ts'
import {
  openFolder,
  refuse,
  writeFolder,
  type CacheFolder,
  type Place,
} from '../../runtime/compile-cache/folder.ts'
import { enable, isInUse } from '../../runtime/compile-cache/layout.ts'
import type { CachedModule, ManifestModule } from '../../runtime/compile-cache/manifest.ts'
import { readSource } from '../../runtime/module-source.ts'
import type { Units } from '../units.ts'

/** The code caches of the profile in the hands of Node's own loader, which takes those of ES modules, too. */
export class NodeCache {
  /** Modules with a cache in the profile that Node has no entry for. */
  readonly left: readonly CachedModule[]
  readonly #root: string
  readonly #folder: CacheFolder

  private constructor(root: string, folder: CacheFolder) {
    this.#root = root
    this.#folder = folder
    this.left = folder.manifest.left
  }

  /**
   * @param caches - of the profile, to write the folder with if it is not there yet; undefined: they do not fit this V8
   * @returns why Node's cache cannot be had, else the cache in use. Throws what `caches` throws
   */
  static open(
    place: Place,
    caches: () => ReadonlyMap<ModuleRecord, Uint8Array> | undefined,
  ): NodeCache | Reason {
    if (!canWriteEntries) return 'CACHE_FORMAT'
    if (isInUse()) return 'COMPILE_CACHE_IN_USE'
    try {
      let opened = openFolder(place)
      if (opened === undefined || opened.manifest.isRefused) {
        const attempt = (opened?.manifest.attempt ?? 0) + 1
        // What Node has not taken is written once more, in case that it was spoilt.
        if (attempt > mostAttempts) return 'CACHE_FORMAT'
        const toWrite = caches()
        if (toWrite === undefined) return 'TAG_MISMATCH'
        opened = writeFolder(place, toWrite, { attempt })
      }
      if (!enable(opened.base)) return 'CACHE_FOLDER'
      if (isTaken(opened.base)) return new NodeCache(place.root, opened)
      refuse(opened)
      return 'CACHE_FORMAT'
    } catch (error) {
      // Of the profile.
      if (isPrewarmError(error)) throw error
      return 'CACHE_FOLDER'
    }
  }

  /**
   * Node does not tell what it has taken; it takes what has the recorded source.
   *
   * @param left - of those that have no entry
   */
  count(left: readonly CachedModule[], units: Units): void {
    this.#count([...this.#folder.modules(), ...left.map(withoutEntry)], units)
  }

  /** The same of some of them, be there an entry or not. */
  countOf(modules: readonly CachedModule[], units: Units): void {
    const entries = new Map(this.#folder.modules().map((module) => [module.id, module]))
    this.#count(
      modules.map((module) => entries.get(module.id) ?? withoutEntry(module)),
      units,
    )
  }

  #count(modules: readonly ManifestModule[], units: Units): void {
    let toHash = maxHashed
    for (const module of modules) {
      const file = path.join(this.#root, module.path)
      const change = changeOf(file, module)
      const isSame =
        change === 'none' || (change === 'time' && (toHash-- <= 0 || isRecorded(file, module)))
      // Of ES modules nobody outside of the loader knows which have been loaded.
      if (module.format === 'cjs' && loader._cache[file] === undefined) {
        units.skip(module.id, 'NOT_LOADED')
      } else if (isSame) units.apply()
      else units.skip(module.id, 'SOURCE_CHANGED')
    }
  }
}

const mostAttempts = 2

/** Files that were touched and have kept their size, in one process. More were copied and not edited. */
const maxHashed = 20

function withoutEntry(module: CachedModule): ManifestModule {
  return { ...module, size: -1, mtimeMs: 0 }
}

function changeOf(file: string, known: ManifestModule): 'none' | 'time' | 'source' {
  try {
    const { size, mtimeMs } = statSync(file)
    if (size !== known.size) return 'source'
    return mtimeMs === known.mtimeMs ? 'none' : 'time'
  } catch {
    return 'source'
  }
}

function isRecorded(file: string, { sourceHash }: CachedModule): boolean {
  try {
    return sourceHash !== null && readSource(file, sourceHash) !== undefined
  } catch {
    return false
  }
}
