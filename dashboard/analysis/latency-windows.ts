import { quantileOfSorted } from './quantile.ts'
import type { RunSample } from './warmup-metrics.ts'

/** Latencies of some rounds, ms, all requests of all runs together. */
export interface LatencyWindow {
  /** Index of its first round, from 0. */
  readonly from: number
  /** Index after its last round. */
  readonly to: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Percentiles of every `roundsPerWindow` rounds; the last window may be shorter. As many rounds as the shortest run has. */
export function latencyWindows(
  runs: readonly RunSample[],
  roundsPerWindow: number,
): readonly LatencyWindow[] {
  const rounds =
    runs.length === 0
      ? 0
      : Math.min(...runs.map((run) => Math.floor(run.latenciesMs.length / run.requestCount)))
  const step = Math.max(1, Math.floor(roundsPerWindow))
  return Array.from({ length: Math.ceil(rounds / step) }, (_, window) => {
    const from = window * step
    const to = Math.min(rounds, from + step)
    const parts = runs.map((run) =>
      run.latenciesMs.subarray(from * run.requestCount, to * run.requestCount),
    )
    const sorted = new Float64Array(parts.reduce((size, part) => size + part.length, 0))
    let place = 0
    for (const part of parts) {
      sorted.set(part, place)
      place += part.length
    }
    sorted.sort()
    return {
      from,
      to,
      p50Ms: quantileOfSorted(sorted, 0.5),
      p90Ms: quantileOfSorted(sorted, 0.9),
      p99Ms: quantileOfSorted(sorted, 0.99),
      maxMs: sorted.at(-1) ?? NaN,
    }
  })
}
