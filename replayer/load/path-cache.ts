import { loader } from '../../runtime/commonjs.ts'

/** The file that modules of a folder get by a name; undefined: it is to be looked for. */
export type Answer = (folder: string, specifier: string) => string | undefined

/**
 * Node's CommonJS loader keeps what it has found in a table, under the name and all folders that it would look in: an answer from
 * there is one from Node itself, and whatever has been changed about where it looks makes for another key. docs/decisions/010-load-pack.md
 */
export class PathCache {
  readonly #answer: Answer
  readonly #original = loader._pathCache
  readonly #proxy: typeof loader._pathCache
  /** The part of a key that is about folders, by the folder of who asks. */
  readonly #folders = new Map<string, string>()

  constructor(answer: Answer) {
    this.#answer = answer
    this.#proxy = new Proxy(this.#original, {
      get: (known, key, receiver) =>
        (Reflect.get(known, key, receiver) as string | undefined) ??
        (typeof key === 'string' ? this.#find(key) : undefined),
    })
    loader._pathCache = this.#proxy
  }

  uninstall(): void {
    if (loader._pathCache === this.#proxy) loader._pathCache = this.#original
  }

  #find(key: string): string | undefined {
    const end = key.indexOf('\0')
    if (end < 1) return undefined
    const name = key.slice(0, end)
    const folders = key.slice(end + 1)
    if (isRelative(name)) return this.#answer(folders, name)
    const first = folders.indexOf('\0')
    const shelf = first === -1 ? folders : folders.slice(0, first)
    if (!shelf.endsWith(modulesFolder)) return undefined
    const folder = shelf.slice(0, -modulesFolder.length)
    return folders === this.#foldersOf(folder) ? this.#answer(folder, name) : undefined
  }

  #foldersOf(folder: string): string {
    let folders = this.#folders.get(folder)
    if (folders === undefined) {
      folders = [...loader._nodeModulePaths(folder), ...loader.globalPaths].join('\0')
      this.#folders.set(folder, folders)
    }
    return folders
  }
}

const modulesFolder = process.platform === 'win32' ? '\\node_modules' : '/node_modules'

function isRelative(name: string): boolean {
  return /^\.{1,2}(?:[/\\]|$)/.test(name)
}
