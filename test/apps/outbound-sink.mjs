// Preloaded: the hooks for outbound HTTP, and a sink that `watched` puts into the async context of some work.
import { AsyncLocalStorage } from 'node:async_hooks'
import net from 'node:net'
import * as hooks from '../../dist/runtime/effects/outbound.js'
import {
  httpClientSockets,
  isConnectingForHttp,
  ownSockets,
  watchEffects,
} from '../../dist/runtime/effects/sink.js'

const sinks = new AsyncLocalStorage()

watchEffects(() => sinks.getStore())
hooks.installOutboundHooks()

/** Like hooks of sockets would: how often they would take what HTTP clients do for something else. */
let misunderstood = 0

const { connect, _writeGeneric } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  if (isConnectingForHttp()) httpClientSockets.add(this)
  look(this)
  return connect.apply(this, args)
}
net.Socket.prototype._writeGeneric = function (...args) {
  look(this)
  return _writeGeneric.apply(this, args)
}

function look(socket) {
  const isKnown = httpClientSockets.has(socket) || ownSockets.has(socket)
  if (sinks.getStore() !== undefined && !isKnown && !socket.server) misunderstood++
}

/**
 * Runs `work` while `decide` is asked for the verdict on each of its calls. Resolves to what it came to, the calls, and
 * what was recorded of them.
 */
async function watched(decide, work) {
  const calls = []
  const records = []
  const take = (answer) =>
    records.push(answer && { ...answer, body: answer.body.toString('latin1') })
  const watcher = {
    tell: () => undefined,
    outbound(call) {
      calls.push(call)
      return { take, ...decide(call) }
    },
  }
  const before = misunderstood
  const outcome = await sinks.run(watcher, () => outcomeOf(work))
  return { outcome, calls, records, misunderstood: misunderstood - before }
}

export async function outcomeOf(work) {
  try {
    return await work()
  } catch (error) {
    return { error: (error.cause ?? error).message }
  }
}

globalThis.outbound = { ...hooks, watched, outcomeOf }
