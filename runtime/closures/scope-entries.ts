import type { FunctionLocation, Natives } from '../natives.ts'
import type { Visitor } from './closure-walk.ts'

/** A function whose surrounding scopes are to be read. */
export interface Entry {
  readonly fn: object
  readonly scriptId: number
  readonly position: number
  /** Of its script. */
  readonly isFirst: boolean
}

/** Code units; what is longer is a bundle: modules in functions of their own, side by side in one script. */
const bundleLength = 256 * 1024
/** One function of so much of a bundle may have its scopes read. */
const lengthPerEntry = 16 * 1024

interface Script {
  readonly isBundle: boolean
  /** How many functions may be entered yet. */
  left: number
  hasFirst: boolean
  /** From the first to the last function of each scope that was read, but for the outermost. */
  readonly ranges: (readonly [from: number, to: number])[]
  candidates: Entry[]
}

/**
 * Of which functions the scopes are worth their price: one of each module, since those of all others would cost ten times as much for
 * a tenth of the finds. A bundle is many modules, and which of them a function is of can only be guessed by its place.
 */
export class ScopeEntries {
  readonly #natives: Natives
  readonly #visitor: Visitor
  readonly #scripts = new Map<number, Script>()
  /** Variables of scopes that were read: those around them are known. */
  readonly #known = new WeakSet()

  constructor(natives: Natives, visitor: Visitor) {
    this.#natives = natives
    this.#visitor = visitor
  }

  add(fn: object, { scriptId, position }: FunctionLocation): void {
    let script = this.#scripts.get(scriptId)
    if (script === undefined) {
      const length = this.#natives.scriptOf(fn)?.length ?? 0
      const isBundle = length >= bundleLength
      const left = isBundle ? Math.floor(length / lengthPerEntry) : 1
      script = { isBundle, left, hasFirst: false, ranges: [], candidates: [] }
      this.#scripts.set(scriptId, script)
    }
    if (script.left === 0 || (script.hasFirst && !script.isBundle) || this.#known.has(fn)) return
    script.candidates.push({ fn, scriptId, position, isFirst: !script.hasFirst })
    script.hasFirst = true
  }

  /** Those that have come up since the last time, and are not among what was read meanwhile. */
  *next(): Generator<Entry, void> {
    for (const [scriptId, script] of this.#scripts) {
      const candidates = script.candidates.splice(0)
      for (const entry of nearest(candidates, this.#visitor.placesIn?.(scriptId))) {
        if (this.#isCovered(entry, script)) continue
        script.left--
        yield entry
        if (script.left === 0) break
      }
    }
  }

  /** @param scopes - around it, innermost first; the outermost of the script only the first time */
  entered(entry: Entry, scopes: readonly (readonly unknown[])[]): void {
    const script = this.#scripts.get(entry.scriptId)
    for (const [index, values] of scopes.entries()) {
      const positions = [entry.position]
      for (const value of values) {
        if (typeof value !== 'function') continue
        this.#known.add(value)
        const location = this.#natives.locate(value)
        if (location?.scriptId === entry.scriptId) positions.push(location.position)
      }
      const isOutermost = entry.isFirst && index === scopes.length - 1
      if (isOutermost) continue
      script?.ranges.push(rangeOf(positions))
    }
  }

  #isCovered({ fn, position, isFirst }: Entry, { ranges }: Script): boolean {
    if (isFirst) return false
    return this.#known.has(fn) || ranges.some(([from, to]) => from <= position && position <= to)
  }
}

function rangeOf(positions: readonly number[]): readonly [number, number] {
  let [from = 0] = positions
  let to = from
  for (const position of positions) {
    if (position < from) from = position
    if (position > to) to = position
  }
  return [from, to]
}

/** The first of a script, and for every place the two that are next to it. */
function nearest(candidates: readonly Entry[], places: readonly number[] | undefined): Entry[] {
  if (places === undefined || candidates.length < 2) return [...candidates]
  const chosen = new Set(candidates.filter(({ isFirst }) => isFirst))
  const sorted = [...candidates].sort((a, b) => a.position - b.position)
  for (const place of places) {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle]?.position ?? 0) < place) low = middle + 1
      else high = middle
    }
    for (const entry of [sorted[low - 1], sorted[low]]) if (entry !== undefined) chosen.add(entry)
  }
  return [...chosen]
}
