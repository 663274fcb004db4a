import type { LatencyWindow } from '../../api.ts'

/** Bars of a histogram: equally wide on a logarithmic axis. */
export interface Bin {
  /** Middle of the bar, ms. */
  readonly x: number
  /** Of all values, percent. */
  readonly y: number
}

const binsPerDecade = 10

/**
 * Latencies of some windows together, as shares in bins that are the same for every arm. What the windows have in buckets goes to
 * the bin of its upper bound; buckets are narrower than bins.
 */
export function binsOf(windows: readonly LatencyWindow[]): readonly Bin[] {
  const counts = new Map<number, number>()
  let total = 0
  for (const { histogram } of windows) {
    for (const [upToMs, count] of histogram) {
      if (!(upToMs > 0)) continue
      const bin = Math.ceil(Math.log10(upToMs) * binsPerDecade - 1e-9)
      counts.set(bin, (counts.get(bin) ?? 0) + count)
      total += count
    }
  }
  if (total === 0) return []
  const first = Math.min(...counts.keys()) - 1
  const last = Math.max(...counts.keys()) + 1
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    x: 10 ** ((first + index - 0.5) / binsPerDecade),
    y: (100 * (counts.get(first + index) ?? 0)) / total,
  }))
}
