import net from 'node:net'
import type { Duplex } from 'node:stream'
import { rehearsedAddress } from './client-address.ts'
import { ownServers, ownSockets } from './effects/sink.ts'
import { hasWholeLoopbackRange } from './features.ts'
import { Http1Connection } from './http1-client.ts'
import { Http2Connection } from './http2-client.ts'
import { isTls } from './http-servers.ts'
import type { Connection, Protocol } from './prepared-request.ts'
import type { RehearsalScope } from './rehearsal-context.ts'

/** Options of a `net.Server` that decide how its sockets behave. */
interface SocketOptions {
  allowHalfOpen?: boolean
  noDelay?: boolean
  keepAlive?: boolean
  keepAliveInitialDelay?: number
  highWaterMark?: number
  pauseOnConnect?: boolean
}

/** A handshake that was begun may take this long whatever is left: cut off, it would be an error of the server. */
const handshakeMs = 250
/** What the application does when a connection closes may take so many turns of the event loop to be told everybody. */
const turnsAfterClose = 4
const maxTurns = 1000

/**
 * A way into a server that is not listening yet: a listener on a private loopback port whose connections are handed to
 * the server as its own. Real sockets matter: after rehearsal over in-memory streams the first real requests cost
 * twice to four times as much.
 */
export class PrivateDoor {
  readonly #target: net.Server
  readonly #isTls: boolean
  readonly #listener: net.Server
  /** Accepted, and not yet known to be ours. */
  readonly #unclaimed = new Map<number, net.Socket>()
  readonly #claims = new Map<number, (socket: net.Socket) => void>()
  readonly #accepted = new Set<net.Socket>()
  #connections = 0

  private constructor(target: net.Server) {
    this.#target = target
    this.#isTls = isTls(target)
    const options = target as SocketOptions
    this.#listener = net.createServer({
      allowHalfOpen: options.allowHalfOpen ?? false,
      noDelay: options.noDelay ?? false,
      keepAlive: options.keepAlive ?? false,
      keepAliveInitialDelay: options.keepAliveInitialDelay ?? 0,
      pauseOnConnect: options.pauseOnConnect ?? false,
      ...(options.highWaterMark === undefined ? {} : { highWaterMark: options.highWaterMark }),
    })
    ownServers.add(this.#listener)
    this.#listener.on('error', ignore)
    this.#listener.on('connection', (socket) => {
      this.#accept(socket)
    })
  }

  static async open(target: net.Server): Promise<PrivateDoor> {
    const door = new PrivateDoor(target)
    await new Promise<void>((resolve, reject) => {
      door.#listener.once('error', reject)
      // `exclusive`: in a cluster worker the port would otherwise be shared with the other workers.
      door.#listener.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve)
    })
    return door
  }

  /** A new connection, which the server gets within `scope`. Rejects when it cannot be made within `deadlineMs`. */
  async connect(
    deadlineMs: number,
    scope: RehearsalScope,
    protocol: Protocol = 'http/1.1',
  ): Promise<Connection> {
    const { port } = this.#listener.address() as net.AddressInfo
    const number = this.#connections++
    const address = rehearsedAddress(number)
    const socket = new net.Socket()
    ownSockets.add(socket)
    socket.connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      // A client address of its own for every connection keeps rate limits per address from filling up.
      ...(hasWholeLoopbackRange
        ? { localAddress: `127.77.${(number >> 8) & 255}.${number & 255 || 1}` }
        : {}),
    })
    const timer = setTimeout(
      () => socket.destroy(new Error('deadline')),
      Math.max(deadlineMs, this.#isTls ? handshakeMs : 0),
    )
    try {
      await once(socket, 'connect')
      const accepted = await this.#claim(socket)
      scope.run(() => this.#target.emit('connection', accepted))
      const speak = (stream: Duplex): Connection =>
        protocol === 'h2'
          ? new Http2Connection(stream, this.#isTls, address)
          : new Http1Connection(stream, address)
      if (!this.#isTls) return speak(socket)
      const { connect } = process.getBuiltinModule('node:tls')
      const secure = connect({ socket, rejectUnauthorized: false, ALPNProtocols: [protocol] })
      await once(secure, 'secureConnect')
      return speak(secure)
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Resolves when the application has heard that all connections are closed: one that counts them must be at zero before
   * clients come. Never rejects, and gives up on what does not close.
   */
  async close(): Promise<void> {
    const sockets = [...this.#accepted, ...this.#unclaimed.values()]
    for (const socket of sockets) socket.destroy()
    this.#listener.close()
    let turns = 0
    while (turns < maxTurns && sockets.some(({ closed }) => !closed)) turns += await turn()
    for (let after = 0; after < turnsAfterClose; after++) await turn()
  }

  /** Other users of the machine can reach a loopback port, so only the other end of our own socket gets in. */
  #claim(client: net.Socket): Promise<net.Socket> {
    const port = client.localPort ?? 0
    return new Promise((resolve, reject) => {
      client.once('close', () => {
        this.#claims.delete(port)
        reject(new Error('closed before it was accepted'))
      })
      const socket = this.#unclaimed.get(port)
      this.#unclaimed.delete(port)
      if (socket === undefined) this.#claims.set(port, resolve)
      else resolve(socket.off('error', ignore))
      for (const stranger of this.#unclaimed.values()) stranger.destroy()
      this.#unclaimed.clear()
    })
  }

  /** The socket must reach the server untouched: a property or a listener more, and V8 would learn another shape. */
  #accept(socket: net.Socket): void {
    for (const old of this.#accepted) if (old.closed) this.#accepted.delete(old)
    this.#accepted.add(socket)
    const port = remotePortOf(socket)
    const claim = this.#claims.get(port)
    if (claim !== undefined) {
      this.#claims.delete(port)
      claim(socket)
      return
    }
    // V8 goes back to the shape before when the property that was added last is deleted.
    socket.on('error', ignore)
    this.#unclaimed.set(port, socket)
  }
}

function turn(): Promise<1> {
  return new Promise((resolve) => {
    setImmediate(resolve, 1)
  })
}

function ignore(): void {
  // Whoever else knocked here does not matter.
}

/** `socket.remotePort` would leave a property on the socket. */
function remotePortOf(socket: net.Socket): number {
  const { _handle: handle } = socket as unknown as {
    _handle: { getpeername(out: { port?: number }): number } | null
  }
  const peer: { port?: number } = {}
  handle?.getpeername(peer)
  return peer.port ?? 0
}

function once(socket: Duplex, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve)
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error('closed'))
    })
  })
}
