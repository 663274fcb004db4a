/** Microseconds are the unit: nothing that a client measures is finer. */
const microsPerMs = 1000
/** Buckets per doubling: each is narrower than 1 % of what it holds, which is two significant digits. */
const half = 128

/** Plain data, so that it can be sent as JSON; {@link latencyHistogram} and {@link mergeHistograms} make it. */
export interface LatencyHistogram {
  /** Latencies of each bucket that has any, by its index, ascending. */
  readonly buckets: readonly (readonly [index: number, count: number])[]
  readonly count: number
  /** Exact; NaN without latencies. */
  readonly minMs: number
  readonly maxMs: number
}

/**
 * How often which latency occurred, ms, to two significant digits. Log-linear buckets as those of HdrHistogram (Gil Tene,
 * hdrhistogram.org, public domain): every microsecond one up to 256, then 128 to each doubling.
 */
export function latencyHistogram(latenciesMs: ArrayLike<number>): LatencyHistogram {
  const counts = new Map<number, number>()
  let minMs = NaN
  let maxMs = NaN
  for (const latency of Array.from(latenciesMs)) {
    const index = bucketOf(latency)
    counts.set(index, (counts.get(index) ?? 0) + 1)
    // Comparisons with NaN are false.
    if (!(minMs <= latency)) minMs = latency
    if (!(maxMs >= latency)) maxMs = latency
  }
  return { buckets: ascending(counts), count: latenciesMs.length, minMs, maxMs }
}

/** That of all runs together. */
export function mergeHistograms(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const counts = new Map<number, number>()
  for (const [index, count] of histograms.flatMap(({ buckets }) => buckets)) {
    counts.set(index, (counts.get(index) ?? 0) + count)
  }
  const filled = histograms.filter(({ count }) => count > 0)
  return {
    buckets: ascending(counts),
    count: filled.reduce((sum, { count }) => sum + count, 0),
    minMs: filled.length === 0 ? NaN : Math.min(...filled.map(({ minMs }) => minMs)),
    maxMs: filled.length === 0 ? NaN : Math.max(...filled.map(({ maxMs }) => maxMs)),
  }
}

/**
 * The latency, ms, that a share `p` of all does not exceed, as the middle of its bucket, which is within 0.4 % or half a
 * microsecond; the ends are exact. NaN without latencies.
 */
export function histogramQuantile(histogram: LatencyHistogram, p: number): number {
  const { buckets, count, minMs, maxMs } = histogram
  const rank = Math.ceil(p * count)
  if (count === 0 || rank <= 1) return minMs
  if (rank >= count) return maxMs
  let seen = 0
  for (const [index, size] of buckets) {
    seen += size
    if (seen >= rank) {
      const { fromMs, toMs } = bucketRange(index)
      return Math.min(maxMs, Math.max(minMs, (fromMs + toMs) / 2))
    }
  }
  return maxMs
}

/** What the bucket holds: latencies from `fromMs` on, below `toMs`. */
export function bucketRange(index: number): { readonly fromMs: number; readonly toMs: number } {
  const doublings = Math.max(0, Math.floor(index / half) - 1)
  const width = 2 ** doublings
  const from = (index - doublings * half) * width
  return { fromMs: from / microsPerMs, toMs: (from + width) / microsPerMs }
}

function bucketOf(latencyMs: number): number {
  const micros = Math.max(0, Math.floor(latencyMs * microsPerMs))
  if (micros < 2 * half) return micros
  const doublings = Math.floor(Math.log2(micros)) - Math.log2(half)
  return doublings * half + Math.floor(micros / 2 ** doublings)
}

function ascending(counts: ReadonlyMap<number, number>): LatencyHistogram['buckets'] {
  return [...counts].sort(([one], [other]) => one - other)
}
