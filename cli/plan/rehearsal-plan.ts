import { effectName, type Effect } from '../../formats/effects.ts'
import { mayHappen, refusalOf, refusalOfCall, type Policy } from '../../formats/policy.ts'
import type { LedgerEntry, Profile, RouteRecord, WorkRecord } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import { groupBy, sum } from '../grouping.ts'
import { adviceFor, adviceForCall, type Advice } from './advice.ts'

/** Recorded requests of one route, or calls of one name, that are not rehearsed for the same reason. */
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
  readonly effects: readonly PlannedEffect[]
  readonly refused: readonly RefusedGroup[]
}

/** Work that is not HTTP, by the name that the application has for it. */
export interface WorkPlan {
  readonly name: string
  /** Calls seen while recording. */
  readonly calls: number
  /** Its distinct recorded calls. */
  readonly samples: { readonly rehearsed: number; readonly refused: number }
  readonly effects: readonly PlannedEffect[]
  readonly refused: readonly RefusedGroup[]
}

export interface PlannedEffect {
  readonly name: string
  readonly allowed: boolean
}

/** What the replayer would make of the requests and the work of a profile. */
export interface RehearsalPlan {
  readonly policy: Policy
  /**
   * Part of all requests that went to a route of which one request at least is rehearsed, 0 to 1. The same of calls of work
   * where no requests were recorded.
   */
  readonly rehearsedShare: number
  /** The most frequent first. */
  readonly routes: readonly RoutePlan[]
  /** The most frequent first. */
  readonly work: readonly WorkPlan[]
}

export function planRehearsal(
  { requests: { routes }, ledger, work }: Pick<Profile, 'requests' | 'ledger' | 'work'>,
  policy: Policy,
): RehearsalPlan {
  const total = sum(routes, ({ count }) => count)
  const entries = groupBy(ledger, ({ route }) => route)
  const plans = routes
    .map((route, index) => planRoute(route, entries.get(index) ?? [], total, policy))
    .sort((a, b) => b.requests - a.requests)
  const workPlans = work.map((each) => planWork(each, policy)).sort((a, b) => b.calls - a.calls)
  const shareOfRequests = shareOf(
    plans,
    ({ requests }) => requests,
    ({ exemplars }) => exemplars.rehearsed > 0,
  )
  const shareOfCalls = shareOf(
    workPlans,
    ({ calls }) => calls,
    ({ samples }) => samples.rehearsed > 0,
  )
  return {
    policy,
    rehearsedShare: routes.length === 0 ? shareOfCalls : shareOfRequests,
    routes: plans,
    work: workPlans,
  }
}

function shareOf<T>(
  plans: readonly T[],
  countOf: (plan: T) => number,
  isRehearsed: (plan: T) => boolean,
): number {
  const total = sum(plans, countOf)
  return total === 0 ? 0 : sum(plans.filter(isRehearsed), countOf) / total
}

function planWork({ name, count, samples }: WorkRecord, policy: Policy): WorkPlan {
  const refused = samples.flatMap((sample): RefusedGroup[] => {
    const refusal = refusalOfCall(name, sample, policy)
    if (refusal === undefined) return []
    return [{ ...refusal, ...adviceForCall(refusal, name, sample, policy), exemplars: 1 }]
  })
  return {
    name,
    calls: count,
    samples: { rehearsed: samples.length - refused.length, refused: refused.length },
    effects: plannedEffects(samples, policy),
    refused: grouped(refused),
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
    effects: plannedEffects(ledger, policy),
    refused: grouped(refused),
  }
}

function plannedEffects(
  seen: readonly { readonly effects: readonly Effect[] }[],
  policy: Policy,
): PlannedEffect[] {
  const byName = new Map(
    seen.flatMap(({ effects }) => effects).map((effect) => [effectName(effect), effect]),
  )
  return [...byName].map(([name, effect]) => ({ name, allowed: mayHappen(effect, policy) }))
}

/** One for all that are alike. */
function grouped(refused: readonly RefusedGroup[]): RefusedGroup[] {
  return [...groupBy(refused, (one) => JSON.stringify(one)).values()].flatMap(
    ([first, ...others]) =>
      first === undefined ? [] : [{ ...first, exemplars: 1 + others.length }],
  )
}
