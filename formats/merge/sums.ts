import type { Recording } from './recording.ts'
import type { Group } from './unite.ts'

/** Counts of all members by the weights of their recordings, rounded. */
export function addCounts<T>(
  group: Iterable<{ readonly of: Recording; readonly entry: T }>,
  countOf: (entry: T) => number,
): number {
  let total = 0
  for (const { of, entry } of group) total += Math.round(countOf(entry) * of.weight)
  return Math.min(total, Number.MAX_SAFE_INTEGER)
}

/** The same for durations, which are not rounded. */
export function addAmounts<T>(group: Group<T>, amountOf: (entry: T) => number): number {
  let total = 0
  for (const { of, entry } of group) total += amountOf(entry) * of.weight
  return Math.min(total, Number.MAX_VALUE)
}
