import { headHashOf } from '../formats/function-text.ts'
import { sha256 } from '../formats/hash.ts'
import type { HotFunction, Tier } from '../formats/profile.ts'
import { higherTier } from '../formats/tiers.ts'
import { openNatives, type FunctionLocation } from '../runtime/natives.ts'
import type { ParsedScript } from './inspection.ts'
import type { SampledFunction, Samples } from './profilers/profiler.ts'
import { placeOf, readTiers } from './tiers.ts'

const maxSampled = 2000
const maxOptimised = 4000

interface Hot {
  readonly fn: SampledFunction
  samples: number
  selfMs: number
}

interface Located {
  readonly name: string
  readonly scriptId: number
  /** In the text of the file. */
  readonly position: number
  readonly source: string
  tier: Tier
}

/** Adds up the samples of all windows, by function, and finds what V8 has optimised at the end. */
export class HotFunctions implements Samples {
  readonly #hot = new Map<string, Hot>()

  add(fn: SampledFunction, hits: number, msPerHit: number): void {
    if (fn.scriptId <= 0 || fn.url === '' || fn.url.startsWith('node:')) return
    // The wrapper around a CommonJS module stands before the text of the file.
    if (fn.column < 1) return
    const key = `${fn.scriptId}:${fn.line}:${fn.column}`
    let hot = this.#hot.get(key)
    if (hot === undefined) {
      hot = { fn, samples: 0, selfMs: 0 }
      this.#hot.set(key, hot)
    }
    hot.samples += hits
    hot.selfMs += hits * msPerHit
  }

  /**
   * The section of the profile, hottest first; then what was optimised without ever being sampled.
   *
   * @param roots - what closures are reached from
   * @param live - gives every live closure, and collects garbage for it
   */
  finish(
    scripts: ReadonlyMap<number, ParsedScript>,
    moduleOf: ReadonlyMap<string, number>,
    roots: readonly unknown[],
    live: () => readonly unknown[],
  ): HotFunction[] {
    const hottest = [...this.#hot.values()]
      .sort((a, b) => b.samples - a.samples)
      .slice(0, maxSampled)
    const places = new Map<number, SourcePlaces>()
    const placesIn = (scriptId: number): SourcePlaces | undefined => {
      const script = scripts.get(scriptId)
      if (script === undefined || !moduleOf.has(script.file)) return undefined
      const known = places.get(scriptId) ?? new SourcePlaces(script.source())
      places.set(scriptId, known)
      return known
    }
    const located = locate(roots, live, scripts, moduleOf)
    const sampled = hottest.flatMap(({ fn, samples, selfMs }) => {
      const module = moduleOf.get(scripts.get(fn.scriptId)?.file ?? '')
      if (module === undefined) return []
      const position = placesIn(fn.scriptId)?.offsetOf(fn) ?? null
      const key = keyOf(fn.scriptId, position)
      const found = located.get(key)
      located.delete(key)
      return { module, ...facts(fn, position, found), selfMs, samples }
    })
    const optimised = [...located.values()]
      .filter(({ tier }) => tier === 'maglev' || tier === 'turbofan')
      .slice(0, maxOptimised)
      .flatMap((found) => {
        const module = moduleOf.get(scripts.get(found.scriptId)?.file ?? '')
        const place = placesIn(found.scriptId)?.placeOf(found.position)
        if (module === undefined || place === undefined) return []
        const named = { name: found.name, ...place }
        return { module, ...facts(named, found.position, found), selfMs: 0, samples: 0 }
      })
    return [...sampled, ...optimised]
  }
}

function facts(
  { name, line, column }: Pick<SampledFunction, 'name' | 'line' | 'column'>,
  position: number | null,
  found: Located | undefined,
): Omit<HotFunction, 'module' | 'selfMs' | 'samples'> {
  return {
    name,
    line,
    column,
    position,
    length: found?.source.length ?? null,
    sourceHash: found === undefined ? null : sha256(found.source),
    ...(found === undefined ? {} : { headHash: headHashOf(found.source) }),
    tier: found?.tier ?? null,
  }
}

function keyOf(scriptId: number, position: number | null): string {
  return `${scriptId}:${position ?? -1}`
}

/** Offsets in a text as lines and columns, and back; lines and columns from 1 on. */
class SourcePlaces {
  readonly #lineStarts = [0]

  constructor(source: string) {
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1)
    }
  }

  offsetOf({ line, column }: Pick<SampledFunction, 'line' | 'column'>): number | undefined {
    const start = this.#lineStarts[line - 1]
    return start === undefined ? undefined : start + column - 1
  }

  placeOf(offset: number): { readonly line: number; readonly column: number } {
    let low = 0
    let high = this.#lineStarts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 }
  }
}

/** Live functions of the recorded modules with the highest tier among their closures, by script and position in the file. */
function locate(
  roots: readonly unknown[],
  live: () => readonly unknown[],
  scripts: ReadonlyMap<number, ParsedScript>,
  moduleOf: ReadonlyMap<string, number>,
): Map<string, Located> {
  const located = new Map<string, Located>()
  const natives = openNatives()
  if (natives === undefined) return located
  const scriptOf = ({ scriptId }: FunctionLocation): ParsedScript | undefined => {
    const script = scripts.get(scriptId)
    return script !== undefined && moduleOf.has(script.file) ? script : undefined
  }
  const earlier = readTiers(natives, roots, (place) => scriptOf(place) !== undefined)
  for (const value of live()) {
    const place = natives.locate(value)
    const script = place === undefined ? undefined : scriptOf(place)
    if (place === undefined || script === undefined) continue
    const { scriptId, source } = place
    const position = place.position - script.shift()
    const key = keyOf(scriptId, position)
    const now = natives.tierOf(value) ?? 'ignition'
    const tier = higherTier(now, earlier.get(placeOf(place)) ?? now)
    const known = located.get(key)
    if (known === undefined) {
      located.set(key, { name: nameOf(value as object), scriptId, position, source, tier })
    } else known.tier = higherTier(tier, known.tier)
  }
  return located
}

/** Without running a getter of the application. */
function nameOf(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value
  return typeof name === 'string' ? name : ''
}
