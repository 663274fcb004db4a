import type { Cluster } from 'node:cluster'
import net from 'node:net'
import {
  identifyServer,
  serverPrototype,
  type ListenHandle,
  type ServerIdentity,
} from '../runtime/http-servers.ts'

/** A server that was told to listen and does not accept connections yet. */
export interface HeldServer {
  readonly server: net.Server
  readonly identity: ServerIdentity
  /** Listens for real, unless the application closed the server meanwhile. */
  open(): void
  isClosed(): boolean
}

type CreateServerHandle = (
  address: string | null,
  port: number | null,
  addressType: number | null,
  fd: number | undefined,
  flags: number | undefined,
) => ListenHandle | number

interface ClusterInternals {
  _getServer?: (server: net.Server, options: unknown, callback: unknown) => void
}

/**
 * Binds at once and listens later: `address()`, errors, `close()` and `listen({ signal })` behave as ever, and the kernel
 * refuses connections until `open()`. `net.Server.prototype._listen2` is where all of `listen()` ends, whoever calls it
 * and however it was imported (lib/net.js). In a cluster worker the primary hands over connections as soon as
 * the worker has asked for its handle, so there the asking is put off (lib/internal/cluster/child.js).
 */
export class Gate {
  readonly #wants: (identity: ServerIdentity) => boolean
  readonly #onHeld: (held: HeldServer) => void
  /** Servers for whose connections the primary of the cluster has been asked. */
  readonly #asked = new WeakSet<net.Server>()

  constructor(wants: (identity: ServerIdentity) => boolean, onHeld: (held: HeldServer) => void) {
    this.#wants = wants
    this.#onHeld = onHeld
  }

  /** False: this Node has none of the places to hook, and every server listens at once. */
  install(): boolean {
    const createHandle = (net as unknown as { _createServerHandle?: CreateServerHandle })
      ._createServerHandle
    if (typeof serverPrototype._listen2 !== 'function' || createHandle === undefined) return false
    this.#hookListen(createHandle)
    // A cluster worker always has a channel to its primary; nobody else has to load `cluster` for this.
    if (process.send !== undefined) this.#hookCluster()
    return true
  }

  #hookListen(createHandle: CreateServerHandle): void {
    const listen = serverPrototype._listen2
    const identityOf = (server: net.Server): ServerIdentity | undefined => this.#identify(server)
    const hold = this.#onHeld
    serverPrototype._listen2 = function (address, port, addressType, backlog, fd, flags) {
      const identity = identityOf(this)
      const bound =
        identity === undefined
          ? undefined
          : this._handle === null
            ? bind(createHandle, address, port, addressType, fd, flags)
            : { handle: this._handle, address, addressType }
      if (identity === undefined || bound === undefined) {
        listen.call(this, address, port, addressType, backlog, fd, flags)
        return
      }
      this._handle = bound.handle
      const isClosed = (): boolean => this._handle !== bound.handle
      hold({
        server: this,
        identity,
        isClosed,
        open: () => {
          if (isClosed()) return
          listen.call(this, bound.address, port, bound.addressType, backlog, fd, flags)
        },
      })
    }
  }

  #hookCluster(): void {
    const module = process.getBuiltinModule('node:cluster') as unknown as Cluster & ClusterInternals
    const getServer = module._getServer
    if (!module.isWorker || getServer === undefined) return
    module._getServer = (server, options, callback) => {
      const identity = this.#identify(server)
      const ask = (): void => {
        this.#asked.add(server)
        getServer.call(module, server, options, callback)
      }
      if (identity === undefined) {
        ask()
        return
      }
      let wasClosed = false
      const onClose = (): void => {
        wasClosed = true
      }
      server.once('close', onClose)
      this.#onHeld({
        server,
        identity,
        isClosed: () => wasClosed,
        open: () => {
          server.off('close', onClose)
          if (!wasClosed) ask()
        },
      })
    }
  }

  /** Who the server is, if it has to be held. */
  #identify(server: net.Server): ServerIdentity | undefined {
    const identity = identifyServer(server)
    if (identity === undefined || this.#asked.has(server)) return undefined
    return this.#wants(identity) ? identity : undefined
  }
}

/** Undefined: it cannot be bound, and Node's own path is to find and report that. */
function bind(
  createHandle: CreateServerHandle,
  address: string | null,
  port: number | null,
  addressType: number | null,
  fd: number | undefined,
  flags: number | undefined,
): Bound | undefined {
  const attempts: [string | null, number | null][] =
    address === null && typeof fd !== 'number'
      ? [
          ['::', 6],
          ['0.0.0.0', 4],
        ]
      : [[address, addressType]]
  for (const [host, type] of attempts) {
    const handle = createHandle(host, port, type, fd, flags)
    if (typeof handle === 'number') continue
    // libuv keeps an address-in-use error for later; asking for the name brings it out.
    if (typeof fd !== 'number' && (handle.getsockname?.({}) ?? 0) !== 0) {
      handle.close()
      return undefined
    }
    return { handle, address: host, addressType: type }
  }
  return undefined
}

interface Bound {
  readonly handle: ListenHandle
  readonly address: string | null
  readonly addressType: number | null
}
