import { createRequire } from 'node:module'
import path from 'node:path'
import { compileCommonJs } from '../commonjs.ts'
import { encodeEntry, entryName } from './entry.ts'
import { keyOf } from './layout.ts'

/** As long as each other: V8 knows a source by its length, Node by the checksum that we write. */
const onDisk = 'module.exports = "source"'
const inCache = 'module.exports = "cached"'

/** Files of a module that says whether Node has taken its code from the cache. */
export function makeCanary(
  folder: string,
): readonly (readonly [file: string, content: Uint8Array])[] {
  const file = canaryIn(folder)
  const cache = compileCommonJs(inCache, file).createCachedData()
  if (cache === undefined) return []
  const entry = path.join(folder, entryName('cjs', keyOf('cjs', file, folder)))
  return [
    [file, Buffer.from(onDisk)],
    [entry, encodeEntry(onDisk, cache)],
  ]
}

/** Whether Node's own loader takes what we have written; needs the cache to be enabled. */
export function isTaken(folder: string): boolean {
  const file = canaryIn(folder)
  const require = createRequire(file)
  try {
    return require(file) === 'cached'
  } finally {
    // Nobody of the application has asked for it.
    Reflect.deleteProperty(require.cache, file)
  }
}

function canaryIn(folder: string): string {
  return path.join(folder, 'canary.cjs')
}
