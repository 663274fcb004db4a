import Module from 'node:module'

interface LoadHooks {
  readonly load: (
    url: string,
    context: unknown,
    nextLoad: (url: string, context: unknown) => unknown,
  ) => unknown
}

/** Not in the types of Node 20. */
const { registerHooks } = Module as {
  readonly registerHooks?: (hooks: LoadHooks) => { deregister(): void }
}

const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number)

/**
 * Whether the hooks of a thread can be taken off again without harm: in the first releases that had them, they changed how
 * CommonJS modules are loaded.
 */
export const canWatchLoads =
  registerHooks !== undefined &&
  (major >= 26 ||
    (major === 25 && minor >= 1) ||
    (major === 24 && (minor > 11 || (minor === 11 && patch >= 1))) ||
    (major === 22 && (minor > 22 || (minor === 22 && patch >= 3))))

/**
 * Calls `onLoad` before any module is read, which is before it is compiled, until the returned function is called; does nothing
 * where that cannot be watched.
 */
export function watchLoads(onLoad: () => void): () => void {
  if (!canWatchLoads) return () => undefined
  const hooks = registerHooks?.({
    load(url, context, nextLoad) {
      onLoad()
      return nextLoad(url, context)
    },
  })
  return () => {
    hooks?.deregister()
  }
}
