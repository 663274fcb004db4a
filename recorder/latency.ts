import type { CurvePoint, Distribution } from '../formats/profile.ts'

const coldCount = 10
const steadyCount = 256
const bucketsPerDoubling = 4
const buckets = 40 * bucketsPerDoubling

/** The latencies of one route, or one kind of work, in constant memory: the first ten, the last 256, and means that grow coarser with time. */
export class RouteLatency {
  readonly #cold: number[] = []
  readonly #recent = new Float64Array(steadyCount)
  readonly #sums = new Float64Array(buckets)
  readonly #counts = new Float64Array(buckets)
  #count = 0
  #untimed = 0

  /** Requests, with those whose latency says nothing. */
  get count(): number {
    return this.#count + this.#untimed
  }

  addUntimed(): void {
    this.#untimed++
  }

  add(ms: number): void {
    if (this.#cold.length < coldCount) this.#cold.push(ms)
    this.#recent[this.#count % steadyCount] = ms
    this.#count++
    const bucket = Math.floor(Math.log2(this.#count) * bucketsPerDoubling)
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + ms
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
  }

  cold(): Distribution {
    return distributionOf(this.#cold)
  }

  steady(): Distribution {
    return distributionOf([...this.#recent.subarray(0, Math.min(this.#count, steadyCount))])
  }

  /** Mean latency by request number, in buckets a quarter of a doubling wide. */
  curve(): CurvePoint[] {
    const points: CurvePoint[] = []
    let first = 1
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = this.#counts[bucket] ?? 0
      if (count === 0) continue
      points.push({ first, count, meanMs: (this.#sums[bucket] ?? 0) / count })
      first += count
    }
    return points
  }
}

function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  const sum = sorted.reduce((total, value) => total + value, 0)
  return {
    count: sorted.length,
    meanMs: sorted.length === 0 ? 0 : sum / sorted.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? 0,
  }
}
