import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The application of this process, as a profile names it. */
export interface App {
  /** `name:entry`, for instance `shop:server.js`: the same in staging and production, wherever it is installed. */
  readonly id: string
  /** Folder of the nearest package.json above the entry file, else the folder of the entry file. */
  readonly root: string
}

/** @param entry - `entryOfProcess()`; undefined in a REPL or with `--eval` */
export function identifyApp(entry: string | undefined): App {
  if (entry === undefined) return { id: '(no entry file)', root: process.cwd() }
  const file = resolveEntry(entry)
  const root = packageRoot(path.dirname(file))
  if (root === undefined) return { id: path.basename(file), root: path.dirname(file) }
  return { id: `${packageName(root)}:${portable(path.relative(root, file))}`, root }
}

/** The file that Node runs for it: `node .` and `node server` name a folder or leave out the extension. */
function resolveEntry(entry: string): string {
  const absolute = path.resolve(entry)
  try {
    if (statSync(absolute, { throwIfNoEntry: false })?.isFile() === true) {
      return realpathSync(absolute)
    }
    return realpathSync(createRequire(absolute).resolve(absolute))
  } catch {
    // Node is about to fail on it too.
    return absolute
  }
}

function packageRoot(start: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder
    if (path.dirname(folder) === folder) return undefined
  }
}

function packageName(root: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    const name = (manifest as { name?: unknown } | null)?.name
    if (typeof name === 'string' && name !== '') return name
  } catch {
    // A folder with a broken manifest still is an application; its name will do.
  }
  return path.basename(root)
}

/** With `/` as the separator on every platform. */
export function portable(file: string): string {
  return path.sep === '/' ? file : file.replaceAll(path.sep, '/')
}
