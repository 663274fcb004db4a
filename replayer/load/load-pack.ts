import { closeSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ModuleRecord } from '../../formats/profile.ts'
import { compileCommonJs, isWrapperChanged, loader } from '../../runtime/commonjs.ts'
import type { Place } from '../../runtime/compile-cache/folder.ts'
import { instrumentation } from '../../runtime/features.ts'
import { openPack, type OpenedPack } from '../../runtime/load-pack/file.ts'
import { identityOf, isSameIdentity, loaderText } from '../../runtime/load-pack/identity.ts'
import type { Asked, Found, PackedFile } from '../../runtime/load-pack/pack.ts'
import { Proofs } from '../../runtime/load-pack/proofs.ts'
import { hasEarlierHooks, hasModuleHooks, hasOffThreadHooks } from '../../runtime/module-hooks.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../plan.ts'
import type { RunRecord } from '../run-report.ts'
import type { Units } from '../units.ts'
import { packPlace } from './pack-place.ts'
import { provideSources, type KnownModule } from './commonjs-sources.ts'
import { answerImports, type KnownImport } from './imports.ts'
import { PackedBytes } from './packed-bytes.ts'
import { PathCache } from './path-cache.ts'

/** Each `require()` pays for hooks, by about a tenth of what an import gains: Node makes URLs of all names for them. */
const leastImports = 0.1

interface LoadOptions {
  /** Nothing can have changed since the pack was made: nothing is looked at. */
  readonly isTrusted: boolean
  /** Called before a CommonJS module is compiled. */
  readonly beforeCompile: (() => void) | undefined
}

/**
 * Has what staging has loaded found, read and compiled out of one file, as long as everything that it depends on is as it was when
 * that was written. docs/decisions/010-load-pack.md
 */
export class LoadPack {
  readonly #root: string
  readonly #pack: OpenedPack
  readonly #bytes: PackedBytes
  /** Indices by absolute path. */
  readonly #places: ReadonlyMap<string, number>
  readonly #files = new Map<number, PackedFile>()
  readonly #asked: ReadonlyMap<string, Asked>
  readonly #proofs: Proofs
  readonly #units: Units
  readonly #options: LoadOptions
  /** Modules that came out of it, and whether V8 has refused their code caches. */
  readonly #loaded = new Map<PackedFile, { isRejected: boolean }>()
  /** ES modules that were found and not read yet, by URL. */
  readonly #found = new Map<string, PackedFile>()
  readonly #undo: (() => void)[] = []
  #providesSources = false

  private constructor({ root }: Place, pack: OpenedPack, units: Units, options: LoadOptions) {
    const { files, asked } = pack.index
    this.#root = root
    this.#pack = pack
    this.#bytes = new PackedBytes(pack)
    this.#places = new Map(files.map((file, place) => [path.join(root, file), place]))
    this.#asked = new Map(asked.map((each) => [path.join(root, each.folder), each]))
    this.#proofs = new Proofs(root, pack, options.isTrusted)
    this.#units = units
    this.#options = options
  }

  /**
   * undefined: there is none for this process. Never throws.
   *
   * @param beforeCompile - called before a CommonJS module is compiled
   */
  static open(
    plan: Plan,
    config: Config,
    record: Pick<RunRecord, 'load' | 'units'>,
    beforeCompile: (() => void) | undefined,
  ): LoadPack | undefined {
    const place = packPlace(plan, config)
    if (place === undefined) return undefined
    const units = record.units()
    const options = { isTrusted: config.trustBaked, beforeCompile }
    try {
      const opened = openPack(place)
      if (opened === undefined) return undefined
      if (!isSameIdentity(opened.index, identityOf(place))) {
        closeSync(opened.descriptor)
        return undefined
      }
      const pack = new LoadPack(place, opened, units, options)
      pack.#install()
      record.load = units
      return pack
    } catch {
      return undefined
    }
  }

  /** Something has changed since it was written, so that another one would be of more use. */
  get isStale(): boolean {
    return Object.keys(this.#units.counts().skipped).length > 0
  }

  /** See {@link PackIndex}. */
  get renewals(): number {
    return this.#pack.index.renewals
  }

  /** Whether it has ES modules, whose code caches only Node can use. */
  get hasEsModules(): boolean {
    return this.#pack.index.esModules > 0
  }

  /** Whether CommonJS modules are compiled by it. */
  get givesCaches(): boolean {
    return this.#providesSources
  }

  /** Whether it is the one to give the module its code cache. */
  gives({ path: relative }: ModuleRecord): boolean {
    const file = this.#fileOf(path.join(this.#root, relative))
    return this.#providesSources && file !== undefined && file.cacheBytes > 0
  }

  /** Counts what became of the code caches of modules that it gives them to. */
  count(modules: readonly ModuleRecord[], units: Units): void {
    for (const module of modules) {
      const absolute = path.join(this.#root, module.path)
      const file = this.#fileOf(absolute)
      const loaded = file && this.#loaded.get(file)
      if (loaded?.isRejected === true) units.skip(module.id, 'CACHE_REJECTED')
      else if (loaded !== undefined) units.apply()
      else if (loader._cache[absolute] === undefined) units.skip(module.id, 'NOT_LOADED')
      else units.skip(module.id, 'SOURCE_CHANGED')
    }
  }

  /** The application has loaded: only what it asks for later by `require()` is still to come. */
  release(): void {
    for (const undo of this.#undo.splice(0)) undo()
    this.#bytes.release()
    this.#found.clear()
  }

  #fileOf(absolute: string): PackedFile | undefined {
    const place = this.#places.get(absolute)
    return place === undefined ? undefined : this.#fileAt(place)
  }

  #fileAt(place: number): PackedFile {
    let file = this.#files.get(place)
    if (file === undefined) this.#files.set(place, (file = this.#pack.fileAt(place)))
    return file
  }

  #install(): void {
    const { loaderText: untouched, conditions } = this.#pack.index
    const paths = new PathCache((folder, specifier) => this.#required(folder, specifier))
    this.#undo.push(() => {
      paths.uninstall()
    })
    // What was loaded before may have put something of its own there, and means it.
    if (instrumentation() === undefined && loaderText() === untouched) {
      provideSources((filename) => this.#take(filename), this.#options.beforeCompile)
      this.#providesSources = true
    }
    const { require: required, import: imported } = this.#pack.index.counts
    if (!hasModuleHooks || imported < required * leastImports || hasEarlierHooks()) return
    const asking = [...this.#asked].filter(([, { import: found }]) => Object.keys(found).length > 0)
    const folders = asking.map(([folder]) => folder)
    this.#undo.push(
      answerImports(folders, conditions, {
        find: (folder, specifier) => this.#imported(folder, specifier),
        sourceOf: (url) => this.#importedSource(url),
      }),
    )
  }

  #required(folder: string, specifier: string): string | undefined {
    const found = answerIn(this.#asked.get(folder)?.require, specifier)
    if (found === undefined) return undefined
    const file = this.#pack.index.files[found[0]]
    if (file !== undefined && this.#proofs.hold(found, 1)) return path.join(this.#root, file)
    this.#units.skip(`${specifier} from ${folder}`, 'LOAD_STALE')
    return undefined
  }

  #take(filename: string): KnownModule | undefined {
    const file = this.#fileOf(filename)
    if (file?.format !== 'cjs') return undefined
    if (!this.#proofs.isUnchanged(file, filename, () => this.#bytes.sourceOf(file))) {
      this.#units.skip(filename, 'LOAD_STALE')
      return undefined
    }
    const content = this.#bytes.sourceOf(file)
    if (content === undefined) return undefined
    this.#units.apply()
    // The application may turn source maps on at any time, and only Node's own compilation registers them.
    const isLeftToNode = process.sourceMapsEnabled || isWrapperChanged()
    if (file.cacheBytes === 0 || isLeftToNode) return { content, compile: undefined }
    return {
      content,
      compile: () => {
        const cache = this.#bytes.cacheOf(file)
        const { run, isRejected } = compileCommonJs(content, filename, cache, file.mayImport)
        this.#loaded.set(file, { isRejected: isRejected || cache === undefined })
        return run
      },
    }
  }

  #imported(folder: string, specifier: string): KnownImport | undefined {
    const found = answerIn(this.#asked.get(folder)?.import, specifier)
    if (found === undefined || hasOffThreadHooks()) return undefined
    const [place] = found
    const file = this.#fileAt(place)
    // What require() takes for CommonJS by its content alone, import refuses.
    if (file.format === 'other' || !/\.[cm]?js$/.test(this.#pack.index.files[place] ?? ''))
      return undefined
    const absolute = path.join(this.#root, this.#pack.index.files[place] ?? '')
    const source = (): string | undefined => this.#bytes.sourceOf(file)
    const holds = this.#proofs.hold(found, 1)
    if (!holds || !this.#proofs.isUnchanged(file, absolute, source)) {
      this.#units.skip(`${specifier} from ${folder}`, 'LOAD_STALE')
      return undefined
    }
    const url = pathToFileURL(absolute).href
    if (file.format === 'cjs') return { url, format: 'commonjs' }
    this.#found.set(url, file)
    return { url, format: 'module' }
  }

  #importedSource(url: string): string | undefined {
    const file = this.#found.get(url)
    if (file === undefined) return undefined
    this.#found.delete(url)
    const source = this.#bytes.sourceOf(file)
    if (source !== undefined) this.#units.apply()
    return source
  }
}

function answerIn(found: Found | undefined, specifier: string): Found[string] | undefined {
  return found !== undefined && Object.hasOwn(found, specifier) ? found[specifier] : undefined
}
