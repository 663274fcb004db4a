import { effectName, isRawSocket, type Effect } from './effects.ts'
import type { Exemplar, LedgerEntry, RouteRecord, WorkSample } from './profile.ts'
import type { Reason } from './reasons.ts'

/** What may be rehearsed. The replayer applies it, `prewarm plan` shows what comes of it. */
export interface Policy {
  /** Routes that may be rehearsed in spite of their method: `POST /graphql`. */
  readonly rehearse: readonly string[]
  /** Routes, and names of work, that are never rehearsed: `GET /admin/*`, `send-invoice`. */
  readonly skip: readonly string[]
  /** Raw TCP, databases above all. deny: none; read: what its protocol says is a read; any: all of it. */
  readonly tcp: 'deny' | 'read' | 'any'
  /** Effects that may happen, by name: `redis write *`, `file write /tmp/*`. */
  readonly allow: readonly string[]
}

export const defaultPolicy: Policy = { rehearse: [], skip: [], tcp: 'read', allow: [] }

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Headers, lower case, that belong to the recorded connection and not to the request: whoever sends it sets its own. */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Status of a recorded request whose connection went to another protocol, as that of WebSocket: it is never sent. */
export const switchedProtocols = 101

/** `POST /graphql`: how allow-lists and reports name a route. */
export function routeName(route: Pick<RouteRecord, 'method' | 'route'>): string {
  return `${route.method} ${route.route}`
}

/**
 * Whether requests of a route may be sent without a client having asked: the method is safe (RFC 9110, 9.2.1), or the
 * allow-list names the route.
 */
export function mayBeSent(
  route: Pick<RouteRecord, 'method' | 'route'>,
  allowList: readonly string[],
): boolean {
  return safeMethods.has(route.method) || isListed(routeName(route), allowList)
}

/** Whether an effect may happen while a request is rehearsed. */
export function mayHappen(effect: Effect, policy: Policy): boolean {
  if (effect.access === 'taped') return true
  if (isListed(effectName(effect), policy.allow)) return true
  if (effect.kind === 'dns') return policy.tcp !== 'deny'
  if (!isRawSocket(effect)) return false
  return policy.tcp === 'any' || (policy.tcp === 'read' && effect.access === 'read')
}

export interface Refusal {
  readonly reason: Reason
  /** What it is about, where the reason alone does not say; empty otherwise. */
  readonly detail: string
}

/** Why a recorded request must not be rehearsed; undefined: it may be. */
export function refusalOf(
  route: RouteRecord,
  exemplar: Exemplar,
  entry: LedgerEntry | undefined,
  policy: Policy,
): Refusal | undefined {
  if (exemplar.status === switchedProtocols) return { reason: 'PROTOCOL', detail: '' }
  if (exemplar.use === 'compare') return { reason: 'HELD_OUT', detail: '' }
  if (exemplar.bodyKept === 'dropped') return { reason: 'BODY_NOT_KEPT', detail: '' }
  if (isListed(routeName(route), policy.skip)) return { reason: 'ROUTE_SKIPPED', detail: '' }
  if (!mayBeSent(route, policy.rehearse)) return { reason: 'UNSAFE_METHOD', detail: '' }
  return refusalByLedger(exemplar, entry, policy)
}

function refusalByLedger(
  exemplar: Exemplar,
  entry: LedgerEntry | undefined,
  policy: Policy,
): Refusal | undefined {
  const outcome = entry?.outcome ?? 'untried'
  if (outcome === 'status-changed') {
    const detail = `${entry?.status ?? 'no'} instead of ${exemplar.status} when it was tried in staging`
    return { reason: 'STATUS_CHANGED', detail }
  }
  if (outcome === 'failed')
    return { reason: 'REQUEST_FAILED', detail: 'when it was tried in staging' }
  if (outcome === 'timed-out')
    return { reason: 'TIMED_OUT', detail: 'when it was tried in staging' }
  return refusalByEffects(entry?.effects ?? [], outcome !== 'untried', entry?.note, policy)
}

/** Why a recorded call of work must not be rehearsed; undefined: it may be. */
export function refusalOfCall(
  name: string,
  sample: WorkSample,
  policy: Policy,
): Refusal | undefined {
  if (isListed(name, policy.skip)) return { reason: 'ROUTE_SKIPPED', detail: '' }
  const detail = 'when it was tried in staging'
  if (sample.tried === 'outcome-changed') return { reason: 'OUTCOME_CHANGED', detail }
  if (sample.tried === 'timed-out') return { reason: 'TIMED_OUT', detail }
  return refusalByEffects(sample.effects, sample.tried === 'passed', sample.note, policy)
}

function refusalByEffects(
  effects: readonly Effect[],
  isTried: boolean,
  note: string | undefined,
  policy: Policy,
): Refusal | undefined {
  const refused = effects.find((effect) => !mayHappen(effect, policy))
  if (refused !== undefined) {
    const reason = refused.kind === 'http' ? 'EFFECT_NOT_TAPED' : 'EFFECT_REFUSED'
    return { reason, detail: effectName(refused) }
  }
  if (isTried || policy.allow.includes('unknown')) return undefined
  return { reason: 'EFFECTS_UNKNOWN', detail: note || 'recorded without a trial' }
}

/** A `*` at the end of an entry matches any rest. */
export function isListed(name: string, entries: readonly string[]): boolean {
  return entries.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  )
}
