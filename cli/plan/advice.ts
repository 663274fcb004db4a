import { effectName, isRawSocket, type Effect } from '../../formats/effects.ts'
import {
  isListed,
  mayHappen,
  refusalOf,
  routeName,
  type Policy,
  type Refusal,
} from '../../formats/policy.ts'
import type { Exemplar, LedgerEntry, RouteRecord, WorkSample } from '../../formats/profile.ts'

/** What to do when a request is not rehearsed and should be. */
export interface Advice {
  /** Sentences; empty: there is nothing to be done. */
  readonly advice: string
  /** Options of `prewarm run` and `prewarm plan` that would change it, ready for a shell. */
  readonly options: readonly string[]
}

const harmless = 'If doing it at every start does no harm:'
const recordAgain =
  'Record again, with everything that the service talks to still there when the recording ends: only then is each ' +
  'request tried alone.'
const recordAnswer = 'Record again, so that the answer of the outbound call is kept.'
const leaveOutside =
  'There are no tapes for work: leave the outbound call outside of what is recordable.'
const dependsOnPast = 'How it ends depends on what was done before, or on what was redacted.'

/** What lifts a refusal, with all that would be refused after it. */
export function adviceFor(
  refusal: Refusal,
  route: RouteRecord,
  exemplar: Exemplar,
  entry: LedgerEntry | undefined,
  policy: Policy,
): Advice {
  const options: string[] = []
  const sentences: string[] = []
  let next: Refusal | undefined = refusal
  if (refusal.reason === 'UNSAFE_METHOD') {
    const name = listable(routeName(route))
    options.push(`--rehearse ${quoted(name)}`)
    const wider = { ...policy, rehearse: [...policy.rehearse, name] }
    next = refusalOf(route, exemplar, entry, wider)
  }
  switch (next?.reason) {
    case 'ROUTE_SKIPPED':
      sentences.push(namedInSkip(routeName(route), policy))
      break
    case 'STATUS_CHANGED':
      sentences.push(causeOfStatus(entry?.status ?? null))
      break
    case 'REQUEST_FAILED':
    case 'TIMED_OUT':
      sentences.push(recordAgain)
      break
    case 'EFFECTS_UNKNOWN':
      sentences.push(recordAgain)
      options.push('--allow unknown')
      break
    case 'EFFECT_REFUSED':
    case 'EFFECT_NOT_TAPED':
      for (const effect of refusedOf(entry?.effects ?? [], policy)) {
        if (effect.kind === 'http') sentences.push(recordAnswer)
        else options.push(optionFor(effect, policy))
      }
  }
  return adviceOf(sentences, options)
}

/** The same for a recorded call of work, which may be allowed to do what it does, but for calls by HTTP: it has no tape. */
export function adviceForCall(
  { reason }: Refusal,
  name: string,
  { effects }: WorkSample,
  policy: Policy,
): Advice {
  const options: string[] = []
  const sentences: string[] = []
  switch (reason) {
    case 'ROUTE_SKIPPED':
      sentences.push(namedInSkip(name, policy))
      break
    case 'OUTCOME_CHANGED':
      sentences.push(dependsOnPast)
      break
    case 'TIMED_OUT':
      sentences.push(recordAgain)
      break
    case 'EFFECTS_UNKNOWN':
      sentences.push(recordAgain)
      options.push('--allow unknown')
      break
    case 'EFFECT_REFUSED':
    case 'EFFECT_NOT_TAPED':
      for (const effect of refusedOf(effects, policy)) {
        if (effect.kind === 'http') sentences.push(leaveOutside)
        else options.push(optionFor(effect, policy))
      }
  }
  return adviceOf(sentences, options)
}

function adviceOf(sentences: readonly string[], options: readonly string[]): Advice {
  const all = options.length > 0 ? [...sentences, harmless] : sentences
  return { advice: [...new Set(all)].join(' '), options: [...new Set(options)] }
}

function refusedOf(effects: readonly Effect[], policy: Policy): readonly Effect[] {
  return effects.filter((effect) => !mayHappen(effect, policy))
}

function namedInSkip(name: string, { skip }: Policy): string {
  return `Named in skip by ${skip
    .filter((one) => isListed(name, [one]))
    .map(quoted)
    .join(', ')}.`
}

function causeOfStatus(status: number | null): string {
  return status === 401 || status === 403
    ? 'Its credentials are not kept, so that it cannot be rehearsed.'
    : 'Its answer depends on what was asked before, or on what was redacted.'
}

/** Peers have other addresses in production, so that those of sockets are not part of it. */
function optionFor(effect: Effect, policy: Policy): string {
  const isSocket = isRawSocket(effect)
  const isRead = effect.kind === 'dns' || (isSocket && effect.access === 'read')
  if (isRead && policy.tcp === 'deny') return '--tcp read'
  const { kind, access } = effect
  const isRemote = isSocket || kind === 'udp' || kind === 'http2' || kind === 'dns'
  return `--allow ${quoted(isRemote ? `${kind} ${access} *` : listable(effectName(effect)))}`
}

/** Options and variables have commas between names, so that a name with one has to end before it. */
function listable(name: string): string {
  const comma = name.indexOf(',')
  return comma < 0 ? name : `${name.slice(0, comma)}*`
}

function quoted(name: string): string {
  return `'${name.replaceAll("'", String.raw`'\''`)}'`
}
