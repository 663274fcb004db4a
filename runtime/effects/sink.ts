import type net from 'node:net'
import type { Effect } from '../../formats/effects.ts'
import type { Exchange } from '../../formats/profile.ts'

/** An outbound HTTP call that is about to be made. */
export interface OutboundCall {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** False: its client can be watched and refused, and not be answered from a tape. */
  readonly canBeTaped: boolean
}

/** An answer as it came; `headers` are names and values in turn. */
export interface OutboundAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer
}

export type OutboundVerdict =
  /** It goes its way. */
  | { readonly does: 'pass' }
  /** It goes its way, and `take` gets the answer once; undefined: it broke off or was too long to be kept. */
  | { readonly does: 'record'; take(answer: OutboundAnswer | undefined): void }
  /** It never reaches the network: this is the answer. */
  | { readonly does: 'answer'; readonly exchange: Exchange }
  /** It never reaches the network: whoever made it gets this error. */
  | { readonly does: 'refuse'; readonly error: Error }

/** Is told of everything that the code which runs on its behalf does to the outside, before it happens. */
export interface EffectSink {
  /**
   * An error: it must not happen, and whoever causes it gets this error.
   * @param socket - where it goes over one
   */
  tell(effect: Effect, socket?: net.Socket): Error | undefined
  /** The same for HTTP calls by Node's own clients and by undici. */
  outbound(call: OutboundCall): OutboundVerdict
  /** Something was refused. What it had started meanwhile, such as a timer, must not do it later either. */
  readonly hasRefused?: boolean
  /**
   * Something it caused threw, and nobody caught it.
   * @param what - never with a message, which may hold anything
   */
  failed?(what: string): void
}

const nobody = (): undefined => undefined
let find: () => EffectSink | undefined = nobody

/** The sink of the code that runs now, told by its async context; undefined, which must cost nothing: nobody cares. */
export function currentSink(): EffectSink | undefined {
  return find()
}

/** From now on hooks ask `finder`; undefined: nobody will care any more. */
export function watchEffects(finder: (() => EffectSink | undefined) | undefined): void {
  find = finder ?? nobody
}

/** False: hooks need not keep account of what they will be asked about later, such as the state of a protocol. */
export function isWatching(): boolean {
  return find !== nobody
}

/** Sockets that are prewarm's own, such as those to a tape: no hook looks at them. */
export const ownSockets = new WeakSet<net.Socket>()

/** The same for HTTP/2 sessions. */
export const ownSessions = new WeakSet<object>()

/** The same for servers. */
export const ownServers = new WeakSet<net.Server>()

/** Sockets that a watched HTTP client uses: their calls are told of as such, and not as bytes on a socket. */
export const httpClientSockets = new WeakSet<net.Socket>()

let isConnecting = false

/**
 * Runs what begins an HTTP call that has been told of. A socket that is told to connect meanwhile is one of
 * {@link httpClientSockets} from the beginning.
 */
export function connectingForHttp<T>(begin: () => T): T {
  const before = isConnecting
  isConnecting = true
  try {
    return begin()
  } finally {
    isConnecting = before
  }
}

export function isConnectingForHttp(): boolean {
  return isConnecting
}
