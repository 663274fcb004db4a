import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { sha256 } from '../formats/hash.ts'
import { mostKept } from '../formats/most-kept.ts'
import type { ModuleRecord, Resolution } from '../formats/profile.ts'
import {
  compileCommonJs,
  hasDynamicImport,
  hookCompile,
  loader,
  type CommonJsModule,
  type CompiledModule,
} from '../runtime/commonjs.ts'
import { canWriteEntries, type ModuleKind } from '../runtime/compile-cache/entry.ts'
import { compileEagerly } from '../runtime/eager/eager-caches.ts'
import {
  canImportFromCachedScripts,
  findsCompiledFunctions,
  isCompiledByOthers,
} from '../runtime/features.ts'
import { Imports, type ImportedFile } from './imports.ts'
import type { ParsedScript } from './inspection.ts'
import { PackageNames } from './package-names.ts'
import { Resolutions } from './resolutions.ts'

const startMarker = 'prewarm:start'
const listenMarker = 'prewarm:listen'
const isTypeScript = /\.[cm]?ts$/

interface Loaded {
  readonly file: string
  readonly format: 'cjs' | 'json' | 'addon'
  readonly isLate: boolean
  readonly requester: string | undefined
  sourceHash: string | null
  sourceLength: number
  selfMs: number
  totalMs: number
}

/** Known by its script alone. */
interface LoadedScript {
  readonly file: string
  readonly format: 'esm' | 'cjs'
  readonly isLate: boolean
  readonly script: ParsedScript
}

type AnyLoaded = Loaded | LoadedScript | ImportedFile

export interface RecordedModules {
  readonly modules: readonly ModuleRecord[]
  readonly resolutions: readonly Resolution[]
  readonly codecache: Uint8Array
  /** Index of a module by its absolute file name. */
  readonly byFile: ReadonlyMap<string, number>
}

/** Every module in the order of its initialisation, and a handle on each CommonJS script for its code cache. */
export class ModuleRecorder {
  readonly #root: string
  readonly #loaded = new Map<string, Loaded>()
  readonly #compiled = new Map<string, CompiledModule>()
  readonly #cachesAtListen = new Map<string, Uint8Array>()
  /** Modules being initialised right now, innermost last, with the time their own children took. */
  readonly #stack: { readonly file: string; childMs: number }[] = []
  readonly #builtinsBefore = new Set(loadedBuiltins())
  #builtinsAtListen: ReadonlySet<string> | undefined
  /** Scripts whose ids tell what was compiled before the application, before the first listen, and after. */
  readonly #startMarker = markScript(startMarker)
  #listenMarker: vm.Script | undefined
  readonly #resolutions = new Resolutions()
  readonly #imports = new Imports(this.#resolutions)

  constructor(root: string) {
    this.#root = root
  }

  start(): void {
    hookCompile((content, filename) => this.#compile(content, filename))
    this.#imports.start(() => this.#listenMarker !== undefined)
    this.#watchRequire()
    const record = this.#record.bind(this)
    const compile = loader.prototype._compile
    loader.prototype._compile = function _compile(content, filename, format) {
      return record('cjs', this, filename, content, () =>
        compile.call(this, content, filename, format),
      )
    }
    for (const [extension, format] of [
      ['.json', 'json'],
      ['.node', 'addon'],
    ] as const) {
      const load = loader._extensions[extension]
      if (load === undefined) continue
      loader._extensions[extension] = (module, filename) => {
        record(format, module, filename, undefined, () => {
          load(module, filename)
        })
      }
    }
  }

  #watchRequire(): void {
    const resolutions = this.#resolutions
    const resolve = loader._resolveFilename
    loader._resolveFilename = function (request, parent, isMain, options) {
      const file = resolve.call(this, request, parent, isMain, options)
      // What is looked for elsewhere than where the module lies is not found by the module and the name alone.
      if (options?.paths === undefined) resolutions.note('require', parent?.filename, request, file)
      return file
    }
  }

  /** The first HTTP server was told to listen: what comes now is late. Code caches are made, so that V8 must be able to. */
  markListen(): void {
    if (this.#listenMarker !== undefined) return
    this.#keepCaches()
    this.#listenMarker = markScript(listenMarker)
    this.#builtinsAtListen = new Set(loadedBuiltins())
  }

  /** @param scripts - all that V8 holds, by id, for the ES modules among them */
  finish(scripts: ReadonlyMap<number, ParsedScript>): RecordedModules {
    this.#imports.stop()
    const builtins = loadedBuiltins().filter((name) => !this.#builtinsBefore.has(name))
    const packages = new PackageNames(this.#root)
    const byFile = new Map<string, number>()
    const modules: ModuleRecord[] = []
    const blobs: Uint8Array[] = []
    let totalBytes = 0
    const loaded = this.#inOrder(scripts)
    const scriptOf = firstOfFile(scripts)
    const eager = eagerCaches(
      loaded.filter(({ file }) => !this.#compiled.has(file)),
      scriptOf,
    )
    for (const each of loaded) {
      byFile.set(each.file, modules.length)
      const made =
        totalBytes >= mostKept.cacheBytes
          ? undefined
          : (this.#cacheOf(each.file) ?? eager.get(each.file))
      modules.push({
        ...packages.nameOf(each.file),
        ...factsOf(each, scriptOf),
        requester: this.#requesterOf(each, byFile),
        phase: each.isLate ? 'late' : 'startup',
        cacheBytes: made?.length ?? 0,
      })
      if (made === undefined) continue
      blobs.push(made)
      totalBytes += made.length
    }
    for (const name of builtins) {
      const isLate = this.#builtinsAtListen !== undefined && !this.#builtinsAtListen.has(name)
      modules.push({
        ...untimed,
        requester: null,
        id: `node:${name}`,
        path: `node:${name}`,
        format: 'builtin',
        sourceHash: null,
        sourceLength: 0,
        phase: isLate ? 'late' : 'startup',
        cacheBytes: 0,
      })
    }
    const resolutions = this.#resolutions.among(byFile)
    return { modules, resolutions, codecache: Buffer.concat(blobs, totalBytes), byFile }
  }

  /**
   * V8 lets go of what it finds compiled functions by with the next major collection (seen on Node 22 to 26): then a cache has
   * none of those that have run since the module was loaded. docs/decisions/010-load-pack.md
   */
  #keepCaches(): void {
    if (!findsCompiledFunctions) return
    for (const [file, compiled] of this.#compiled) {
      const made = compiled.createCachedData()
      if (made !== undefined) this.#cachesAtListen.set(file, made)
    }
  }

  /** The one with more functions. */
  #cacheOf(file: string): Uint8Array | undefined {
    const early = this.#cachesAtListen.get(file)
    const made = this.#compiled.get(file)?.createCachedData()
    return early !== undefined && early.length > (made?.length ?? 0) ? early : made
  }

  #compile(content: string, filename: string): CompiledModule | undefined {
    if (isCompiledByOthers) return undefined
    if (!canImportFromCachedScripts && hasDynamicImport(content)) return undefined
    try {
      const compiled = compileCommonJs(content, filename)
      this.#compiled.set(filename, compiled)
      return compiled
    } catch {
      // An ES module without the name of one, or a real syntax error: Node knows how to tell them apart.
      return undefined
    }
  }

  #requesterOf(each: AnyLoaded, byFile: ReadonlyMap<string, number>): number | null {
    const required = 'requester' in each ? each.requester : undefined
    const file = required ?? this.#imports.requesterOf(each.file)
    return file === undefined ? null : (byFile.get(file) ?? null)
  }

  #record<T>(
    format: Loaded['format'],
    module: CommonJsModule,
    file: string,
    content: string | undefined,
    load: () => T,
  ): T {
    const source = content ?? (format === 'json' ? readText(file) : undefined)
    const entry: Loaded = {
      file,
      format,
      isLate: this.#listenMarker !== undefined,
      requester: this.#stack.at(-1)?.file ?? parentOf(module),
      sourceHash: source === undefined ? null : sha256(source),
      sourceLength: source?.length ?? 0,
      selfMs: 0,
      totalMs: 0,
    }
    if (!this.#loaded.has(file)) this.#loaded.set(file, entry)
    const frame = { file, childMs: 0 }
    const start = performance.now()
    this.#stack.push(frame)
    try {
      return load()
    } catch (error) {
      // What cannot be initialised here must not be tried in production; an ES module is found another way.
      this.#loaded.delete(file)
      this.#compiled.delete(file)
      throw error
    } finally {
      this.#stack.pop()
      entry.totalMs = performance.now() - start
      entry.selfMs = Math.max(0, entry.totalMs - frame.childMs)
      const outer = this.#stack.at(-1)
      if (outer !== undefined) outer.childMs += entry.totalMs
    }
  }

  /** V8 numbers scripts as it compiles them; what has no script (JSON, addons) stays behind what was loaded before it. */
  #inOrder(scripts: ReadonlyMap<number, ParsedScript>): AnyLoaded[] {
    const all = [...scripts.values()].sort((a, b) => a.id - b.id)
    const idOf = (marker: string): number | undefined => all.find(({ file }) => file === marker)?.id
    const start = idOf(startMarker) ?? 0
    const listen = idOf(listenMarker) ?? Infinity
    const ids = new Map<string, number>()
    const esModules = new Map<string, LoadedScript>()
    for (const script of all) {
      const { id, file, isModule } = script
      if (id <= start || !path.isAbsolute(file)) continue
      // What Node makes of WebAssembly is no module of its own.
      if (this.#imports.files.has(file)) continue
      if (!ids.has(file)) ids.set(file, id)
      if (isModule && !esModules.has(file)) {
        esModules.set(file, { file, format: 'esm', isLate: id > listen, script })
      }
      // On Node 22 one that is the entry gets past all that can be hooked.
      if (!isModule && isTypeScript.test(file) && !this.#loaded.has(file)) {
        esModules.set(file, { file, format: 'cjs', isLate: id > listen, script })
      }
    }
    let place = 0
    const loaded = [...this.#loaded.values()]
      // Asked for with require(), and an ES module after all.
      .filter(({ file }) => !esModules.has(file))
      .map((entry) => {
        place = Math.max(place, ids.get(entry.file) ?? 0)
        return { entry, place }
      })
    const others = [...esModules.values()].map((entry) => ({ entry, place: entry.script.id }))
    const imported = [...this.#imports.files.values()].map((entry) => ({
      entry,
      place: ids.get(this.#imports.requesterOf(entry.file) ?? '') ?? 0,
    }))
    return [...loaded, ...others, ...imported]
      .sort((a, b) => a.place - b.place)
      .map(({ entry }) => entry)
  }
}

/** V8 lists a script once it has run. */
function markScript(filename: string): vm.Script {
  const script = new vm.Script(`'${filename}'`, { filename })
  script.runInThisContext()
  return script
}

const untimed = { selfMs: null, totalMs: null } as const

type LoadFacts = Omit<ModuleRecord, 'id' | 'path' | 'phase' | 'requester' | 'cacheBytes'>

type ScriptOf = ReadonlyMap<string, ParsedScript>

function firstOfFile(scripts: ReadonlyMap<number, ParsedScript>): ScriptOf {
  const found = new Map<string, ParsedScript>()
  for (const script of scripts.values()) {
    if (!found.has(script.file)) found.set(script.file, script)
  }
  return found
}

/** When an ES module was evaluated, nothing tells: Node evaluates all of a graph at once. */
function factsOf(each: AnyLoaded, scriptOf: ScriptOf): LoadFacts {
  const { file, format } = each
  const times = 'selfMs' in each ? { selfMs: each.selfMs, totalMs: each.totalMs } : untimed
  // Node strips the types of TypeScript later than a module can be hooked.
  const isStripped = 'selfMs' in each && format === 'cjs' && isTypeScript.test(file)
  const script = 'script' in each ? each.script : isStripped ? scriptOf.get(file) : undefined
  const source = script?.source() ?? ('source' in each ? each.source : undefined)
  if (source !== undefined) {
    return { ...times, format, sourceHash: sha256(source), sourceLength: source.length }
  }
  const { sourceHash = null, sourceLength = 0 } = each as Partial<Loaded>
  return { ...times, format, sourceHash, sourceLength }
}

/**
 * By file, of modules that Node has compiled itself. Only its own compile cache can give them one, but not to TypeScript: Node puts
 * the absolute path of the file at the end of what it has stripped, and V8 tells sources by their length.
 */
function eagerCaches(
  modules: readonly AnyLoaded[],
  scriptOf: ScriptOf,
): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  if (!canWriteEntries) return found
  const sources = modules.flatMap(({ file, format }) => {
    const script = format === 'cjs' || format === 'esm' ? scriptOf.get(file) : undefined
    if (script === undefined || isTypeScript.test(file)) return []
    const kind: ModuleKind = script.isModule ? 'esm' : 'cjs'
    return [{ kind, file, source: script.source() }]
  })
  for (const [index, cache] of compileEagerly(sources)?.entries() ?? []) {
    const file = sources[index]?.file
    if (file !== undefined && cache !== null) found.set(file, cache)
  }
  return found
}

function parentOf(module: CommonJsModule): string | undefined {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells who asked from inside a function
  return module.parent?.filename
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return undefined
  }
}

/** Public builtins that this process has loaded so far. */
function loadedBuiltins(): string[] {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
  const known = new Set(builtinModules)
  return moduleLoadList
    .filter((entry) => entry.startsWith('NativeModule '))
    .map((entry) => entry.slice('NativeModule '.length))
    .filter((name) => known.has(name) && !name.startsWith('_'))
}
