import net from 'node:net'
import { ownSockets } from '../runtime/effects/sink.ts'
import { isRehearsal } from '../runtime/rehearsal-context.ts'
import { Budget } from './budget.ts'

/** How long the other end may take to close its half. */
const graceMs = 250

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket

const prototype = net.Socket.prototype as unknown as { connect: Connect }

/**
 * The connections to the outside that rehearsed requests have opened, pooled ones above all. On Node 20 the diagnostics
 * channel `net.client.socket` knows nothing of `new Socket().connect()` and `tls.connect()`, by which drivers come.
 */
export class OutboundConnections {
  readonly #sockets = new Set<net.Socket>()
  #stopWatching = (): void => undefined

  watch(): void {
    const connect = prototype.connect
    const add = (socket: net.Socket): void => {
      // A listener for the end would be a property more on each socket.
      for (const old of this.#sockets) if (old.destroyed) this.#sockets.delete(old)
      this.#sockets.add(socket)
    }
    const watched: Connect = function (...args) {
      if (isRehearsal()) add(this)
      return connect.apply(this, args)
    }
    for (const property of ['name', 'length'] as const) {
      Object.defineProperty(watched, property, { value: connect[property], configurable: true })
    }
    prototype.connect = watched
    this.#stopWatching = () => {
      if (prototype.connect === watched) prototype.connect = connect
    }
  }

  /** Ends them as their owners would, and destroys those whose other end does not. */
  async close(): Promise<void> {
    this.#stopWatching()
    const open = [...this.#sockets].filter((socket) => !socket.destroyed && !ownSockets.has(socket))
    this.#sockets.clear()
    if (open.length === 0) return
    const closed = open.map(
      (socket) =>
        new Promise((resolve) => {
          socket.once('close', resolve)
          socket.end()
        }),
    )
    await new Budget(graceMs, new AbortController().signal).wait(Promise.all(closed))
    for (const socket of open) socket.destroy()
  }
}
