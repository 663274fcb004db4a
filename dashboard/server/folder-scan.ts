import { lstat, readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { PrewarmError } from '../../formats/errors.ts'
import { serverLimits } from './limits.ts'

/** A file or folder that the user has named, with no link left in its path. */
export interface OpenedPath {
  readonly path: string
  readonly isFolder: boolean
}

/** A file that may be one of ours by its name. */
export interface ScannedFile {
  readonly path: string
  /** Below the folder that was opened, `/` separated. */
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** The user has named it. */
  readonly isNamed: boolean
}

export interface Scan {
  readonly files: readonly ScannedFile[]
  /** Folders that were looked into. */
  readonly folders: readonly string[]
  /** There is more than the limits let in. */
  readonly isCut: boolean
}

const dotFolders: ReadonlySet<string> = new Set(['.demo', '.prewarm'])

/** Throws `ERR_PREWARM_DSH_PATH` for one that is not there. */
export async function openPaths(named: readonly string[]): Promise<readonly OpenedPath[]> {
  const opened = new Map<string, OpenedPath>()
  for (const each of named) {
    const real = await realpath(each).catch(() => undefined)
    const stats = real === undefined ? undefined : await lstat(real).catch(() => undefined)
    if (real === undefined || stats === undefined) {
      throw pathError(`${each}: there is no such file or folder`)
    }
    if (!stats.isFile() && !stats.isDirectory()) throw pathError(`${each}: it is no file or folder`)
    opened.set(real, { path: real, isFolder: stats.isDirectory() })
  }
  return [...opened.values()]
}

/**
 * What lies in the opened folders, three folders deep, with names that may be ours. Links are not followed, nor folders that begin
 * with a dot, save `.demo` and `.prewarm`, nor `node_modules`. What cannot be read is passed over.
 */
export async function scanPaths(opened: readonly OpenedPath[]): Promise<Scan> {
  const files = new Map<string, ScannedFile>()
  const folders: string[] = []
  let entriesLeft: number = serverLimits.entries

  async function add(file: string, name: string, isNamed: boolean): Promise<void> {
    const stats = await lstat(file).catch(() => undefined)
    if (stats?.isFile() !== true) return
    files.set(file, {
      path: file,
      name,
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
      isNamed: isNamed || (files.get(file)?.isNamed ?? false),
    })
  }

  async function walk(folder: string, prefix: string, depth: number): Promise<void> {
    folders.push(folder)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (--entriesLeft < 0) return
      const { name } = entry
      const below = path.join(folder, name)
      if (entry.isFile() && isCandidate(name)) await add(below, prefix + name, false)
      const isSkipped = name === 'node_modules' || (name.startsWith('.') && !dotFolders.has(name))
      if (entry.isDirectory() && depth < serverLimits.depth && !isSkipped) {
        await walk(below, `${prefix}${name}/`, depth + 1)
      }
    }
  }

  for (const { path: root, isFolder } of opened) {
    const base = path.basename(root)
    // Only where there are several does it take more to tell them apart.
    if (isFolder) await walk(root, opened.length > 1 && base !== '' ? `${base}/` : '', 0)
    else await add(root, base, true)
  }
  return { files: [...files.values()], folders, isCut: entriesLeft < 0 }
}

function isCandidate(name: string): boolean {
  return /\.(?:prewarm|jsonl|json)$/.test(name)
}

function pathError(message: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_DSH_PATH', message, {
    hint: 'Name folders or files: prewarm dashboard [paths...]',
  })
}
