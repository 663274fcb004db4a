import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sha256 } from '../../formats/hash.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import type { Freshness } from '../api.ts'

export type ModuleFreshness = Freshness['modules'][number]

/** Far beyond the largest bundles. */
const maxSourceBytes = 64 * 1024 * 1024

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

/** The text of a module whose file may be another one now; undefined: there is none, or it is larger than any source. */
export async function currentSource(
  { path: file }: ModuleRecord,
  root: string,
): Promise<string | undefined> {
  const bytes = await readSource(path.resolve(root, file), maxSourceBytes)
  return bytes == null ? undefined : textOf(bytes)
}

async function compareModule(module: ModuleRecord, root: string): Promise<ModuleFreshness> {
  if (!hasSource(module)) return 'not compared'
  // Three bytes of UTF-8 a code unit at most, and three for a byte order mark.
  const mostBytes = 3 * module.sourceLength + 3
  const bytes = await readSource(path.resolve(root, module.path), mostBytes)
  if (bytes === undefined) return 'missing'
  if (isTranspiled.test(module.path)) return 'not compared'
  if (bytes === null) return 'changed'
  const source = module.format === 'wasm' ? bytes : textOf(bytes)
  return sha256(source) === module.sourceHash ? 'same' : 'changed'
}

/** Whether there is a file that it could be compared with. */
export function hasSource({ format, sourceHash }: ModuleRecord): boolean {
  return format !== 'builtin' && sourceHash !== null
}

/**
 * The bytes of a module; undefined: there is no such file; null: it is larger. The paths come from the profile, so nothing but
 * files of about the right size is read.
 */
async function readSource(file: string, mostBytes: number): Promise<Uint8Array | null | undefined> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return undefined
    if (stats.size > mostBytes) return null
    return await readFile(file)
  } catch {
    return undefined
  }
}

/** As V8 gets it. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}
