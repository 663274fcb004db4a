import { hookAgents } from './outbound-http.ts'
import { hookUndici, watchUndici } from './undici.ts'

export { closeTape } from './tape-server.ts'

/** To be called once, before any application code. Until a sink is there calls cost what they did before. */
export function installOutboundHooks(): void {
  hookAgents()
  hookUndici()
}

/**
 * To be called when watching begins, and again whenever the application has got further: what of undici it has loaded
 * since is watched from then on. It loads nothing itself.
 */
export function completeOutboundHooks(): void {
  watchUndici(true)
}

/** Nobody will watch any longer: calls by undici are no longer looked at, those by Node's own clients cost nothing anyway. */
export function restOutboundHooks(): void {
  watchUndici(false)
}
