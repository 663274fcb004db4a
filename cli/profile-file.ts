import { open, type FileHandle } from 'node:fs/promises'
import { PrewarmError, decodeProfile, limits, type Profile } from '../formats/index.ts'
import { messageOf } from '../formats/errors.ts'

/**
 * Reads and checks a whole profile. Throws `ERR_PREWARM_FMT_UNREADABLE` when the file cannot be read, else what
 * {@link decodeProfile} throws. The size is checked before anything is read.
 */
export async function readProfileFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly profile: Profile }> {
  const bytes = await readBytes(path)
  return { bytes, profile: decodeProfile(bytes) }
}

async function readBytes(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const stats = await file.stat()
    // A device or pipe has no size, and may never end.
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is not a regular file')
    const sizeBytes = stats.size
    if (sizeBytes > limits.fileBytes) {
      throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${path} has ${sizeBytes} bytes`, {
        hint: `A profile has ${limits.fileBytes} bytes at most; is this the right file?`,
      })
    }
    return await file.readFile()
  } catch (error) {
    if (error instanceof PrewarmError) throw error
    throw new PrewarmError(
      'ERR_PREWARM_FMT_UNREADABLE',
      `Cannot read ${path}: ${reasonOf(error)}`,
      {
        hint: hintFor(error),
        cause: error,
      },
    )
  } finally {
    await file?.close()
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    default:
      return messageOf(error)
  }
}

function hintFor(error: unknown): string {
  return codeOf(error) === 'ENOENT'
    ? 'Record one with: prewarm record -o app.prewarm -- node app.js'
    : 'Give the path of a file that prewarm record wrote and that this user may read.'
}
