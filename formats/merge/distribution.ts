import type { Distribution } from '../profile.ts'
import { addCounts } from './sums.ts'
import type { Group } from './unite.ts'

type Quantile = 'p50Ms' | 'p90Ms' | 'p99Ms'

/** A distribution as a cumulative one: shares of requests up to a latency, ascending in both, straight lines between. */
type Curve = readonly { readonly ms: number; readonly share: number }[]

interface Weighted {
  readonly curve: Curve
  /** Part of all requests, 0 to 1. */
  readonly weight: number
  readonly distribution: Distribution
}

/**
 * Several distributions as the one of all their requests. `count`, `meanMs` and `maxMs` are what they would be if each
 * request had been kept. Quantiles are estimates: what lies between 0 ms and the recorded quantiles of each is taken as
 * spread evenly, the shares of all are added by their counts, and the latency is read off where they reach the quantile. It
 * is always between the smallest and the largest of the recorded ones, and exact where these are equal.
 */
export function combine<T>(
  group: Group<T>,
  distributionOf: (entry: T) => Distribution,
): Distribution {
  const counted = group
    .map(({ of, entry }) => ({ distribution: distributionOf(entry), weight: of.weight }))
    .filter(({ distribution }) => distribution.count > 0)
  const total = counted.reduce((sum, each) => sum + each.distribution.count * each.weight, 0)
  const parts = counted.map(({ distribution, weight }) => ({
    curve: curveOf(distribution),
    weight: (distribution.count * weight) / total,
    distribution,
  }))
  const mean = parts.reduce((sum, part) => sum + part.distribution.meanMs * part.weight, 0)
  return {
    count: addCounts(group, (entry) => distributionOf(entry).count),
    meanMs: within(mean, parts, 'meanMs'),
    p50Ms: quantile(parts, 'p50Ms', 0.5),
    p90Ms: quantile(parts, 'p90Ms', 0.9),
    p99Ms: quantile(parts, 'p99Ms', 0.99),
    maxMs: parts.reduce((most, { distribution }) => Math.max(most, distribution.maxMs), 0),
  }
}

function curveOf({ p50Ms, p90Ms, p99Ms, maxMs }: Distribution): Curve {
  let ms = 0
  return [
    { ms: 0, share: 0 },
    ...[
      { at: p50Ms, share: 0.5 },
      { at: p90Ms, share: 0.9 },
      { at: p99Ms, share: 0.99 },
      { at: maxMs, share: 1 },
    ].map(({ at, share }) => ({ ms: (ms = Math.max(ms, at)), share })),
  ]
}

function quantile(parts: readonly Weighted[], name: Quantile, share: number): number {
  const steps = parts.flatMap(({ curve }) => curve.map(({ ms }) => ms)).sort((a, b) => a - b)
  let before = 0
  for (const ms of steps) {
    if (shareUpTo(parts, ms) < share) before = ms
    else return within(between(parts, before, ms, share), parts, name)
  }
  return within(before, parts, name)
}

/** Where a share is reached between two neighbouring steps, the second of which is beyond it or at it. */
function between(parts: readonly Weighted[], before: number, ms: number, share: number): number {
  const start = shareUpTo(parts, before)
  const end = shareBelow(parts, ms)
  // All at once, at `ms`.
  if (end <= share || end <= start) return ms
  return before + (ms - before) * ((share - start) / (end - start))
}

function shareUpTo(parts: readonly Weighted[], ms: number): number {
  return parts.reduce((sum, { curve, weight }) => sum + weight * read(curve, ms, true), 0)
}

function shareBelow(parts: readonly Weighted[], ms: number): number {
  return parts.reduce((sum, { curve, weight }) => sum + weight * read(curve, ms, false), 0)
}

/** @param withIt - whether what is at `ms` counts, where a curve rises at once */
function read(curve: Curve, ms: number, withIt: boolean): number {
  const after = curve.findIndex((point) => (withIt ? point.ms > ms : point.ms >= ms))
  const to = curve[after]
  const from = curve[after - 1]
  if (to === undefined) return 1
  if (from === undefined) return 0
  return from.share + (to.share - from.share) * ((ms - from.ms) / (to.ms - from.ms))
}

function within(value: number, parts: readonly Weighted[], name: Quantile | 'meanMs'): number {
  const recorded = parts.map(({ distribution }) => distribution[name])
  if (recorded.length === 0) return 0
  return Math.min(Math.max(value, Math.min(...recorded)), Math.max(...recorded))
}
