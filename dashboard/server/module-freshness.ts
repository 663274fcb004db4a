import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sha256 } from '../../formats/hash.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Freshness } from '../api.ts'

export type ModuleFreshness = Freshness['modules'][number]

/** V8 gets such a module without its types or tags, so that the recorded hash is not that of the file. */
const isTranspiled = /\.(?:[cm]?ts|[jt]sx)$/

/** Per module whether its file below `root` is the recorded one; what has no source of its own is `not compared`. */
export async function compareWithDisk(
  modules: readonly ModuleRecord[],
  root: string,
): Promise<readonly ModuleFreshness[]> {
  const states: ModuleFreshness[] = []
  for (const module of modules) states.push(await compareModule(module, root))
  return states
}

async function compareModule(module: ModuleRecord, root: string): Promise<ModuleFreshness> {
  if (!hasSource(module)) return 'not compared'
  const text = await readSource(path.resolve(root, module.path), module.sourceLength)
  if (text === undefined) return 'missing'
  if (isTranspiled.test(module.path)) return 'not compared'
  return text !== null && sha256(text) === module.sourceHash ? 'same' : 'changed'
}

/** Whether there is a file that it could be compared with. */
export function hasSource({ format, sourceHash }: ModuleRecord): boolean {
  return format !== 'builtin' && sourceHash !== null
}

/**
 * The text of a module as V8 gets it; undefined: there is no such file; null: it cannot have `sourceLength` UTF-16
 * code units. The paths come from the profile, so nothing but files of about the right size is read.
 */
export async function readSource(
  file: string,
  sourceLength: number,
): Promise<string | null | undefined> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return undefined
    // Three bytes of UTF-8 a code unit at most, and three for a byte order mark.
    if (stats.size > 3 * sourceLength + 3) return null
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch {
    return undefined
  }
}
