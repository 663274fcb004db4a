import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'
import { PrewarmError, messageOf } from '../../formats/errors.ts'

/** `ERR_PREWARM_CLI_WRITE` for an error of the file system. */
export function unwritableFile(file: string, cause: unknown, hint?: string): PrewarmError {
  const { code } = cause as NodeJS.ErrnoException
  return new PrewarmError(
    'ERR_PREWARM_CLI_WRITE',
    `Cannot write ${file}: ${reasonFor(code) ?? messageOf(cause)}`,
    {
      cause,
      hint: hint ?? 'Give the path of a file that this user may write, on a disk with space.',
    },
  )
}

/** Throws `ERR_PREWARM_CLI_WRITE` when a file can certainly not be written, before hours are spent on what goes into it. */
export function checkWritable(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) throw unwritableFile(file, { code: 'EISDIR' })
  try {
    accessSync(stats === undefined ? path.dirname(path.resolve(file)) : file, constants.W_OK)
  } catch (cause) {
    throw unwritableFile(file, cause)
  }
}

function reasonFor(code: string | undefined): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'there is no such folder'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EROFS':
      return 'the file system is read-only'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space is left'
    case 'EFBIG':
      return 'it would be larger than a file may be here'
    default:
      return undefined
  }
}
