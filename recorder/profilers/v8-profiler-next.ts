import { createRequire } from 'node:module'
import { windowTitle, type CpuProfiler, type Samples } from './profiler.ts'

/** The part of the add-on that is used; its own types lack `nodes`. */
interface Addon {
  setGenerateType(type: 0 | 1): void
  setSamplingInterval(micros: number): void
  startProfiling(title: string, recordSamples: boolean): void
  stopProfiling(title: string): AddonProfile
}

interface AddonProfile {
  readonly nodes: readonly {
    readonly hitCount?: number
    readonly callFrame: {
      readonly functionName: string
      readonly scriptId: number | string
      readonly url: string
      readonly lineNumber: number
      readonly columnNumber: number
    }
  }[]
  readonly samples?: readonly number[]
  readonly startTime: number
  readonly endTime: number
  delete(): void
}

/**
 * Undefined where the add-on is not installed or has no binary for this Node: it is an optional dependency, and does not
 * compile on Node 26.
 */
export function loadAddon(): Addon | undefined {
  const require = createRequire(import.meta.url)
  const before = new Set(Object.keys(require.cache))
  try {
    return require('v8-profiler-next') as Addon
  } catch {
    return undefined
  } finally {
    // What it needs, the application may need as well, and load and be recorded with it. Its binary can only be loaded once.
    for (const file of Object.keys(require.cache)) {
      if (!before.has(file) && !file.endsWith('.node')) Reflect.deleteProperty(require.cache, file)
    }
  }
}

export class AddonProfiler implements CpuProfiler {
  readonly name = 'v8-profiler-next'
  readonly #addon: Addon
  #window = 0

  constructor(addon: Addon, samplingMicros: number) {
    this.#addon = addon
    addon.setGenerateType(1)
    addon.setSamplingInterval(samplingMicros)
  }

  start(): void {
    this.#addon.startProfiling(windowTitle(this.#window), true)
  }

  rotate(samples: Samples): void {
    this.#addon.startProfiling(windowTitle(this.#window + 1), true)
    this.#end(samples)
    this.#window++
  }

  stop(samples: Samples): void {
    this.#end(samples)
  }

  #end(samples: Samples): void {
    const profile = this.#addon.stopProfiling(windowTitle(this.#window))
    const count = profile.samples?.length ?? 0
    const msPerHit = count === 0 ? 0 : (profile.endTime - profile.startTime) / 1000 / count
    for (const { callFrame, hitCount = 0 } of profile.nodes) {
      if (hitCount === 0) continue
      samples.add(
        {
          scriptId: Number(callFrame.scriptId),
          url: callFrame.url,
          name: callFrame.functionName,
          line: callFrame.lineNumber,
          column: callFrame.columnNumber,
        },
        hitCount,
        msPerHit,
      )
    }
    profile.delete()
  }
}
