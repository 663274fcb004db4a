import type { Reason } from '../../formats/reasons.ts'
import type { RunReport, UnitCounts } from '../../formats/report.ts'
import { sum } from '../grouping.ts'

/** Units of one kind: what the profile offered of them, and what became of it. */
export interface AppliedKind {
  readonly kind: (typeof kinds)[number]['kind']
  readonly applied: number
  /** Without what is held out. */
  readonly offered: number
  /** Most frequent first. */
  readonly skipped: readonly { readonly reason: Reason; readonly count: number }[]
}

const kinds = [
  { kind: 'code caches', of: (report: RunReport): UnitCounts => report.codeCache },
  { kind: 'late modules', of: (report: RunReport): UnitCounts => report.preload },
  { kind: 'requests', of: (report: RunReport): UnitCounts => report.rehearsal },
  { kind: 'optimised functions', of: (report: RunReport): UnitCounts => report.tierUp },
  { kind: 'calls of work', of: (report: RunReport): UnitCounts => report.work },
] as const

/** By kind; those that the profile has nothing of are left out. */
export function appliedKinds(report: RunReport): AppliedKind[] {
  return kinds
    .map(({ kind, of }) => {
      const { applied, skipped } = of(report)
      const rest = (Object.entries(skipped) as [Reason, number][])
        .filter(([reason]) => reason !== 'HELD_OUT')
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => b.count - a.count)
      return { kind, applied, offered: applied + sum(rest, ({ count }) => count), skipped: rest }
    })
    .filter(({ offered }) => offered > 0)
}

/** 0 to 1, of the units of all kinds together; null: there are none, or the start was cold and nobody has counted them. */
export function appliedShare(applied: readonly AppliedKind[]): number | null {
  const offered = sum(applied, (kind) => kind.offered)
  return offered === 0 ? null : sum(applied, (kind) => kind.applied) / offered
}
