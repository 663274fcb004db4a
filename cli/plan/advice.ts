import { effectName, isRawSocket, type Effect } from '../../formats/effects.ts'
import {
  isListed,
  mayHappen,
  refusalOf,
  routeName,
  type Policy,
  type Refusal,
} from '../../formats/policy.ts'
import type { Exemplar, LedgerEntry, RouteRecord } from '../../formats/profile.ts'

/** What to do when a request is not rehearsed and should be. */
export interface Advice {
  /** Sentences; empty: there is nothing to be done. */
  readonly advice: string
  /** Options of `prewarm run` and `prewarm plan` that would change it, ready for a shell. */
  readonly options: readonly string[]
}

const none: Advice = { advice: '', options: [] }

const recordAgain =
  'Record again, with everything that the service talks to still there when the recording ends: only then is each ' +
  'request tried alone.'

/** What lifts a refusal, with all that would be refused after it. */
export function adviceFor(
  { reason }: Refusal,
  route: RouteRecord,
  exemplar: Exemplar,
  entry: LedgerEntry | undefined,
  policy: Policy,
): Advice {
  switch (reason) {
    case 'UNSAFE_METHOD': {
      const name = listable(routeName(route))
      const rehearse = {
        advice: 'If repeating it does no harm:',
        options: [`--rehearse ${quoted(name)}`],
      }
      const wider = { ...policy, rehearse: [...policy.rehearse, name] }
      const next = refusalOf(route, exemplar, entry, wider)
      if (next === undefined) return rehearse
      return joined(rehearse, adviceFor(next, route, exemplar, entry, wider))
    }
    case 'ROUTE_SKIPPED': {
      const skips = policy.skip.filter((one) => isListed(routeName(route), [one]))
      return { advice: `Named in skip by ${skips.map(quoted).join(', ')}.`, options: [] }
    }
    case 'STATUS_CHANGED':
      return { advice: adviceOnStatus(entry?.status ?? null), options: [] }
    case 'REQUEST_FAILED':
    case 'TIMED_OUT':
      return { advice: recordAgain, options: [] }
    case 'EFFECT_REFUSED':
    case 'EFFECT_NOT_TAPED':
      return adviceOnEffects(
        (entry?.effects ?? []).filter((effect) => !mayHappen(effect, policy)),
        policy,
      )
    case 'EFFECTS_UNKNOWN':
      return {
        advice: `${recordAgain} Or rehearse what nobody has looked at:`,
        options: ['--allow unknown'],
      }
    default:
      return none
  }
}

function adviceOnStatus(status: number | null): string {
  return status === 401 || status === 403
    ? 'Its credentials are not kept, so that it cannot be rehearsed.'
    : 'Its answer depends on what was asked before, or on what was redacted.'
}

function adviceOnEffects(refused: readonly Effect[], policy: Policy): Advice {
  const calls = refused.filter(({ kind }) => kind === 'http')
  const others = refused.filter(({ kind }) => kind !== 'http')
  const options = [...new Set(others.map((effect) => optionFor(effect, policy)))]
  const tape: Advice =
    calls.length === 0
      ? none
      : { advice: 'Record again, so that the answer of the outbound call is kept.', options: [] }
  const allow: Advice =
    options.length === 0 ? none : { advice: 'If it may happen at every start:', options }
  return joined(tape, allow)
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

function joined(first: Advice, second: Advice): Advice {
  return {
    advice: [first.advice, second.advice].filter((part) => part !== '').join(' '),
    options: [...first.options, ...second.options],
  }
}

/** Options and variables have commas between names, so that a name with one has to end before it. */
function listable(name: string): string {
  const comma = name.indexOf(',')
  return comma < 0 ? name : `${name.slice(0, comma)}*`
}

function quoted(name: string): string {
  return `'${name.replaceAll("'", String.raw`'\''`)}'`
}
