/** Microseconds are the unit: nothing that a client measures is finer. */
const microsPerMs = 1000
/** Buckets per doubling: each is narrower than 1 % of what it holds, which is two significant digits. */
const half = 128

/**
 * How many latencies (ms) are in each bucket that has any, by its index, ascending. Log-linear buckets as those of HdrHistogram
 * (Gil Tene, hdrhistogram.org, public domain): every microsecond one up to 256, then 128 to each doubling.
 */
export function latencyHistogram(
  latenciesMs: ArrayLike<number>,
): readonly (readonly [index: number, count: number])[] {
  const counts = new Map<number, number>()
  for (const latency of Array.from(latenciesMs)) {
    const index = bucketOf(latency)
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  return [...counts].sort(([one], [other]) => one - other)
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
