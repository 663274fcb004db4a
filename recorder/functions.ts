import { sha256 } from '../formats/hash.ts'
import type { HotFunction, Tier } from '../formats/profile.ts'
import { openNatives } from '../runtime/natives.ts'
import type { ParsedScript } from './inspection.ts'
import type { SampledFunction, Samples } from './profilers/profiler.ts'

const maxFunctions = 2000
const tierOrder: readonly Tier[] = ['ignition', 'sparkplug', 'maglev', 'turbofan']

interface Hot {
  readonly fn: SampledFunction
  samples: number
  selfMs: number
}

interface Located {
  readonly hash: string
  readonly length: number
  tier: Tier
}

/** Adds up the samples of all windows, by function. */
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

  /** The section of the profile, hottest first. */
  finish(
    scripts: ReadonlyMap<number, ParsedScript>,
    moduleOf: ReadonlyMap<string, number>,
    live: readonly unknown[],
  ): HotFunction[] {
    const hottest = [...this.#hot.values()]
      .sort((a, b) => b.samples - a.samples)
      .slice(0, maxFunctions)
    const positions = hottest.map(({ fn }) => positionOf(fn, scripts.get(fn.scriptId)))
    const located = locate(hottest, positions, scripts, live)
    return hottest.flatMap(({ fn, samples, selfMs }, index) => {
      const script = scripts.get(fn.scriptId)
      const module = script === undefined ? undefined : moduleOf.get(script.file)
      if (module === undefined) return []
      const position = positions[index] ?? null
      const found = position === null ? undefined : located.get(`${fn.scriptId}:${position}`)
      return {
        module,
        name: fn.name,
        line: fn.line,
        column: fn.column,
        position,
        length: found?.length ?? null,
        sourceHash: found?.hash ?? null,
        selfMs,
        samples,
        tier: found?.tier ?? null,
      }
    })
  }
}

/** Offset in the file of the opening parenthesis, which is the point that V8 gives as line and column. */
function positionOf(fn: SampledFunction, script: ParsedScript | undefined): number | undefined {
  if (script === undefined) return undefined
  const source = script.source()
  let start = 0
  for (let line = 1; line < fn.line; line++) {
    start = source.indexOf('\n', start) + 1
    if (start === 0) return undefined
  }
  return start + fn.column - 1
}

/** Source and highest tier of the hot functions that are alive, by script and position in the file. */
function locate(
  hottest: readonly Hot[],
  positions: readonly (number | undefined)[],
  scripts: ReadonlyMap<number, ParsedScript>,
  live: readonly unknown[],
): Map<string, Located> {
  const located = new Map<string, Located>()
  const natives = openNatives()
  if (natives === undefined) return located
  const wanted = new Set(hottest.map(({ fn }, index) => `${fn.scriptId}:${positions[index] ?? -1}`))
  for (const value of live) {
    const place = natives.locate(value)
    const script = place === undefined ? undefined : scripts.get(place.scriptId)
    if (place === undefined || script === undefined) continue
    const key = `${place.scriptId}:${place.position - script.shift()}`
    if (!wanted.has(key)) continue
    const tier = natives.tierOf(value) ?? 'ignition'
    const known = located.get(key)
    if (known === undefined) {
      located.set(key, { hash: sha256(place.source), length: place.source.length, tier })
    } else if (tierOrder.indexOf(tier) > tierOrder.indexOf(known.tier)) known.tier = tier
  }
  return located
}
