import { createRequire } from 'node:module'
import path from 'node:path'
import { compileCommonJs } from '../commonjs.ts'
import { encodeEntry, entryName } from './entry.ts'
import { keyOf } from './layout.ts'

/** As long as each other: V8 knows a source by its length, Node by the checksum that we write. */
const onDisk = 'module.exports = "source"\n'
const inCache = 'module.exports = "cached"\n'

/** A module that says whether Node has taken its code from the cache, and its entry. */
export interface Canary {
  readonly source: string
  readonly entryName: string
  readonly entry: Uint8Array
}

/** Beside the folders of all users, which may be the same one by another name. */
export function canaryFile(base: string): string {
  return path.join(base, 'canary.cjs')
}

export function makeCanary(base: string, folder: string): Canary {
  const file = canaryFile(base)
  const cache = compileCommonJs(inCache, file).createCachedData() ?? new Uint8Array()
  return {
    source: onDisk,
    entryName: entryName('cjs', keyOf('cjs', file, folder)),
    entry: encodeEntry(onDisk, cache),
  }
}

/** Whether Node's own loader takes what we have written; needs the cache to be enabled. */
export function isTaken(base: string): boolean {
  const file = canaryFile(base)
  const require = createRequire(file)
  try {
    return require(file) === 'cached'
  } finally {
    // Nobody of the application has asked for it.
    Reflect.deleteProperty(require.cache, file)
  }
}
