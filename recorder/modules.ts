import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { sha256 } from '../formats/hash.ts'
import type { ModuleRecord } from '../formats/profile.ts'
import { portable } from '../runtime/app.ts'
import {
  compileCommonJs,
  hasDynamicImport,
  hookCompile,
  loader,
  type CommonJsModule,
} from '../runtime/commonjs.ts'
import { canImportFromCachedScripts } from '../runtime/features.ts'
import type { ParsedScript } from './inspection.ts'

/** Bytes of all blobs together; modules beyond it go without a code cache. */
const maxCacheBytes = 512 * 1024 * 1024
const startMarker = 'prewarm:start'
const listenMarker = 'prewarm:listen'
const isTypeScript = /\.c?ts$/

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

export interface RecordedModules {
  readonly modules: readonly ModuleRecord[]
  readonly codecache: Uint8Array
  /** Index of a module by its absolute file name. */
  readonly byFile: ReadonlyMap<string, number>
}

/** Every module in the order of its initialisation, and a handle on each CommonJS script for its code cache. */
export class ModuleRecorder {
  readonly #root: string
  readonly #loaded = new Map<string, Loaded>()
  readonly #scripts = new Map<string, vm.Script>()
  /** Modules being initialised right now, innermost last, with the time their own children took. */
  readonly #stack: { readonly file: string; childMs: number }[] = []
  readonly #builtinsBefore = new Set(loadedBuiltins())
  #builtinsAtListen: ReadonlySet<string> | undefined
  /** Scripts whose ids tell what was compiled before the application, before the first listen, and after. */
  readonly #startMarker = markScript(startMarker)
  #listenMarker: vm.Script | undefined

  constructor(root: string) {
    this.#root = root
  }

  start(): void {
    hookCompile((content, filename) => this.#compile(content, filename))
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

  /** The first HTTP server was told to listen: what comes now is late. */
  markListen(): void {
    if (this.#listenMarker !== undefined) return
    this.#listenMarker = markScript(listenMarker)
    this.#builtinsAtListen = new Set(loadedBuiltins())
  }

  /** @param scripts - all that V8 holds, by id, for the ES modules among them */
  finish(scripts: ReadonlyMap<number, ParsedScript>): RecordedModules {
    const builtins = loadedBuiltins().filter((name) => !this.#builtinsBefore.has(name))
    const packages = new PackageNames(this.#root)
    const byFile = new Map<string, number>()
    const modules: ModuleRecord[] = []
    const blobs: Uint8Array[] = []
    let totalBytes = 0
    for (const each of this.#inOrder(scripts)) {
      byFile.set(each.file, modules.length)
      if ('script' in each) {
        modules.push({
          ...packages.nameOf(each.file),
          ...untimed,
          format: each.format,
          sourceHash: sha256(each.script.source()),
          sourceLength: each.script.source().length,
          phase: each.isLate ? 'late' : 'startup',
        })
        continue
      }
      const source = sourceOf(each, scripts)
      const blob =
        totalBytes < maxCacheBytes ? this.#scripts.get(each.file)?.createCachedData() : undefined
      modules.push({
        ...packages.nameOf(each.file),
        format: each.format,
        ...source,
        phase: each.isLate ? 'late' : 'startup',
        selfMs: each.selfMs,
        totalMs: each.totalMs,
        requester: each.requester === undefined ? null : (byFile.get(each.requester) ?? null),
        cacheBytes: blob?.length ?? 0,
      })
      if (blob !== undefined) {
        blobs.push(blob)
        totalBytes += blob.length
      }
    }
    for (const name of builtins) {
      const isLate = this.#builtinsAtListen !== undefined && !this.#builtinsAtListen.has(name)
      modules.push({
        ...untimed,
        id: `node:${name}`,
        path: `node:${name}`,
        format: 'builtin',
        sourceHash: null,
        sourceLength: 0,
        phase: isLate ? 'late' : 'startup',
      })
    }
    return { modules, codecache: Buffer.concat(blobs, totalBytes), byFile }
  }

  #compile(content: string, filename: string): vm.Script | undefined {
    if (!canImportFromCachedScripts && hasDynamicImport(content)) return undefined
    try {
      const script = compileCommonJs(content, filename)
      this.#scripts.set(filename, script)
      return script
    } catch {
      // An ES module without the name of one, or a real syntax error: Node knows how to tell them apart.
      return undefined
    }
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
      this.#scripts.delete(file)
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
  #inOrder(scripts: ReadonlyMap<number, ParsedScript>): (Loaded | LoadedScript)[] {
    const all = [...scripts.values()].sort((a, b) => a.id - b.id)
    const idOf = (marker: string): number | undefined => all.find(({ file }) => file === marker)?.id
    const start = idOf(startMarker) ?? 0
    const listen = idOf(listenMarker) ?? Infinity
    const ids = new Map<string, number>()
    const esModules = new Map<string, LoadedScript>()
    for (const script of all) {
      const { id, file, isModule } = script
      if (id <= start || !path.isAbsolute(file)) continue
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
    return [...loaded, ...others].sort((a, b) => a.place - b.place).map(({ entry }) => entry)
  }
}

/** What reached V8: Node strips the types of TypeScript later than a module can be hooked. */
function sourceOf(
  { file, format, sourceHash, sourceLength }: Loaded,
  scripts: ReadonlyMap<number, ParsedScript>,
): Pick<ModuleRecord, 'sourceHash' | 'sourceLength'> {
  if (format === 'cjs' && isTypeScript.test(file)) {
    const source = [...scripts.values()].find((script) => script.file === file)?.source()
    if (source !== undefined) return { sourceHash: sha256(source), sourceLength: source.length }
  }
  return { sourceHash, sourceLength }
}

/** V8 lists a script once it has run. */
function markScript(filename: string): vm.Script {
  const script = new vm.Script(`'${filename}'`, { filename })
  script.runInThisContext()
  return script
}

const untimed = { selfMs: null, totalMs: null, requester: null, cacheBytes: 0 } as const

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

/** `package@version/path` for what is installed, the path below the root for what is the application's own. */
class PackageNames {
  readonly #root: string
  readonly #versions = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
  }

  nameOf(file: string): { id: string; path: string } {
    const relative = portable(path.relative(this.#root, file))
    const parts = portable(file).split('/')
    const start = parts.lastIndexOf('node_modules') + 1
    if (start === 0) return { id: relative, path: relative }
    const width = parts[start]?.startsWith('@') === true ? 2 : 1
    const name = parts.slice(start, start + width).join('/')
    const version = this.#versionIn(parts.slice(0, start + width).join('/'))
    return {
      id: `${name}@${version}/${parts.slice(start + width).join('/')}`,
      path: relative,
    }
  }

  #versionIn(folder: string): string {
    let version = this.#versions.get(folder)
    if (version === undefined) {
      version = readVersion(path.join(folder, 'package.json'))
      this.#versions.set(folder, version)
    }
    return version
  }
}

function readVersion(file: string): string {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }
    return typeof version === 'string' ? version : '?'
  } catch {
    return '?'
  }
}
