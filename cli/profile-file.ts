import { open, type FileHandle } from 'node:fs/promises'
import {
  PrewarmError,
  decodeProfile,
  decodeUnlocked,
  limits,
  type Profile,
} from '../formats/index.ts'
import { readProfileKey } from '../runtime/profile-key.ts'
import { unreadableFile } from './unreadable-file.ts'

const hints = {
  missing: 'Record one with: prewarm record -o app.prewarm -- node app.js',
  other: 'Give the path of a file that prewarm record wrote and that this user may read.',
}

/**
 * Reads and checks a whole profile. Throws `ERR_PREWARM_FMT_UNREADABLE` when the file cannot be read, else what
 * {@link decodeProfile} throws; the key is that of the environment. The size is checked before anything is read.
 */
export async function readProfileFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly profile: Profile }> {
  const bytes = await readProfileBytes(path)
  return { bytes, profile: decodeProfile(bytes, readProfileKey(process.env)) }
}

/** The same for who can do without the sections that stay encrypted: these are empty then, and `lock` says why. */
export async function readUnlockedProfile(
  path: string,
): Promise<{ readonly bytes: Uint8Array } & ReturnType<typeof decodeUnlocked>> {
  const bytes = await readProfileBytes(path)
  return { bytes, ...decodeUnlocked(bytes, readProfileKey(process.env)) }
}

/** The bytes of a file that may be one; throws as {@link readProfileFile} does when it cannot be read. */
export async function readProfileBytes(path: string): Promise<Uint8Array> {
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
    throw unreadableFile(path, error, hints)
  } finally {
    await file?.close()
  }
}
