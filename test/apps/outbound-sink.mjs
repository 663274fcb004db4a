// Preloaded: the hooks for outbound HTTP, and a sink that `watched` puts into the async context of some work.
import { AsyncLocalStorage } from 'node:async_hooks'
import * as hooks from '../../dist/runtime/effects/outbound.js'
import { watchEffects } from '../../dist/runtime/effects/sink.js'

const sinks = new AsyncLocalStorage()

watchEffects(() => sinks.getStore())
hooks.installOutboundHooks()

/**
 * Runs `work` while `decide` is asked for the verdict on each of its calls. Resolves to what it came to, the calls, and
 * what was recorded of them.
 */
async function watched(decide, work) {
  const calls = []
  const records = []
  const take = (answer) =>
    records.push(answer && { ...answer, body: answer.body.toString('latin1') })
  const sink = {
    tell: () => undefined,
    outbound(call) {
      calls.push(call)
      return { take, ...decide(call) }
    },
  }
  return { outcome: await sinks.run(sink, () => outcomeOf(work)), calls, records }
}

export async function outcomeOf(work) {
  try {
    return await work()
  } catch (error) {
    return { error: (error.cause ?? error).message }
  }
}

globalThis.outbound = { ...hooks, watched, outcomeOf }
