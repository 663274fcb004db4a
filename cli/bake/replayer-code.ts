import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import v8 from 'node:v8'
import vm from 'node:vm'
import { allAtOnce } from '../../runtime/eager/all-at-once.ts'
import { buildOf, codeCacheName, encodeCodeCache } from '../../runtime/replayer-cache.ts'
import { writeTrusted } from '../../runtime/trusted-files.ts'
import { ownVersion } from '../own-version.ts'

/**
 * Writes V8's code cache of the replayer itself, for this Node and its V8 flags. Throws what `fs` throws.
 *
 * @param folder - absolute path of the folder of code caches
 */
export function bakeReplayer(folder: string, profile: string): void {
  const filename = fileURLToPath(new URL('../../replayer.cjs', import.meta.url))
  const bytes = readFileSync(filename)
  const script = allAtOnce(() => new vm.Script(bytes.toString('latin1'), { filename }))
  const name = codeCacheName(buildOf(ownVersion(), bytes), v8.cachedDataVersionTag())
  writeTrusted(path.join(folder, name), encodeCodeCache(script.createCachedData()), profile)
}
