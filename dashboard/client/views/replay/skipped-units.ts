import type { RunReport, SkippedUnit } from '../../../../formats/report.ts'
import { partsOf } from './unit-counts.ts'

export interface SkippedFilter {
  /** Any part of the unit, its reason or its detail, in whatever case. */
  readonly text: string
  /** Empty: all. */
  readonly reason: string
}

export function filterSkipped(
  skipped: readonly SkippedUnit[],
  { text, reason }: SkippedFilter,
): readonly SkippedUnit[] {
  const wanted = text.trim().toLowerCase()
  return skipped.filter(
    (each) =>
      (reason === '' || each.reason === reason) &&
      [each.unit, each.reason, each.detail ?? ''].some((part) =>
        part.toLowerCase().includes(wanted),
      ),
  )
}

/** Reasons that stand in the list, with how often; the most frequent first. */
export function reasonsIn(
  skipped: readonly SkippedUnit[],
): readonly (readonly [reason: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

/** How many units were left out and are not named: more than a report lists, or held out on purpose. */
export function unnamedOf(report: RunReport): number {
  const counted = partsOf(report).reduce((total, part) => total + part.total - part.applied, 0)
  return Math.max(0, counted - report.skipped.length)
}
