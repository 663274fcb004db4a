import Module from 'node:module'
import path from 'node:path'

/** Whether another tool was here first and changes the text of modules; seen before we hook anything ourselves. */
export const isCompiledByOthers = !Function.prototype.toString
  .call((Module as unknown as { prototype: { _compile: unknown } }).prototype._compile)
  // What Node's own calls on every line.
  .includes('wrapSafe(')

/**
 * What asks for modules to be compiled by Node itself, which alone registers source maps and stops on the first line, or by
 * another tool; undefined: nothing does.
 */
export function instrumentation(): string | undefined {
  if (isCompiledByOthers) return 'another tool compiles modules'
  return process.sourceMapsEnabled ? 'source maps are enabled' : observation()
}

/** What looks at compiled code, which is not to change under its eyes; undefined: nothing does. */
export function observation(): string | undefined {
  if (isCoverageCollected()) return 'coverage is collected'
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  if (flags.some((flag) => flag.startsWith('--inspect'))) return 'a debugger can attach'
  return undefined
}

/** Of functions out of a code cache V8 does not count all that runs. */
export function isCoverageCollected(): boolean {
  return process.env['NODE_V8_COVERAGE'] !== undefined
}

/** Linux answers on all of 127.0.0.0/8 without configuration; other systems only on 127.0.0.1. */
export const hasWholeLoopbackRange = process.platform === 'linux'

/**
 * Before V8 12 a script that comes out of a code cache has lost what `import()` needs, and every `import()` in it
 * fails (seen on Node 20).
 */
export const canImportFromCachedScripts = Number(process.versions.v8.split('.', 1)[0]) >= 12

/**
 * From V8 12 on `vm.compileFunction` finds what it compiled before, so that a code cache can be made of it once it has run (on
 * Node 20 it compiles anew).
 */
export const findsCompiledFunctions = canImportFromCachedScripts

/**
 * From Node 24 on, where contexts are frames of V8, that of a tick that has thrown stays on as the context of all work that has
 * none of its own. Before, contexts hang on resources, and to leave one would be to take it from a timer for good.
 */
export const contextOutlivesThrow = Number(process.versions.node.split('.', 1)[0]) >= 24

/**
 * Whether this is a single executable application. There `--import` is not honoured, and flags on the command line belong to the
 * application; only what `--require` in `NODE_OPTIONS` loads gets in (seen on Node 20 to 26).
 */
export function isSingleExecutable(): boolean {
  const [, entry = ''] = process.argv
  // It has itself for its entry; nobody else has to load the module that knows.
  if (path.basename(entry) !== path.basename(process.execPath)) return false
  const sea = process.getBuiltinModule('node:sea') as { isSea(): boolean } | undefined
  return sea?.isSea() === true
}
