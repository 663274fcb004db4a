import type { Config } from '../config.ts'

/** What stage 4 does besides plain rounds. */
export interface Levers {
  readonly thresholds: boolean
  readonly natives: boolean
}

const none: Levers = { thresholds: false, natives: false }
const natives: Levers = { thresholds: false, natives: true }
const both: Levers = { thresholds: true, natives: true }

/** Enough for hundreds of rounds, and for all that V8 compiles beside them. */
const longBudgetMs = 2_000

/** What pays, by V8 and budget: docs/decisions/005-tier-up.md. */
const paying: Readonly<Record<string, { readonly short: Levers; readonly long: Levers }>> = {
  '11.3': { short: natives, long: both },
  '12.4': { short: none, long: both },
  '13.6': { short: both, long: none },
  '14.6': { short: none, long: both },
}

export function leversOf(
  { tierUp, budgetMs }: Pick<Config, 'tierUp' | 'budgetMs'>,
  v8 = process.versions.v8,
): Levers {
  if (tierUp !== 'auto') {
    return {
      thresholds: tierUp === 'thresholds' || tierUp === 'both',
      natives: tierUp === 'natives' || tierUp === 'both',
    }
  }
  const known = paying[v8.split('.', 2).join('.')]
  return known?.[budgetMs < longBudgetMs ? 'short' : 'long'] ?? none
}
