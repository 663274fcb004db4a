import type { RouteRecord } from '../../formats/profile.ts'
import type { Config } from '../config.ts'

/** What stage 4 does besides plain rounds. */
export interface Levers {
  readonly thresholds: boolean
  readonly natives: boolean
}

const none: Levers = { thresholds: false, natives: false }
const both: Levers = { thresholds: true, natives: true }

/** What a rehearsal has to have room for. */
interface Room {
  /** At steady latency: with fewer, compiling takes the time of the rounds, and is not done when the port opens. */
  readonly rounds: number
  /** Compiling takes its time, however short the rounds are. */
  readonly budgetMs: number
}

/** From what on both levers pay, by V8; where one is missing they do not. docs/decisions/005-tier-up.md */
const paying: Readonly<Record<string, Room>> = {
  '12.4': { rounds: 400, budgetMs: 0 },
  '13.6': { rounds: 100, budgetMs: 0 },
  '14.6': { rounds: 100, budgetMs: 2000 },
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
  return budgetMs >= known.budgetMs && budgetMs / roundMs >= known.rounds ? both : none
}
