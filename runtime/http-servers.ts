import type http from 'node:http'
import net from 'node:net'

export type HttpServer = http.Server

export interface ServerIdentity {
  readonly kind: 'http' | 'https' | 'http2'
  /** Position among the HTTP servers of the process in the order in which they were told to listen. */
  readonly ordinal: number
}

/** `net.Server` with the internals that the listen gate relies on; the same on Node 20 to 26. */
export interface NetServerInternals extends net.Server {
  _handle: ListenHandle | null
  _unref?: boolean
  _listen2(
    address: string | null,
    port: number | null,
    addressType: number | null,
    backlog: number | undefined,
    fd: number | undefined,
    flags: number | undefined,
  ): void
}

export interface ListenHandle {
  close(): void
  getsockname?(out: object): number
}

export const serverPrototype = net.Server.prototype as unknown as NetServerInternals

const identities = new WeakMap<net.Server, ServerIdentity>()
let nextOrdinal = 0

/**
 * Who a server is, or undefined when it does not speak HTTP. Call it when the server is told to listen: the order of
 * these calls is the identity. Classes are told by name so that neither `https` nor `http2` has to be loaded.
 */
export function identifyServer(server: net.Server): ServerIdentity | undefined {
  const known = identities.get(server)
  if (known !== undefined) return known
  if (server.listenerCount('request') === 0 && server.listenerCount('stream') === 0)
    return undefined
  const identity: ServerIdentity = { kind: kindOf(server), ordinal: nextOrdinal++ }
  identities.set(server, identity)
  return identity
}

/** Calls `observe` whenever a server that speaks HTTP is told to listen, before it does. */
export function observeListen(observe: (server: net.Server) => void): void {
  const listen = serverPrototype._listen2
  if (typeof listen !== 'function') return
  serverPrototype._listen2 = function (...args) {
    if (identifyServer(this) !== undefined) observe(this)
    listen.apply(this, args)
  }
}

/** A TLS server has a secure context to set, a plain one has not. */
export function isTls(server: net.Server): boolean {
  return 'setSecureContext' in server
}

function kindOf(server: net.Server): ServerIdentity['kind'] {
  for (let type: unknown = server; type !== null; type = Object.getPrototypeOf(type)) {
    const name = (type as { constructor?: { name?: string } }).constructor?.name
    if (name === 'Http2Server' || name === 'Http2SecureServer') return 'http2'
  }
  return isTls(server) ? 'https' : 'http'
}
