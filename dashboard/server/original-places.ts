import { readFile, stat } from 'node:fs/promises'
import { SourceMap, type SourceMapPayload } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../../formats/hash.ts'
import type { HotFunction, ModuleRecord } from '../../formats/profile.ts'
import { currentSource } from './module-freshness.ts'

const maxMapBytes = 256 * 1024 * 1024
const mapComment = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm
const dataUrl = /^data:application\/json[^,]*?(;base64)?,/

/** Where the sources of a module are that was compiled or bundled. */
interface ModuleMap {
  readonly map: SourceMap
  /** What the names of sources are relative to. */
  readonly base: string
}

/**
 * Per function where it is written, as `src/cart.ts:12` from `root`; null: the module is the source itself, has no source map on disk, or
 * is not as it was recorded.
 */
export async function originalPlaces(
  functions: readonly Pick<HotFunction, 'module' | 'line' | 'column'>[],
  modules: readonly ModuleRecord[],
  root: string,
): Promise<readonly (string | null)[]> {
  const maps = new Map<number, ModuleMap | undefined>()
  const places: (string | null)[] = []
  for (const { module: index, line, column } of functions) {
    const module = modules[index]
    if (!maps.has(index)) maps.set(index, module && (await mapOf(module, root)))
    const found = maps.get(index)
    places.push(found === undefined ? null : placeIn(found, line - 1, column - 1, root))
  }
  return places
}

function placeIn(
  { map, base }: ModuleMap,
  line: number,
  column: number,
  root: string,
): string | null {
  const entry = map.findEntry(line, column)
  // The nearest one before may be of other code.
  if (!('originalSource' in entry) || entry.generatedLine !== line) return null
  return `${nameOf(entry.originalSource, base, root)}:${entry.originalLine + 1}`
}

function nameOf(source: string, base: string, root: string): string {
  if (source.startsWith('file:')) return relative(fileURLToPath(source), root)
  // `webpack://shop/src/cart.ts`
  if (/^[a-z-]+:\/\//i.test(source)) return source
  return relative(path.resolve(base, source), root)
}

function relative(file: string, root: string): string {
  return path.relative(root, file).replaceAll(path.sep, '/')
}

async function mapOf(module: ModuleRecord, root: string): Promise<ModuleMap | undefined> {
  if (module.format !== 'cjs' && module.format !== 'esm') return undefined
  const file = path.resolve(root, module.path)
  const text = await currentSource(module, root)
  if (text === undefined || sha256(text) !== module.sourceHash) return undefined
  const url = [...text.matchAll(mapComment)].at(-1)?.[1]
  if (url === undefined) return undefined
  try {
    const folder = path.dirname(file)
    const mapFile = dataUrl.test(url) ? undefined : path.resolve(folder, decodeURIComponent(url))
    const json = mapFile === undefined ? inlined(url) : await readMap(mapFile)
    const payload = JSON.parse(json) as SourceMapPayload
    const base = path.resolve(mapFile === undefined ? folder : path.dirname(mapFile))
    return { map: new SourceMap(payload), base: path.resolve(base, payload.sourceRoot || '') }
  } catch {
    // It is not there, or not what it says: then the places in the module have to do.
    return undefined
  }
}

function inlined(url: string): string {
  const [head = '', base64] = dataUrl.exec(url) ?? []
  const data = url.slice(head.length)
  return base64 === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString()
}

async function readMap(file: string): Promise<string> {
  const stats = await stat(file)
  if (!stats.isFile() || stats.size > maxMapBytes) throw new Error(`${file} is not read`)
  return readFile(file, 'utf8')
}
