// Installs the hooks as a preload does, and lets the application ask what a sink is told while something runs.
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  completeEffectHooks,
  installEffectHooks,
  restEffectHooks,
} from '../../../dist/runtime/effects/hooks.js'
import { watchEffects } from '../../../dist/runtime/effects/sink.js'

const storage = new AsyncLocalStorage()
watchEffects(() => storage.getStore())
installEffectHooks()

// `how` is done, thrown (before `work` returned), or failed (later).
globalThis.observe = async (work, { refuse = false } = {}) => {
  const told = []
  const sink = {
    tell({ kind, access, target }) {
      told.push(`${kind} ${access} ${target}`)
      return refuse ? new Error('refused') : undefined
    },
    outbound: () => ({ does: 'pass' }),
  }
  const attempt = async () => {
    let result
    try {
      result = work()
    } catch (error) {
      return { how: 'thrown', value: error.message }
    }
    try {
      return { how: 'done', value: await result }
    } catch (error) {
      return { how: 'failed', value: error.message }
    }
  }
  return { ...(await storage.run(sink, attempt)), told }
}
/** Runs as if nobody watched. */
globalThis.outside = (work) => storage.exit(work)
globalThis.effectHooks = { completeEffectHooks, installEffectHooks, restEffectHooks }
