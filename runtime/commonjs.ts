import Module from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

/** The parts of Node's CommonJS loader that it leaves open to patching and that its types leave out. */
export interface CommonJsModule extends NodeJS.Module {
  _compile(content: string, filename: string, format?: string): unknown
}

interface CommonJsLoader {
  readonly prototype: CommonJsModule
  readonly _extensions: Record<string, (module: CommonJsModule, filename: string) => void>
  readonly _cache: Record<string, CommonJsModule | undefined>
  _load(request: string, parent: CommonJsModule | undefined, isMain: boolean): unknown
  _resolveFilename(
    request: string,
    parent: CommonJsModule,
    isMain: boolean,
    options?: { paths?: string[] },
  ): string
  _resolveLookupPaths(request: string, parent: CommonJsModule): string[] | null
}

export const loader = Module as unknown as CommonJsLoader

/** What stands before a module's source in the script that V8 sees; positions in the script are shifted by it. */
export const wrapperPrefix = '(function (exports, require, module, __filename, __dirname) { '
const wrapperSuffix = '\n})'
/** What both add to the length of a source. */
export const wrapperLength = wrapperPrefix.length + wrapperSuffix.length

export type CommonJsFunction = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: CommonJsModule,
  filename: string,
  dirname: string,
) => unknown

/**
 * A CommonJS module as a `vm.Script`: the one way of compiling that on every Node line both takes a code cache and gives
 * one *after* the functions ran (`vm.compileFunction` cannot on Node 20; Node's own loader cannot at all).
 * Line and column numbers in stack traces are those of the file.
 */
export function compileCommonJs(
  content: string,
  filename: string,
  cachedData?: Uint8Array,
): vm.Script {
  // A hashbang is only valid as the first thing of a script; as a comment it keeps every position.
  const body = content.startsWith('#!') ? `//${content.slice(2)}` : content
  if (hasDynamicImport(content)) allowDynamicImport()
  return new vm.Script(wrapperPrefix + body + wrapperSuffix, {
    filename,
    columnOffset: -wrapperPrefix.length,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData: cachedData as Buffer }),
  })
}

/** Each comment can be read in one way only: otherwise rulers of slashes would take exponential time. */
const importCall =
  /\bimport\s*(?:(?:\/\*(?:(?!\*\/)[^])*\*\/|\/\/[^\n\r\u2028\u2029]*(?:[\n\r\u2028\u2029]|$))\s*)*\(/g
/** The beginning of a line that leads into a comment: JSDoc is full of `import('x')` types. */
const openComment = /(?:^\s*(?:\/\/|\*(?!\/)|\/\*\*)|\/\*\* @type)(?!.*\*\/)/

/** In doubt true: also where `import(` stands in a string or in a comment at the end of a line. */
export function hasDynamicImport(content: string): boolean {
  if (!content.includes('import')) return false
  for (const { index } of content.matchAll(importCall)) {
    const line = content.slice(content.lastIndexOf('\n', index) + 1, index)
    if (!openComment.test(line)) return true
  }
  return false
}

/**
 * Replaces the compilation of CommonJS modules. `compile` returns the script to run, or undefined to leave the module to
 * Node: TypeScript, ES modules in CommonJS clothes, everything it does not know.
 */
export function hookCompile(
  compile: (content: string, filename: string) => vm.Script | undefined,
): void {
  const original = loader.prototype._compile
  loader.prototype._compile = function _compile(content, filename, format) {
    const isPlain = format === undefined || format === 'commonjs'
    // The application may turn source maps on at any time, and only Node's own compilation registers them.
    const script = isPlain && !process.sourceMapsEnabled ? compile(content, filename) : undefined
    if (script === undefined) return original.call(this, content, filename, format)
    const run = script.runInThisContext() as CommonJsFunction
    const exports: unknown = this.exports
    return run.call(exports, exports, requireOf(this), this, filename, path.dirname(filename))
  }
}

/** The `require` of one module, with everything that Node's own carries. */
function requireOf(module: CommonJsModule): NodeJS.Require {
  const require = function require(id: string): unknown {
    return module.require(id)
  } as NodeJS.Require
  const resolve = function resolve(request: string, options?: { paths?: string[] }): string {
    return loader._resolveFilename(request, module, false, options)
  } as NodeJS.RequireResolve
  resolve.paths = function paths(request: string): string[] | null {
    return loader._resolveLookupPaths(request, module)
  }
  require.resolve = resolve
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what require.main is
  require.main = process.mainModule
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- part of the require that modules expect
  require.extensions = loader._extensions as unknown as NodeJS.Require['extensions']
  require.cache = loader._cache
  return require
}

let dynamicImportAllowed = false

/**
 * The constant that makes `import()` in a `vm.Script` behave as in a file is marked experimental, and its first use
 * prints a warning. That use is ours, not the application's, so it happens here and is not shown.
 */
function allowDynamicImport(): void {
  if (dynamicImportAllowed) return
  dynamicImportAllowed = true
  const emitWarning = process.emitWarning
  process.emitWarning = () => undefined
  try {
    const imported = new vm.Script(`import('node:vm')`, {
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }).runInThisContext() as Promise<unknown>
    imported.catch(() => undefined)
  } finally {
    process.emitWarning = emitWarning
  }
}
