import type { Config } from '../config.ts'

/** What stage 4 does besides plain rounds. */
export interface Levers {
  readonly thresholds: boolean
  readonly natives: boolean
}

export function leversOf(tierUp: Config['tierUp']): Levers {
  if (tierUp === 'auto') return { thresholds: true, natives: true }
  return {
    thresholds: tierUp === 'thresholds' || tierUp === 'both',
    natives: tierUp === 'natives' || tierUp === 'both',
  }
}
