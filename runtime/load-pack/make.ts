import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { sha256 } from '../../formats/hash.ts'
import type { ModuleRecord, Resolution } from '../../formats/profile.ts'
import { portable } from '../app.ts'
import type { Place } from '../compile-cache/folder.ts'
import { hasDynamicImport, loader, type CommonJsModule } from '../commonjs.ts'
import { hookModules } from '../module-hooks.ts'
import { BlobWriter } from './blob.ts'
import { identityOf, loaderText } from './identity.ts'
import { encodeHead, type Asked, type Found, type PackedFile, type PackIndex } from './pack.ts'
import { isPassing } from './stamps.ts'
import { unchanging, Watch } from './watch.ts'

export interface PackContents {
  readonly place: Place
  readonly modules: readonly ModuleRecord[]
  readonly resolutions: readonly Resolution[]
  /** V8 code caches that fit this process. */
  readonly caches: ReadonlyMap<ModuleRecord, Uint8Array>
  /** See {@link PackIndex}. */
  readonly renewals: number
}

/** What a pack holds. */
export interface PackCounts {
  /** With their source. */
  readonly modules: number
  readonly resolutions: number
  /** Recorded resolutions that lead elsewhere here, or depend on more than can be watched. */
  readonly left: number
  readonly bytes: number
}

/**
 * A load pack, in parts: what this process finds where staging has found something. It has to be started with the options of the
 * application, and `--experimental-import-meta-resolve`, and nobody may have touched its CommonJS loader.
 */
export function makePack(contents: PackContents): {
  readonly parts: readonly Uint8Array[]
  readonly counts: PackCounts
} {
  const { place, modules, resolutions, caches, renewals } = contents
  const watch = new Watch()
  const blob = new BlobWriter()
  const files = new Map<string, PackedFile>()
  // What is loaded late comes behind what is needed at the start.
  for (const phase of ['startup', 'late']) {
    for (const module of modules) {
      if (module.phase !== phase || module.format === 'builtin') continue
      const file = path.join(place.root, module.path)
      const packed = packFile(module, file, caches.get(module), watch, blob)
      if (packed !== undefined) files.set(file, packed)
    }
  }
  const { asked, count } = packResolutions(contents, watch, [...files.keys()])
  const { names, scopes, rows } = watch
  const countOf = (how: Resolution['how']): number =>
    asked.reduce((sum, { [how]: found }) => sum + Object.keys(found).length, 0)
  const relative = (file: string): string => portable(path.relative(place.root, file))
  const index: PackIndex = {
    ...identityOf(place),
    loaderText: loaderText(),
    conditions: importConditions(place.root),
    renewals,
    files: [...files.keys()].map(relative),
    watched: names.map(relative),
    scopes,
    asked,
    esModules: [...files.values()].filter(({ format }) => format === 'esm').length,
    counts: { require: countOf('require'), import: countOf('import') },
  }
  const parts = [encodeHead(index, [...files.values()], rows), ...blob.parts]
  return {
    parts,
    counts: {
      modules: [...files.values()].filter(({ sourceBytes }) => sourceBytes > 0).length,
      resolutions: count,
      left: resolutions.length - count,
      bytes: parts.reduce((sum, { length }) => sum + length, 0),
    },
  }
}

/** undefined: it is not there, or is being written to. */
function packFile(
  module: ModuleRecord,
  file: string,
  cache: Uint8Array | undefined,
  watch: Watch,
  blob: BlobWriter,
): PackedFile | undefined {
  const found = attempt(() => unchanging(file, (each) => readFileSync(each)))
  const scope = watch.scopeOf(file)
  if (found === undefined || scope === undefined) return undefined
  const { stamp } = found
  const text = found.value.toString('utf8').replace(/^\uFEFF/, '')
  const format = formatOf(module, file, text)
  if (format === 'other') {
    const nothing = { at: 0, sourceBytes: 0, cacheBytes: 0, sum: 0 }
    return { format, stamp, scope, isWide: false, mayImport: false, ...nothing }
  }
  const narrow = Buffer.from(text, 'latin1')
  const isWide = narrow.toString('latin1') !== text
  const source = isWide ? Buffer.from(text, 'utf16le') : narrow
  const mayImport = format === 'cjs' && hasDynamicImport(text)
  const kept = format === 'cjs' ? cache : undefined
  return { format, stamp, scope, isWide, mayImport, ...blob.add(source, kept ?? new Uint8Array()) }
}

function packResolutions(
  { place: { root }, modules, resolutions }: PackContents,
  watch: Watch,
  files: readonly string[],
): { readonly asked: readonly Asked[]; readonly count: number } {
  const byFolder = new Map<string, Record<Resolution['how'], Record<string, Answer>>>()
  const places = new Map(files.map((file, place) => [file, place]))
  let count = 0
  for (const { from, specifier, how, to } of resolutions) {
    const [asking, found] = [modules[from], modules[to]]
    if (asking === undefined || found === undefined) continue
    const folder = path.dirname(path.join(root, asking.path))
    const file = resolvers[how](folder, specifier)
    const index = file === undefined ? undefined : places.get(file)
    if (file === undefined || index === undefined || isPassing(path.basename(file))) continue
    const watched = watch.of(how, folder, specifier, file)
    if (watched === undefined) continue
    const name = portable(path.relative(root, folder))
    const answers = byFolder.get(name) ?? { require: {}, import: {} }
    byFolder.set(name, answers)
    count++
    if (Object.hasOwn(answers[how], specifier)) continue
    // Not by assignment, for the sake of a package `__proto__`.
    const value: Answer = [index, ...watched]
    Object.defineProperty(answers[how], specifier, { value, enumerable: true })
  }
  const asked = [...byFolder].map(([folder, answers]) => ({ folder, ...answers }))
  return { asked, count }
}

type Answer = Found[string]

/** The file that a module in a folder gets by a name; undefined: none that is known by its path alone. */
const resolvers: Record<
  Resolution['how'],
  (folder: string, specifier: string) => string | undefined
> = {
  require: (folder, specifier) =>
    attempt(() => {
      const filename = path.join(folder, 'noop.js')
      const paths = loader._nodeModulePaths(folder)
      const parent = { id: filename, filename, paths } as unknown as CommonJsModule
      return loader._resolveFilename(specifier, parent, false)
    }),
  import: (folder, specifier) =>
    attempt(() => {
      const { href } = pathToFileURL(path.join(folder, 'noop.js'))
      const url = import.meta.resolve(specifier, href)
      const file = fileURLToPath(url)
      // With a query it is a module of its own.
      return pathToFileURL(file).href === url ? file : undefined
    }),
}

/** As hooks see them; empty where there are no hooks. */
function importConditions(root: string): readonly string[] {
  let conditions: readonly string[] = []
  const unhook = hookModules({
    resolve(specifier, context, next) {
      conditions = context.conditions ?? []
      return next(specifier, context)
    },
  })
  try {
    import.meta.resolve('./noop.js', pathToFileURL(path.join(root, 'noop.js')).href)
  } finally {
    unhook()
  }
  return conditions
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

/** What was changed since staging has no code cache, and may be of another kind now. */
function formatOf(
  { format, sourceHash }: ModuleRecord,
  file: string,
  text: string,
): PackedFile['format'] {
  if (/\.[cm]?ts$/.test(file) || sourceHash !== sha256(text)) return 'other'
  return format === 'cjs' || format === 'esm' ? format : 'other'
}
