import type { RouteRecord } from '../../formats/profile.ts'
import type { Config } from '../config.ts'

/** What stage 4 does besides plain rounds. */
export interface Levers {
  readonly thresholds: boolean
  readonly natives: boolean
}

const none: Levers = { thresholds: false, natives: false }
const both: Levers = { thresholds: true, natives: true }

/**
 * What pays, by V8, and between how many rounds at steady latency that the budget has room for: with fewer, compiling takes the
 * time of the rounds, and is not done when the port opens. docs/decisions/005-tier-up.md
 */
const paying: Readonly<Record<string, { readonly levers: Levers; readonly rounds: Range }>> = {
  '12.4': { levers: both, rounds: { from: 400, to: Infinity } },
  // Plain rounds leave nothing to be won there sooner.
  '13.6': { levers: both, rounds: { from: 150, to: 600 } },
  '14.6': { levers: both, rounds: { from: 400, to: Infinity } },
}

interface Range {
  readonly from: number
  /** Not included. */
  readonly to: number
}

/** @param routes - those that are rehearsed; one request of each is a round */
export function leversOf(
  { tierUp, budgetMs }: Pick<Config, 'tierUp' | 'budgetMs'>,
  routes: readonly Pick<RouteRecord, 'steady'>[],
  v8 = process.versions.v8,
): Levers {
  if (tierUp !== 'auto') {
    return {
      thresholds: tierUp === 'thresholds' || tierUp === 'both',
      natives: tierUp === 'natives' || tierUp === 'both',
    }
  }
  const roundMs = routes.reduce((sum, { steady }) => sum + steady.p50Ms, 0)
  const known = paying[v8.split('.', 2).join('.')]
  if (known === undefined || roundMs === 0) return none
  const rounds = budgetMs / roundMs
  return rounds >= known.rounds.from && rounds < known.rounds.to ? known.levers : none
}
