import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { PrewarmError, messageOf } from '../formats/errors.ts'

/** Fills in `{pid}`, `{timestamp}` and `{name}`. */
export function fillTemplate(template: string, name: string): string {
  return template
    .replaceAll('{pid}', String(process.pid))
    .replaceAll('{timestamp}', new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''))
    .replaceAll('{name}', name.replaceAll(/[^\w.-]+/g, '-'))
}

/** `app.prewarm` becomes `app-1234.prewarm`. */
export function withPid(file: string): string {
  const { dir, name, ext } = path.parse(file)
  return path.join(dir, `${name}-${process.pid}${ext}`)
}

/**
 * Writes the whole file or nothing: a reader never sees a part of it, and what was there before stays until the end.
 * Synchronous, since it also has to work in an `exit` listener. Throws `ERR_PREWARM_REC_WRITE`.
 */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`
  try {
    const descriptor = openSync(draft, 'w', 0o600)
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(descriptor, bytes, written)
      }
      flush(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw new PrewarmError(
      'ERR_PREWARM_REC_WRITE',
      `${file} cannot be written: ${messageOf(error)}`,
      {
        hint: 'Choose another place with -o, or free some space. The service is not affected.',
        cause: error,
      },
    )
  }
}

/** Under `--permission` Node forbids this one call; the profile is then only as safe from a power cut as any other file. */
function flush(descriptor: number): void {
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error
  }
}
