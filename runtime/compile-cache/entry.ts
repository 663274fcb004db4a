export type ModuleKind = 'cjs' | 'esm'

/** Of Node's `CachedCodeType`, src/compile_cache.h. */
const typeOf: Readonly<Record<ModuleKind, number>> = { cjs: 0, esm: 1 }
const magic = 0x8adfdbb2
/** Majors whose entries were seen to look like this; whether a process takes them, its canary tells. */
const knownMajors = [22, 23, 24, 25, 26]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** Whether this Node has a compile cache whose entries can be written from outside: 22.2 is the first to have their checksum. */
export const canWriteEntries = knownMajors.includes(major) && (major > 22 || minor >= 2)

/** Not in the types of Node 20. Loaded when something is written: it takes some milliseconds. */
function crc32(data: string | Uint8Array, start?: number): number {
  const zlib = process.getBuiltinModule('node:zlib') as unknown as { crc32: typeof crc32 }
  return zlib.crc32(data, start)
}

/**
 * Name of the entry in the folder of Node's compile cache.
 *
 * @param key - file name of a CommonJS module, URL of an ES module; the way from the folder to the file where it may move with it
 */
export function entryName(kind: ModuleKind, key: string): string {
  const number = crc32(key, crc32(Uint8Array.of(typeOf[kind])))
  return number.toString(16).padStart(8, '0')
}

/** What Node writes: five words about source and cache, then V8's code cache. */
export function encodeEntry(source: string, cache: Uint8Array): Uint8Array {
  const code = Buffer.from(source)
  const head = Buffer.alloc(20)
  const words = [magic, code.length, cache.length, crc32(code), crc32(cache)]
  for (const [index, word] of words.entries()) head.writeUInt32LE(word, index * 4)
  return Buffer.concat([head, cache])
}
