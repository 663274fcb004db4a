import Module from 'node:module'

export interface ResolveContext {
  readonly parentURL?: string
}
export interface Resolved {
  readonly url: string
}
export interface LoadContext {
  readonly importAttributes?: Readonly<Record<string, string>>
}
export interface LoadedSource {
  readonly format?: string | null
  readonly source?: unknown
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
