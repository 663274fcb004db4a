import Module from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { findsCompiledFunctions } from './features.ts'

/** The parts of Node's CommonJS loader that it leaves open to patching and that its types leave out. */
export interface CommonJsModule extends NodeJS.Module {
  [note: symbol]: unknown
  _compile(content: string, filename: string, format?: string): unknown
}

export interface CommonJsLoader {
  readonly prototype: CommonJsModule
  /** What was found before, by `[specifier, ...folders].join('\0')`. */
  _pathCache: Record<string, string | undefined>
  readonly globalPaths: readonly string[]
  readonly createRequire: typeof Module.createRequire
  readonly _extensions: Record<string, (module: CommonJsModule, filename: string) => void>
  readonly _cache: Record<string, CommonJsModule | undefined>
  _nodeModulePaths(from: string): string[]
  _load(request: string, parent: CommonJsModule | undefined, isMain: boolean): unknown
  _resolveFilename(
    request: string,
    parent: CommonJsModule | null | undefined,
    isMain: boolean,
    options?: { readonly paths?: readonly string[]; readonly conditions?: unknown },
  ): string
  _resolveLookupPaths(request: string, parent: CommonJsModule): string[] | null
  readonly wrap: (script: string) => string
  readonly wrapper: readonly [string, string]
}

export const loader = Module as unknown as CommonJsLoader

const wrapperParameters = ['exports', 'require', 'module', '__filename', '__dirname']
/** What stands on Node 20 before a module's source in the script that V8 sees; positions in the script are shifted by it. */
export const wrapperPrefix = `(function (${wrapperParameters.join(', ')}) { `
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

/** A CommonJS module that is compiled and has not run yet. */
export interface CompiledModule {
  readonly run: CommonJsFunction
  /** V8 refused the code cache that was given; compiled from source instead. */
  readonly isRejected: boolean
  /** V8's code cache, with every function that has run by then. */
  createCachedData(): Uint8Array | undefined
}

/**
 * Compiles a CommonJS module, optionally out of a code cache, in such a way that a code cache can be made of it *after* its functions
 * ran, which Node's own loader leaves no way to. Throws SyntaxError. Line and column numbers in stack traces are those of the file.
 */
export function compileCommonJs(
  content: string,
  filename: string,
  cachedData?: Uint8Array,
  mayImport = hasDynamicImport(content),
): CompiledModule {
  if (mayImport) allowDynamicImport()
  return findsCompiledFunctions
    ? compileFunction(content, filename, cachedData)
    : compileScript(content, filename, cachedData)
}

/** A code cache of this is what Node's own loader takes, too: it compiles modules in the same way. */
function compileFunction(
  content: string,
  filename: string,
  cachedData: Uint8Array | undefined,
): CompiledModule {
  const options = {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }
  const compiled: { cachedDataRejected?: boolean } & CommonJsFunction = vm.compileFunction(
    content,
    wrapperParameters,
    cachedData === undefined ? options : { ...options, cachedData: cachedData as Buffer },
  ) as CommonJsFunction
  return {
    run: compiled,
    isRejected: compiled.cachedDataRejected === true,
    createCachedData() {
      // V8 finds the function that has run meanwhile in its compilation cache, and serialises that.
      const again: { cachedData?: Buffer } = vm.compileFunction(content, wrapperParameters, {
        ...options,
        produceCachedData: true,
      })
      return again.cachedData
    },
  }
}

function compileScript(
  content: string,
  filename: string,
  cachedData: Uint8Array | undefined,
): CompiledModule {
  // A hashbang is only valid as the first thing of a script; as a comment it keeps every position.
  const body = content.startsWith('#!') ? `//${content.slice(2)}` : content
  const script = new vm.Script(wrapperPrefix + body + wrapperSuffix, {
    filename,
    columnOffset: -wrapperPrefix.length,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData: cachedData as Buffer }),
  })
  return {
    run: script.runInThisContext() as CommonJsFunction,
    isRejected: script.cachedDataRejected === true,
    createCachedData: () => script.createCachedData(),
  }
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
 * Replaces the compilation of CommonJS modules. `compile` returns what is to run, or undefined to leave the module to
 * Node: TypeScript, ES modules in CommonJS clothes, everything it does not know.
 */
export function hookCompile(
  compile: (content: string, filename: string) => CompiledModule | undefined,
): void {
  const original = loader.prototype._compile
  let executing: symbol | undefined
  let isKeyKnown = false
  loader.prototype._compile = function _compile(content, filename, format) {
    const isPlain = format === undefined || format === 'commonjs'
    // The application may turn source maps on at any time, and only Node's own compilation registers them.
    const isLeftToNode = !isPlain || process.sourceMapsEnabled || isWrapperChanged()
    const module = isLeftToNode ? undefined : compile(content, filename)
    if (module === undefined) return original.call(this, content, filename, format)
    const exports: unknown = this.exports
    const require = requireOf(this, loader)
    if (!isKeyKnown) executing = executingKey(original)
    isKeyKnown = true
    // As Node does, on a module that throws it stays.
    if (executing !== undefined) this[executing] = true
    const result = module.run.call(
      exports,
      exports,
      require,
      this,
      filename,
      path.dirname(filename),
    )
    if (executing !== undefined) this[executing] = false
    return result
  }
}

/** The key of a module under which Node notes that it is running, so that an ES module which imports it meanwhile cannot be required. */
export function executingKey(compile: CommonJsModule['_compile']): symbol | undefined {
  const module = new Module('') as CommonJsModule
  compile.call(module, '', '')
  const keys = Object.getOwnPropertySymbols(module)
  return keys.find(({ description }) => description === 'kIsExecuting')
}

const { wrap, wrapper } = loader

/** Node then compiles modules as the text that the application has made of them. */
export function isWrapperChanged(): boolean {
  const [before, after] = loader.wrapper
  const isSame = loader.wrap === wrap && loader.wrapper === wrapper
  return !isSame || before !== wrapperPrefix || after !== '\n});'
}

/**
 * The `require` of one module, with everything that Node's own carries. Uses nothing but its parameters, so that it can be compiled
 * out of its text.
 */
export function requireOf(module: CommonJsModule, Module: CommonJsLoader): NodeJS.Require {
  /** Throws what Node throws where no text is asked for. */
  const check = (request: unknown): string =>
    typeof request === 'string'
      ? request
      : Module.createRequire(module.filename).resolve(request as string)
  const require = function require(id: string): unknown {
    return module.require(id)
  } as NodeJS.Require
  const resolve = function resolve(request: unknown, options?: { paths?: string[] }): string {
    return Module._resolveFilename(check(request), module, false, options)
  } as NodeJS.RequireResolve
  resolve.paths = function paths(request: unknown): string[] | null {
    return Module._resolveLookupPaths(check(request), module)
  }
  require.resolve = resolve
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what require.main is
  require.main = process.mainModule
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- part of the require that modules expect
  require.extensions = Module._extensions as unknown as NodeJS.Require['extensions']
  require.cache = Module._cache
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
