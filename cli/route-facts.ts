import { effectName } from '../formats/effects.ts'
import type { Exchange, LedgerEntry } from '../formats/profile.ts'
import { groupBy, sum } from './grouping.ts'

/** How many requests had which outcome in the trial. */
export function outcomesOf(
  ledger: readonly LedgerEntry[],
): Readonly<Partial<Record<LedgerEntry['outcome'], number>>> {
  return Object.fromEntries(
    [...groupBy(ledger, ({ outcome }) => outcome)].map(([outcome, group]) => [
      outcome,
      group.length,
    ]),
  )
}

/** How many requests had an effect, by its name; the most frequent first. */
export function effectsOf(ledger: readonly LedgerEntry[]): ReadonlyMap<string, number> {
  const names = ledger.flatMap(({ effects }) => [...new Set(effects.map(effectName))])
  const counts = [...groupBy(names, (name) => name)].map(
    ([name, group]) => [name, group.length] as const,
  )
  return new Map(counts.sort(([, a], [, b]) => b - a))
}

/** Recorded answers of outbound calls, and the bytes of their bodies. */
export function tapesOf(tapes: readonly Exchange[]): { count: number; bytes: number } {
  return { count: tapes.length, bytes: sum(tapes, ({ body }) => body.length) }
}
