import type { RunReport, UnitCounts } from '../../../../formats/report.ts'
import { wordsOf, type ReasonKind, type ReasonWords } from './reason-advice.ts'

export type PartName = 'load' | 'codeCache' | 'preload' | 'rehearsal' | 'tierUp' | 'work'

/** What became of the units of one stage. */
export interface PartCounts {
  readonly name: PartName
  readonly title: string
  /** Plural: `code caches`. */
  readonly units: string
  readonly applied: number
  readonly total: number
  /** The most frequent first. */
  readonly skipped: readonly SkippedCount[]
}

export interface SkippedCount {
  readonly words: ReasonWords
  readonly count: number
}

const parts: readonly (readonly [PartName, title: string, units: string])[] = [
  ['load', 'Load pack', 'modules'],
  ['codeCache', 'Code caches', 'code caches'],
  ['preload', 'Late modules', 'late modules'],
  ['rehearsal', 'Requests', 'recorded requests'],
  ['tierUp', 'Optimised functions', 'functions'],
  ['work', 'Other work', 'recorded calls'],
]

/** All stages, those to which the profile offered nothing as well. */
export function partsOf(report: RunReport): readonly PartCounts[] {
  return parts.map(([name, title, units]) => {
    const counts: UnitCounts = report[name] ?? { applied: 0, skipped: {} }
    const skipped = Object.entries(counts.skipped)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => ({ words: wordsOf(reason), count }))
      .sort((a, b) => b.count - a.count)
    const left = skipped.reduce((total, { count }) => total + count, 0)
    return { name, title, units, applied: counts.applied, total: counts.applied + left, skipped }
  })
}

export interface BarPiece {
  readonly kind: 'applied' | ReasonKind
  readonly count: number
  /** Of the whole bar, 0 to 1. */
  readonly from: number
  readonly share: number
}

/** One piece a kind: a bar of fifty reasons could not be read. The table beside it has them all. */
export function piecesOf({ applied, total, skipped }: PartCounts): readonly BarPiece[] {
  const counts = new Map<BarPiece['kind'], number>([['applied', applied]])
  for (const { words, count } of skipped) {
    counts.set(words.kind, (counts.get(words.kind) ?? 0) + count)
  }
  let from = 0
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => {
      const piece = { kind, count, from, share: count / total }
      from += piece.share
      return piece
    })
}

/** Why units were left out that could have been applied: neither on purpose nor because V8 knows better. */
export function unexpectedOf({ skipped }: PartCounts): readonly SkippedCount[] {
  return skipped.filter(({ words }) => words.kind !== 'intended' && words.kind !== 'engine')
}
