import { sha256 } from '../formats/hash.ts'
import { uniteEffects, untaped } from '../formats/effects.ts'
import { mostKept } from '../formats/most-kept.ts'
import type { Exchange, Exemplar, LedgerEntry, Requests } from '../formats/profile.ts'
import type { LiveObservation } from './effects.ts'
import type { Taped } from './observation.ts'
import type { TrialResult } from './trial.ts'

export interface LedgerSections {
  readonly ledger: LedgerEntry[]
  readonly tapes: Exchange[]
}

/** Puts together what was seen of every exemplar while clients were answered and what the trial has shown. */
export function writeLedger(
  requests: Requests,
  live: ReadonlyMap<Exemplar, LiveObservation>,
  tried: ReadonlyMap<Exemplar, TrialResult>,
): LedgerSections {
  const ledger: LedgerEntry[] = []
  const tapes: Exchange[] = []
  let bytesLeft = mostKept.tapeBytes
  requests.routes.forEach(({ exemplars }, route) => {
    exemplars.forEach((exemplar, index) => {
      const place = { route, exemplar: index }
      const seen = live.get(exemplar)
      const result = tried.get(exemplar)
      const observations = [
        ...(seen === undefined ? [] : [seen.observation]),
        ...(result?.observations ?? []),
      ]
      const taped = distinct(observations.flatMap(({ exchanges }) => exchanges))
      const bytes = taped.reduce((sum, { body }) => sum + body.length, 0)
      const hasRoom = bytes <= bytesLeft
      if (hasRoom) bytesLeft -= bytes
      const effects = uniteEffects([
        ...(seen?.observation.effects() ?? []),
        ...(result?.effects ?? []),
      ])
      ledger.push({
        ...place,
        outcome: outcomeOf(seen, result),
        status: result?.status ?? null,
        effects: hasRoom ? effects : effects.map(untaped),
        note: result?.note ?? '',
      })
      if (hasRoom) tapes.push(...taped.map((exchange) => ({ ...place, ...exchange })))
    })
  })
  return { ledger, tapes }
}

function outcomeOf(
  seen: LiveObservation | undefined,
  result: TrialResult | undefined,
): LedgerEntry['outcome'] {
  if (result !== undefined && result.outcome !== 'untried') return result.outcome
  return seen?.isQuiet === true ? 'observed' : 'untried'
}

function distinct(exchanges: readonly Taped[]): Taped[] {
  return [
    ...new Map(
      exchanges.map((each) => [
        `${each.method} ${each.url} ${each.status} ${sha256(each.body)}`,
        each,
      ]),
    ).values(),
  ]
}
