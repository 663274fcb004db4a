import { sha256 } from '../formats/hash.ts'
import { effectName, type Effect } from '../formats/effects.ts'
import type { Exchange, Exemplar, LedgerEntry, Requests } from '../formats/profile.ts'
import type { LiveObservation } from './effects.ts'
import type { Taped } from './observation.ts'
import type { TrialResult } from './trial.ts'

/** All tapes together; far below what a section of a profile may hold. */
const maxTapeBytes = 16 * 1024 * 1024

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
  let bytesLeft = maxTapeBytes
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
      const effects = merge([...(seen?.observation.effects() ?? []), ...(result?.effects ?? [])])
      ledger.push({
        ...place,
        outcome: outcomeOf(seen, result),
        status: result?.status ?? null,
        effects: hasRoom ? effects : effects.map(withoutTape),
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

/** Every effect once; a call that was taped at least once is a taped one. */
function merge(effects: readonly Effect[]): Effect[] {
  const byName = new Map(effects.map((effect) => [effectName(effect), effect]))
  return [...byName.values()].filter(
    (effect) =>
      effect.kind !== 'http' ||
      effect.access === 'taped' ||
      !byName.has(effectName({ ...effect, access: 'taped' })),
  )
}

function withoutTape(effect: Effect): Effect {
  return effect.access === 'taped' ? { ...effect, access: 'unknown' } : effect
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
