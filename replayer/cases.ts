import { refusalOf, type Policy } from '../formats/policy.ts'
import type { Exchange, LedgerEntry, Requests, WorkRecord } from '../formats/profile.ts'
import { deadlineMsOf, prepareRequest, type PreparedRequest } from '../runtime/prepared-request.ts'
import type { RehearsalHeader } from '../runtime/rehearsal-header.ts'
import { EffectGuard, mayConnect } from './effect-guard.ts'
import type { Units } from './units.ts'

const maxVisitsPerRound = 4
/** A route with less than this part of an even share of the traffic is left out of some rounds. */
const rareShare = 0.1
export const maxRoundsBetween = 20

/** One recorded request, ready to be sent. */
export interface Case extends PreparedRequest {
  readonly name: string
  readonly status: number
  /** How long an answer may take. */
  readonly deadlineMs: number
  readonly guard: EffectGuard
}

/** What a profile knows of what was recorded. */
export interface Recorded {
  readonly requests: Requests
  readonly ledger: readonly LedgerEntry[]
  readonly tapes: readonly Exchange[]
  readonly work: readonly WorkRecord[]
}

/** Whether there is a recorded request or call that may use a database. */
export function opensSockets(
  { ledger, work }: Pick<Recorded, 'ledger' | 'work'>,
  policy: Policy,
): boolean {
  return mayConnect([...ledger, ...work.flatMap(({ samples }) => samples)], policy)
}

/** The cases of one route: every so many rounds it is visited so often, and its cases take turns. */
export interface RouteCases {
  readonly everyRounds: number
  readonly visits: number
  readonly cases: Case[]
}

/**
 * What may be rehearsed on one server; what may not is counted in `units`.
 *
 * @param mark - what every request is marked with, where the application wants to see it
 */
export function selectCases(
  recorded: Recorded,
  server: number,
  policy: Policy,
  units: Units,
  mark?: RehearsalHeader,
): RouteCases[] {
  const { requests, ledger, tapes } = recorded
  const entries = new Map(ledger.map((entry) => [placeOf(entry), entry]))
  const exchanges = new Map<string, Exchange[]>()
  for (const exchange of tapes) {
    const place = placeOf(exchange)
    exchanges.set(place, [...(exchanges.get(place) ?? []), exchange])
  }
  const canConnect = opensSockets(recorded, policy)
  const routes = requests.routes.filter((route) => route.server === server)
  const total = routes.reduce((sum, route) => sum + route.count, 0)
  const selected: RouteCases[] = []
  for (const [index, route] of requests.routes.entries()) {
    if (route.server !== server) continue
    const cases: Case[] = []
    for (const [number, exemplar] of route.exemplars.entries()) {
      const place = placeOf({ route: index, exemplar: number })
      const refusal = refusalOf(route, exemplar, entries.get(place), policy)
      const name = `${route.method} ${exemplar.url}`
      if (refusal !== undefined) units.skip(name, refusal.reason, refusal.detail)
      else {
        const guard = new EffectGuard(policy, canConnect, exchanges.get(place) ?? [])
        cases.push({
          ...prepareRequest(route, exemplar, mark),
          name,
          status: exemplar.status,
          deadlineMs: deadlineMsOf(route.cold),
          guard,
        })
      }
    }
    // 1 is an even share of the traffic.
    const share = (route.count / total) * routes.length
    if (cases.length > 0) {
      selected.push({
        everyRounds: Math.min(maxRoundsBetween, Math.ceil(Math.max(1, rareShare / share))),
        visits: Math.min(maxVisitsPerRound, Math.max(1, Math.round(share))),
        cases,
      })
    }
  }
  return selected
}

function placeOf({ route, exemplar }: Pick<LedgerEntry, 'route' | 'exemplar'>): string {
  return `${route}/${exemplar}`
}
