import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { hookModules } from '../../runtime/module-hooks.ts'

export interface KnownImport {
  readonly url: string
  readonly format: 'module' | 'commonjs'
}

export interface ImportAnswers {
  /** What a module in a folder imports by a name; undefined: it is to be looked for. */
  readonly find: (folder: string, specifier: string) => KnownImport | undefined
  /** Source of an ES module; undefined: it is to be read. */
  readonly sourceOf: (url: string) => string | undefined
}

/**
 * Answers what ES modules import until the returned function is called. Hooks that are registered later come first, and go on to these.
 *
 * @param folders - absolute; of modules that ask
 * @param conditions - that the answers are for
 */
export function answerImports(
  folders: readonly string[],
  conditions: readonly string[],
  { find, sourceOf }: ImportAnswers,
): () => void {
  const byUrl = new Map(folders.map((folder) => [urlOfFolder(folder), folder]))
  let usual: readonly string[] | undefined
  /** Node gives all who ask the same list; a hook that came before may have made another one. */
  const isUsual = (given: readonly string[] | undefined): boolean => {
    if (given === undefined) return false
    if (usual === undefined && isEqual(given, conditions)) usual = given
    return given === usual
  }
  return hookModules({
    resolve(specifier, context, next) {
      const { parentURL, conditions: given } = context
      if (parentURL !== undefined && isUsual(given)) {
        const folder = byUrl.get(parentURL.slice(0, parentURL.lastIndexOf('/') + 1))
        const found = folder === undefined ? undefined : find(folder, specifier)
        if (found !== undefined) return { ...found, shortCircuit: true }
      }
      return next(specifier, context)
    },
    load(url, context, next) {
      // Attributes are for Node to check.
      const isPlain = Object.keys(context.importAttributes ?? {}).length === 0
      const source = isPlain && context.format === 'module' ? sourceOf(url) : undefined
      if (source === undefined) return next(url, context)
      return { format: 'module', source, shortCircuit: true }
    },
  })
}

function urlOfFolder(folder: string): string {
  return pathToFileURL(folder + path.sep).href
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index])
}
