import type net from 'node:net'
import { tapeServer } from './tape-server.ts'
import type { Dispatcher } from './undici-copies.ts'

export type DispatcherClass = new (
  origin: string,
  options: {
    pipelining: number
    connect(options: unknown, callback: (error: Error | null, socket?: net.Socket) => void): void
  },
) => Dispatcher

/** The class of undici below those that an application derives, whose constructors are unknown. */
export function classOf(dispatcher: Dispatcher): DispatcherClass | undefined {
  let owner = Object.getPrototypeOf(dispatcher) as { constructor: DispatcherClass } | null
  for (; owner !== null; owner = Object.getPrototypeOf(owner) as typeof owner) {
    // Bundlers put something before or after a name.
    if (/^_?(?:Pool|Client)\d*$/.test(owner.constructor.name)) return owner.constructor
  }
  return undefined
}

const tapeOrigin = 'http://127.0.0.1'
const pools = new Map<DispatcherClass, Dispatcher>()

/** Leads to the tape, whatever its origin says, and is in no application's hands. */
export function tapePoolOf(Class: DispatcherClass): { origin: string; pool: Dispatcher } {
  let pool = pools.get(Class)
  if (pool === undefined) {
    pool = new Class(tapeOrigin, {
      pipelining: 1,
      connect(_options, callback) {
        tapeServer()
          .connect()
          .then((socket) => {
            callback(null, socket)
          }, callback)
      },
    })
    pools.set(Class, pool)
  }
  return { origin: tapeOrigin, pool }
}
