import { statSync } from 'node:fs'
import path from 'node:path'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import { loader } from '../../runtime/commonjs.ts'
import { isTaken } from '../../runtime/compile-cache/canary.ts'
import { canWriteEntries } from '../../runtime/compile-cache/entry.ts'
import { openFolder, writeFolder, type Place } from '../../runtime/compile-cache/folder.ts'
import { enable, isInUse } from '../../runtime/compile-cache/layout.ts'
import type { Manifest } from '../../runtime/compile-cache/manifest.ts'
import { readSource } from '../../runtime/module-source.ts'
import type { Units } from '../units.ts'

/** The code caches of the profile in the hands of Node's own loader, which takes those of ES modules, too. */
export class NodeCache {
  readonly #root: string
  readonly #manifest: Manifest

  private constructor(root: string, manifest: Manifest) {
    this.#root = root
    this.#manifest = manifest
  }

  /**
   * @param caches - of the profile, to write the folder with if it is not there yet; undefined: they do not fit this V8
   * @returns why Node's cache cannot be had, else the cache in use
   */
  static open(
    place: Place,
    caches: ReadonlyMap<ModuleRecord, Uint8Array> | undefined,
  ): NodeCache | Reason {
    if (!canWriteEntries) return 'CACHE_FORMAT'
    if (isInUse()) return 'COMPILE_CACHE_IN_USE'
    try {
      let opened = openFolder(place)
      if (opened === undefined) {
        if (caches === undefined) return 'TAG_MISMATCH'
        opened = writeFolder(place, caches)
      }
      const { base, folder, manifest, isWritableByAll } = opened
      if (isWritableByAll || !enable(base)) return 'CACHE_FOLDER'
      return isTaken(folder) ? new NodeCache(place.root, manifest) : 'CACHE_FORMAT'
    } catch {
      return 'CACHE_FOLDER'
    }
  }

  /** Node does not tell what it has taken; it takes what has the recorded source. */
  count(modules: readonly ModuleRecord[], units: Units): void {
    const written = new Map(this.#manifest.modules.map((module) => [module.id, module]))
    for (const module of modules) {
      const file = path.join(this.#root, module.path)
      const known = written.get(module.id)
      if (known === undefined) units.skip(module.id, 'SOURCE_CHANGED')
      // Of ES modules nobody outside of the loader knows which have been loaded.
      else if (module.format === 'cjs' && loader._cache[file] === undefined) {
        units.skip(module.id, 'NOT_LOADED')
      } else if (!isUnchanged(file, known, module)) units.skip(module.id, 'SOURCE_CHANGED')
      else units.apply()
    }
  }
}

function isUnchanged(
  file: string,
  known: Manifest['modules'][number],
  { sourceHash }: ModuleRecord,
): boolean {
  try {
    const { size, mtimeMs } = statSync(file)
    if (size === known.size && mtimeMs === known.mtimeMs) return true
    return sourceHash !== null && readSource(file, sourceHash) !== undefined
  } catch {
    return false
  }
}
