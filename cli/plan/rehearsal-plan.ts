import { effectName, type Effect } from '../../formats/effects.ts'
import { mayHappen, refusalOf, type Policy } from '../../formats/policy.ts'
import type { LedgerEntry, Profile, RouteRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import { groupBy, sum } from '../grouping.ts'
import { adviceFor, type Advice } from './advice.ts'

/** Recorded requests of one route that are not rehearsed for the same reason. */
export interface RefusedGroup extends Advice {
  readonly reason: Reason
  /** What it is about, where the reason alone does not say; empty otherwise. */
  readonly detail: string
  readonly exemplars: number
}

export interface RoutePlan {
  /** Index of its server in the profile. */
  readonly server: number
  readonly method: string
  readonly route: string
  /** Seen while recording. */
  readonly requests: number
  /** Part of all requests, 0 to 1. */
  readonly share: number
  /** Its distinct recorded requests. */
  readonly exemplars: {
    readonly rehearsed: number
    readonly refused: number
    /** Kept for `prewarm compare`. */
    readonly heldOut: number
  }
  /** What they do besides answering, by name. */
  readonly effects: readonly { readonly name: string; readonly allowed: boolean }[]
  readonly refused: readonly RefusedGroup[]
}

/** What the replayer would make of the requests of a profile. */
export interface RehearsalPlan {
  readonly policy: Policy
  /** Part of all requests that went to a route of which one request at least is rehearsed, 0 to 1. */
  readonly rehearsedShare: number
  /** The most frequent first. */
  readonly routes: readonly RoutePlan[]
}

export function planRehearsal(
  { requests: { routes }, ledger }: Pick<Profile, 'requests' | 'ledger'>,
  policy: Policy,
): RehearsalPlan {
  const total = sum(routes, ({ count }) => count)
  const entries = groupBy(ledger, ({ route }) => route)
  const plans = routes
    .map((route, index) => planRoute(route, entries.get(index) ?? [], total, policy))
    .sort((a, b) => b.requests - a.requests)
  const rehearsed = plans.filter(({ exemplars }) => exemplars.rehearsed > 0)
  return {
    policy,
    rehearsedShare: total === 0 ? 0 : sum(rehearsed, ({ requests }) => requests) / total,
    routes: plans,
  }
}

function planRoute(
  route: RouteRecord,
  ledger: readonly LedgerEntry[],
  total: number,
  policy: Policy,
): RoutePlan {
  const entries = new Map(ledger.map((entry) => [entry.exemplar, entry]))
  const refused: RefusedGroup[] = []
  let rehearsed = 0
  let heldOut = 0
  for (const [index, exemplar] of route.exemplars.entries()) {
    const entry = entries.get(index)
    const refusal = refusalOf(route, exemplar, entry, policy)
    if (refusal === undefined) rehearsed++
    else if (refusal.reason === 'HELD_OUT') heldOut++
    else {
      const advice = adviceFor(refusal, route, exemplar, entry, policy)
      refused.push({ ...refusal, ...advice, exemplars: 1 })
    }
  }
  return {
    server: route.server,
    method: route.method,
    route: route.route,
    requests: route.count,
    share: total === 0 ? 0 : route.count / total,
    exemplars: { rehearsed, refused: refused.length, heldOut },
    effects: distinctEffects(ledger).map((effect) => {
      return { name: effectName(effect), allowed: mayHappen(effect, policy) }
    }),
    refused: [...groupBy(refused, (one) => JSON.stringify(one)).values()].flatMap(
      ([first, ...others]) =>
        first === undefined ? [] : [{ ...first, exemplars: 1 + others.length }],
    ),
  }
}

function distinctEffects(ledger: readonly LedgerEntry[]): Effect[] {
  const effects = ledger.flatMap((entry) => entry.effects)
  return [...new Map(effects.map((effect) => [effectName(effect), effect])).values()]
}
