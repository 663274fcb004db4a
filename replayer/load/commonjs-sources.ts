import path from 'node:path'
import vm from 'node:vm'
import {
  executingKey,
  loader,
  requireOf,
  type CommonJsFunction,
  type CommonJsLoader,
} from '../../runtime/commonjs.ts'

/** The source of a module, and itself out of its code cache; no function: Node is to compile it. */
export interface KnownModule {
  readonly content: string
  readonly compile: (() => CommonJsFunction) | undefined
}

/**
 * Has CommonJS modules read and compiled by `take`, as far as it knows them.
 *
 * @param beforeCompile - called before any is compiled, by whom ever
 */
export function provideSources(
  take: (filename: string) => KnownModule | undefined,
  beforeCompile: () => void = () => undefined,
): void {
  // Its frames stand in stack traces where Node's own do, which many who look for their caller leave out by that name.
  const filename = 'node:internal/prewarm/commonjs'
  const script = new vm.Script(`'use strict'; [${patch.toString()}, ${requireOf.toString()}]`, {
    filename,
  })
  const [install, makeRequire] = script.runInThisContext() as [typeof patch, typeof requireOf]
  const executing = executingKey(loader.prototype._compile)
  install(loader, take, makeRequire, beforeCompile, executing, path.dirname)
}

/**
 * Compiled as a script of its own, out of its text: it can use nothing but its parameters. It puts one function in the place of one
 * of Node's each time, so that stack traces keep their depth.
 */
function patch(
  Module: CommonJsLoader,
  take: (filename: string) => KnownModule | undefined,
  makeRequire: typeof requireOf,
  beforeCompile: () => void,
  executing: symbol | undefined,
  dirname: (file: string) => string,
): void {
  const load = Module._extensions['.js']
  const compile = Module.prototype._compile
  let taken: KnownModule | undefined
  let takenFor = ''

  Module._extensions['.js'] = function (module, filename) {
    const known = take(filename)
    if (known === undefined) {
      load?.(module, filename)
    } else if (known.compile === undefined && module._compile === ours) {
      beforeCompile()
      compile.call(module, known.content, filename, 'commonjs')
    } else {
      taken = known
      takenFor = filename
      module._compile(known.content, filename, 'commonjs')
    }
  }
  Module.prototype._compile = function (content, filename, format) {
    beforeCompile()
    const known = taken
    taken = undefined
    // Somebody may have put another source in its place on the way.
    if (known?.compile === undefined || known.content !== content || takenFor !== filename) {
      return compile.call(this, content, filename, format)
    }
    const run = known.compile()
    const exports: unknown = this.exports
    const require = makeRequire(this, Module)
    // As Node does, on a module that throws it stays.
    if (executing !== undefined) this[executing] = true
    const result = run.call(exports, exports, require, this, filename, dirname(filename))
    if (executing !== undefined) this[executing] = false
    return result
  }
  const ours = Module.prototype._compile
}
