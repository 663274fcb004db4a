import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import path from 'node:path'
import { careful } from './careful-files.ts'

/**
 * Throws where others could have put a file, or folder, there: other users than this one, root and the owner of the
 * profile, who could have changed what is replayed anyway.
 *
 * @param profile - absolute path; undefined: there is none
 */
export function checkOwner(
  { uid, mode }: Pick<Stats, 'uid' | 'mode'>,
  name: string,
  profile: string | undefined,
): void {
  const user = process.getuid?.()
  if (user === undefined) return
  const isShared = (mode & 0o002) !== 0 && (mode & 0o1000) === 0
  const isOurs = uid === user || uid === 0
  if (isShared || !(isOurs || (profile !== undefined && statSync(profile).uid === uid))) {
    throw new Error(`${name} could have been written by others`)
  }
}

/** Content of a regular file. Throws what `fs` throws, and where others could have written it. */
export function readTrusted(file: string, profile: string | undefined): Buffer {
  const folder = path.dirname(file)
  checkOwner(statSync(folder), folder, profile)
  const descriptor = openSync(file, constants.O_RDONLY | careful)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw new Error(`${file} is not a regular file`)
    checkOwner(stats, file, profile)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** In one piece, and for those to read who may read the profile. Throws what `fs` throws. */
export function writeTrusted(
  file: string,
  content: string | Uint8Array,
  profile: string | undefined,
): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 })
  const draft = `${file}.${Math.random().toString(16).slice(2)}.tmp`
  try {
    const mode = profile === undefined ? 0o600 : statSync(profile).mode & 0o644
    writeFileSync(draft, content, { flag: 'wx', mode })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
