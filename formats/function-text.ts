import { sha256 } from './hash.ts'

const headLength = 32
const base = 65599

/** What is known of the source of a function, from its opening parenthesis on. */
export interface FunctionSource {
  /** UTF-16 code units. */
  readonly length: number
  readonly sourceHash: string
  /** See `headHashOf`; undefined: it was not recorded, and the function cannot be looked for. */
  readonly headHash?: number | undefined
}

/** Of the first code units of a source: cheap enough to be computed for every place of a text. */
export function headHashOf(source: string): number {
  let hash = 0
  const end = Math.min(source.length, headLength)
  for (let at = 0; at < end; at++) hash = next(hash, source.charCodeAt(at))
  return hash >>> 0
}

function next(hash: number, unit: number): number {
  return (Math.imul(hash, base) + unit) | 0
}

/**
 * Where in a text functions are that were recorded from another version of it, code units from its beginning; undefined: nowhere, or it
 * cannot be told. Of functions with the same source, each has a place of its own, in the order in which they are given. A text of
 * 5 MB takes some tenths of a second.
 */
export function findFunctions(
  text: string,
  functions: readonly FunctionSource[],
): readonly (number | undefined)[] {
  const found = new Map<FunctionSource, number>()
  for (const [window, wanted] of byWindow(functions)) search(text, window, wanted, found)
  return functions.map((each) => found.get(each))
}

type ByHead = Map<number, Map<string, FunctionSource[]>>

/** By how many code units their head has, then by its hash, then by length and hash of all. */
function byWindow(functions: readonly FunctionSource[]): ReadonlyMap<number, ByHead> {
  const windows = new Map<number, ByHead>()
  for (const each of functions) {
    const { length, sourceHash, headHash } = each
    if (headHash === undefined || length === 0) continue
    const window = Math.min(length, headLength)
    const heads: ByHead = windows.get(window) ?? new Map<number, Map<string, FunctionSource[]>>()
    windows.set(window, heads)
    const sources = heads.get(headHash) ?? new Map<string, FunctionSource[]>()
    heads.set(headHash, sources)
    const key = keyOf(length, sourceHash)
    sources.set(key, [...(sources.get(key) ?? []), each])
  }
  return windows
}

/** Goes through the text once, with the hash of the last `window` code units at every place. */
function search(
  text: string,
  window: number,
  wanted: ByHead,
  found: Map<FunctionSource, number>,
): void {
  let power = 1
  for (let unit = 0; unit < window; unit++) power = Math.imul(power, base)
  let hash = 0
  for (let end = 0; end < text.length && wanted.size > 0; end++) {
    hash = next(hash, text.charCodeAt(end))
    if (end >= window) hash = (hash - Math.imul(power, text.charCodeAt(end - window))) | 0
    if (end + 1 < window) continue
    const head = hash >>> 0
    const sources = wanted.get(head)
    if (sources === undefined) continue
    take(text, end + 1 - window, sources, found)
    if (sources.size === 0) wanted.delete(head)
  }
}

function take(
  text: string,
  at: number,
  sources: Map<string, FunctionSource[]>,
  found: Map<FunctionSource, number>,
): void {
  const lengths = new Set([...sources.values()].map(([first]) => first?.length ?? 0))
  for (const length of lengths) {
    if (at + length > text.length) continue
    const key = keyOf(length, sha256(text.slice(at, at + length)))
    const [first, ...others] = sources.get(key) ?? []
    if (first === undefined) continue
    found.set(first, at)
    if (others.length > 0) sources.set(key, others)
    else sources.delete(key)
    return
  }
}

function keyOf(length: number, sourceHash: string): string {
  return `${length}:${sourceHash}`
}
