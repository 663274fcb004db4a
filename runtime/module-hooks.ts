import Module from 'node:module'
import path from 'node:path'

export interface ResolveContext {
  readonly parentURL?: string
  readonly conditions?: readonly string[]
}
export interface Resolved {
  readonly url: string
  readonly format?: string | null
  /** Hooks that were registered earlier, and Node's own resolution, are not asked. */
  readonly shortCircuit?: boolean
}
export interface LoadContext {
  readonly format?: string | null
  readonly importAttributes?: Readonly<Record<string, string>>
}
export interface LoadedSource {
  readonly format?: string | null
  readonly source?: unknown
  readonly shortCircuit?: boolean
}

/** Those of `module.registerHooks()` that we use; synchronous, of this thread. */
export interface ModuleHooks {
  readonly resolve?: (
    specifier: string,
    context: ResolveContext,
    next: (specifier: string, context: ResolveContext) => Resolved,
  ) => Resolved
  readonly load?: (
    url: string,
    context: LoadContext,
    next: (url: string, context: LoadContext) => LoadedSource,
  ) => LoadedSource
}

/** Not in the types of Node 20. */
const { registerHooks } = Module as {
  readonly registerHooks?: (hooks: ModuleHooks) => { deregister(): void }
}

const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number)

/** In the first releases that had such hooks, they changed how CommonJS modules are loaded. */
export const hasModuleHooks =
  registerHooks !== undefined &&
  (major >= 26 ||
    (major === 25 && minor >= 1) ||
    (major === 24 && (minor > 11 || (minor === 11 && patch >= 1))) ||
    (major === 22 && (minor > 22 || (minor === 22 && patch >= 3))))

/** Until the returned function is called; nothing happens where there are no hooks. */
export function hookModules(hooks: ModuleHooks): () => void {
  const registered = hasModuleHooks ? registerHooks?.(hooks) : undefined
  return () => {
    registered?.deregister()
  }
}

/** Whether hooks of `module.register()` or `--loader` are about, which come after ours: what ours answer they never hear of. */
export function hasOffThreadHooks(): boolean {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] }
  // It grows, and is asked about with every import.
  while (!areOffThread && lookedAt < moduleLoadList.length) {
    areOffThread = moduleLoadList[lookedAt] === 'NativeModule internal/modules/esm/hooks'
    lookedAt++
  }
  return areOffThread
}

let lookedAt = 0
let areOffThread = false

/**
 * Whether somebody has registered hooks of this thread before. Nothing lists them, but they are on the stack when what they pass on
 * is not found.
 */
export function hasEarlierHooks(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  try {
    const require = Module.createRequire(path.join(process.cwd(), 'noop.js'))
    require('./prewarm-asks-whether-anybody-listens')
    return true
  } catch (error) {
    const frames = String((error as Error).stack)
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
    // The last ones are those that have called this.
    const outer = frames.findIndex((frame) => frame.includes('hasEarlierHooks'))
    return frames.slice(0, outer).some((frame) => !frame.includes('node:internal/'))
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
