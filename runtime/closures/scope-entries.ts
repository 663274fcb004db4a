import type { FunctionLocation, Natives } from '../natives.ts'
import type { Visitor } from './closure-walk.ts'

/** A function whose surrounding scopes are to be read. */
export interface Entry {
  readonly fn: object
  readonly extent: Extent
  readonly scriptId: number
  /** Of its script. */
  readonly isFirst: boolean
}

/** From the opening parenthesis of a function to its end, code units. */
interface Extent {
  readonly from: number
  readonly to: number
}

/** As much of a scope as is known: from its first function that was come by to the last. */
interface Region {
  readonly values: readonly unknown[]
  from: number
  to: number
}

interface Script {
  /** How many functions may be entered yet. */
  left: number
  hasFirst: boolean
  /** All that were come by, by their beginning. */
  readonly functions: Map<number, Extent & { closures: number }>
  /** Of the scopes that were read, but for the outermost. */
  readonly regions: Region[]
  /** Functions of the outermost scope that were entered to no avail. */
  readonly outer: Extent[]
  candidates: Entry[]
}

/** For so much of a script the scopes of one more function may be read, code units. */
const lengthPerEntry = 2 * 1024
/** Closures of one piece of code that may be entered: factories and loops make many. */
const maxClosures = 2
/** Longest distance between two functions that are taken for those of one module: between modules there is a wrapper. */
const longestGap = 128
/** So near to a function of the outermost scope there are others. */
const outerNeighbourhood = 4 * 1024

/**
 * Of which functions the scopes are worth their price: in a small module one, since those of all others would cost ten times as much
 * for a tenth of the finds. A bundle is many modules, in functions side by side, and which of them a function is of can only be guessed
 * by its place: between two functions that share a scope there is nothing else.
 */
export class ScopeEntries {
  readonly #natives: Natives
  readonly #visitor: Visitor
  readonly #scripts = new Map<number, Script>()

  constructor(natives: Natives, visitor: Visitor) {
    this.#natives = natives
    this.#visitor = visitor
  }

  add(fn: object, location: FunctionLocation): void {
    const { scriptId } = location
    let script = this.#scripts.get(scriptId)
    if (script === undefined) {
      const length = this.#natives.scriptOf(fn)?.length ?? 0
      const left = 1 + Math.floor(length / lengthPerEntry)
      script = {
        left,
        hasFirst: false,
        functions: new Map(),
        regions: [],
        outer: [],
        candidates: [],
      }
      this.#scripts.set(scriptId, script)
    }
    if (script.left === 0) return
    const known = script.functions.get(location.position)
    const extent = known ?? { ...extentOf(location), closures: 0 }
    script.functions.set(extent.from, extent)
    if (++extent.closures > maxClosures) return
    script.candidates.push({ fn, extent, scriptId, isFirst: !script.hasFirst })
    script.hasFirst = true
  }

  /** Those that have come up since the last time, unless their scopes are among those that were read meanwhile. */
  *next(): Generator<Entry, void> {
    for (const [scriptId, script] of this.#scripts) {
      const candidates = script.candidates.splice(0)
      const around = surroundings(script.functions.values())
      // With the outermost scope, which the others are read without.
      const first = candidates.filter(({ isFirst }) => isFirst)
      const promising = nextTo(this.#visitor.placesIn?.(scriptId) ?? [], candidates)
      for (const entry of new Set([...first, ...promising, ...halving(candidates)])) {
        if (!entry.isFirst && isCovered(entry.extent, around.get(entry.extent), script.regions))
          continue
        if (!promising.has(entry) && isBeside(entry.extent, script.outer)) continue
        script.left--
        yield entry
        if (script.left === 0) break
      }
    }
  }

  /** @param scopes - around it, innermost first; the outermost of the script only the first time */
  entered({ extent, scriptId, isFirst }: Entry, scopes: readonly (readonly unknown[])[]): void {
    const inner = isFirst ? scopes.slice(0, -1) : scopes
    const script = this.#scripts.get(scriptId)
    for (const values of inner) {
      const known = script?.regions.find((region) => isSame(region.values, values))
      if (known !== undefined) {
        // What is between two functions of a scope is in it, too.
        known.from = Math.min(known.from, extent.from)
        known.to = Math.max(known.to, extent.to)
        continue
      }
      const functions = values.flatMap((value): Extent[] => {
        const location = this.#natives.locate(value)
        return location?.scriptId === scriptId ? [extentOf(location)] : []
      })
      script?.regions.push({ values, ...rangeAround(extent, functions) })
    }
    if (inner.length === 0) script?.outer.push(extent)
  }
}

function extentOf({ position, source }: FunctionLocation): Extent {
  return { from: position, to: position + source.length }
}

function isSame(values: readonly unknown[], others: readonly unknown[]): boolean {
  return values.length === others.length && values.every((value, index) => value === others[index])
}

/** Reaches as far as there is no gap: functions beyond may have been imported from elsewhere in the bundle. */
function rangeAround(extent: Extent, functions: readonly Extent[]): Extent {
  const sorted = [...functions].sort((a, b) => a.from - b.from)
  let { from, to } = extent
  for (const each of sorted) {
    if (each.from > from && each.from - to < longestGap) to = Math.max(to, each.to)
  }
  for (const each of sorted.reverse()) {
    if (each.from < from && from - each.to < longestGap) from = each.from
  }
  return { from, to }
}

/** The innermost function around each, where there is one. */
function surroundings(functions: Iterable<Extent>): ReadonlyMap<Extent, Extent> {
  const around = new Map<Extent, Extent>()
  const open: Extent[] = []
  for (const each of [...functions].sort((a, b) => a.from - b.from || b.to - a.to)) {
    while (open.length > 0 && (open.at(-1)?.to ?? 0) <= each.from) open.pop()
    const outer = open.at(-1)
    if (outer !== undefined) around.set(each, outer)
    open.push(each)
  }
  return around
}

/** What is inside of a function of the region has scopes of its own. */
function isCovered(
  { from: at }: Extent,
  outer: Extent | undefined,
  regions: readonly Region[],
): boolean {
  return regions.some(({ from, to }) => {
    return from <= at && at <= to && (outer === undefined || outer.from < from)
  })
}

/** Both ends first, then the middle, then the middles of the halves: two of one scope tell of all between them. */
function halving(candidates: readonly Entry[]): Entry[] {
  const sorted = [...candidates].sort((a, b) => a.extent.from - b.extent.from)
  const ordered = [...sorted.slice(0, 1), ...sorted.slice(-1)]
  for (let step = sorted.length; step > 1; step = Math.ceil(step / 2)) {
    for (let index = Math.floor(step / 2); index < sorted.length; index += step) {
      ordered.push(...sorted.slice(index, index + 1))
    }
  }
  return [...ordered, ...sorted]
}

/** Bundlers put many modules into the outermost scope as they are. */
function isBeside({ from }: Extent, outer: readonly Extent[]): boolean {
  return outer.some((each) => Math.abs(each.from - from) < outerNeighbourhood)
}

/** Those before and behind each of the places. */
function nextTo(places: readonly number[], candidates: readonly Entry[]): ReadonlySet<Entry> {
  const sorted = [...candidates].sort((a, b) => a.extent.from - b.extent.from)
  const chosen = new Set<Entry>()
  for (const place of places) {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle]?.extent.from ?? 0) < place) low = middle + 1
      else high = middle
    }
    for (const entry of [sorted[low - 1], sorted[low]]) if (entry !== undefined) chosen.add(entry)
  }
  return chosen
}
