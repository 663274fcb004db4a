import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { PrewarmError, isPrewarmError } from '../../formats/errors.ts'
import { serverLimits } from './limits.ts'

/**
 * Opens a file that a scan has found, without its folders and itself having become links since: what is opened lies where it was
 * found. A pipe does not hold it up. Throws `ERR_PREWARM_FMT_UNREADABLE`, which does not tell the path.
 */
export async function openFound(file: string): Promise<FileHandle> {
  let handle: FileHandle | undefined
  try {
    if ((await realpath(file)) !== file) throw unreadable('it is a link now')
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants as Partial<typeof constants>
    // Windows has only the first.
    handle = await open(file, (O_RDONLY ?? 0) | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0))
    if (!(await handle.stat()).isFile()) throw unreadable('it is no file now')
    return handle
  } catch (error) {
    await handle?.close()
    throw isPrewarmError(error) ? error : unreadable(reasonOf(error), error)
  }
}

/** All of it. Throws as {@link openFound} does, and `ERR_PREWARM_DSH_LIMIT`. */
export async function readFound(file: string): Promise<Uint8Array> {
  const handle = await openFound(file)
  try {
    checkSize((await handle.stat()).size)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** At most `maxBytes` from its beginning. */
export async function readHead(file: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openFound(file)
  try {
    return await readAt(handle, 0, maxBytes)
  } finally {
    await handle.close()
  }
}

/** At most `maxBytes` from an offset on; fewer where the file ends. */
export async function readAt(
  handle: FileHandle,
  offset: number,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxBytes)
  let filled = 0
  while (filled < maxBytes) {
    const { bytesRead } = await handle.read(bytes, filled, maxBytes - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Throws `ERR_PREWARM_DSH_LIMIT` for a file that is not read. */
export function checkSize(sizeBytes: number): void {
  if (sizeBytes <= serverLimits.fileBytes) return
  throw new PrewarmError('ERR_PREWARM_DSH_LIMIT', `The file has ${sizeBytes} bytes`, {
    hint: `The dashboard reads files of ${serverLimits.fileBytes} bytes at most.`,
  })
}

function unreadable(why: string, cause?: unknown): PrewarmError {
  return new PrewarmError('ERR_PREWARM_FMT_UNREADABLE', `The file cannot be read: ${why}`, {
    cause,
  })
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it is no longer there'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'ELOOP':
      return 'it is a link now'
    default:
      return 'the file system has an error'
  }
}
