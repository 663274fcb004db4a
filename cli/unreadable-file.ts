import { PrewarmError, messageOf } from '../formats/errors.ts'

/** `ERR_PREWARM_FMT_UNREADABLE` for an error of the file system; `hints` say what to do about it. */
export function unreadableFile(
  file: string,
  error: unknown,
  hints: { readonly missing: string; readonly other: string },
): PrewarmError {
  const code = (error as NodeJS.ErrnoException).code
  return new PrewarmError(
    'ERR_PREWARM_FMT_UNREADABLE',
    `Cannot read ${file}: ${reasonFor(code) ?? messageOf(error)}`,
    { hint: code === 'ENOENT' ? hints.missing : hints.other, cause: error },
  )
}

function reasonFor(code: string | undefined): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    default:
      return undefined
  }
}
