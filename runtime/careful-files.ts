import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Neither follows a link nor waits for the other end of a pipe. Windows has no such flags, which adds nothing here. */
export const careful = constants.O_NOFOLLOW | constants.O_NONBLOCK

/** The end of a regular file. Throws what `fs` throws, and where it is something else. */
export function readTail(file: string, maxBytes: number): string {
  const descriptor = openSync(file, constants.O_RDONLY | careful)
  try {
    const { size, isFile } = statOf(descriptor)
    if (!isFile) throw new Error(`${file} is not a regular file`)
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    const read = readSync(descriptor, bytes, 0, bytes.length, Math.max(0, size - maxBytes))
    return bytes.toString('utf8', 0, read)
  } finally {
    closeSync(descriptor)
  }
}

export function statOf(descriptor: number): { size: number; isFile: boolean } {
  const stats = fstatSync(descriptor)
  return { size: stats.size, isFile: stats.isFile() }
}
