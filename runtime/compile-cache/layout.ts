import Module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import v8 from 'node:v8'
import { portable } from '../app.ts'
import type { ModuleKind } from './entry.ts'

interface CompileCacheApi {
  readonly enableCompileCache?: (
    options: string | { readonly directory: string; readonly portable: boolean },
  ) => { readonly status: number }
  readonly getCompileCacheDir?: () => string | undefined
  readonly constants?: { readonly compileCacheStatus: { readonly ENABLED: number } }
}

/** Node's compile cache, which the types of Node 20 do not know. */
const api = Module as unknown as CompileCacheApi

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
/** Whether entries are found by the way from the folder to the module, so that both may move together. */
export const isPortable = major > 24 || (major === 24 && minor >= 12)
/** The folder of a portable cache has no user in its name from Node 26 on. */
const isPerUser = major < 26

/** The folder of all caches of a profile, unless a setting says otherwise. */
export function cacheFolderOf(profile: string): string {
  return `${profile}.cache`
}

/** The folder that Node makes of `base` in a process of this Node, with these V8 flags and of this user. */
export function folderIn(base: string, user = process.getuid?.()): string {
  const tag = v8.cachedDataVersionTag().toString(16)
  const name = `${process.version}-${process.arch}-${tag}`
  return path.join(base, user === undefined || !isPerUser ? name : `${name}-${user}`)
}

/** What an entry is named after. */
export function keyOf(kind: ModuleKind, file: string, folder: string): string {
  if (isPortable) return portable(path.relative(folder, file))
  return kind === 'esm' ? pathToFileURL(file).href : file
}

/** Whether somebody else has turned it on: then it goes on with the folder that it has. */
export function isInUse(): boolean {
  return api.getCompileCacheDir?.() !== undefined
}

/** False: Node has no such cache, or does not want to. */
export function enable(base: string): boolean {
  const options = isPortable ? { directory: base, portable: true } : base
  const status = api.enableCompileCache?.(options).status
  return status !== undefined && status === api.constants?.compileCacheStatus.ENABLED
}
