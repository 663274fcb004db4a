/** One function of a CPU profile, positions 1-based, as V8 counts them in the file. */
export interface SampledFunction {
  readonly scriptId: number
  /** `file:` URL or path; empty for native frames. */
  readonly url: string
  readonly name: string
  readonly line: number
  readonly column: number
}

export interface Samples {
  add(fn: SampledFunction, hits: number, msPerHit: number): void
}

/**
 * A sampling profiler that is never off between two windows. V8's profiler loses functions that were optimised before it
 * started, and a new window must therefore begin before the last one ends.
 */
export interface CpuProfiler {
  readonly name: 'inspector' | 'v8-profiler-next'
  start(): void
  /** Begins the next window, then ends the current one. */
  rotate(samples: Samples): void
  stop(samples: Samples): void
}

export function windowTitle(window: number): string {
  return `prewarm ${window}`
}
