import type { Resource } from './resource.ts'
import { sharedKey, type Shared, type Status } from './status.ts'

function shared(): Shared | undefined {
  return (globalThis as { [sharedKey]?: Shared })[sharedKey]
}

const off: Status = {
  state: 'off',
  reason: null,
  detail: 'The replayer is not loaded: start with node --import prewarm/replay.',
  report: null,
}

/**
 * Resolves once the port is open, or replay is known not to happen; at once without the replayer. Never rejects.
 * A process that loads the replayer with a good profile and never listens stays pending.
 *
 * @example
 * const { state, report } = await whenReady()
 */
export function whenReady(): Promise<Status> {
  return shared()?.whenReady() ?? Promise.resolve(off)
}

/** Where the replay stands, and why it does nothing if it does nothing. */
export function status(): Status {
  return shared()?.status() ?? off
}

/**
 * Whether the code that asks runs on behalf of a rehearsed request, not of a client. That is told by its async context; with
 * a request, of any kind that has `headers`, by the header that `PREWARM_HEADER` names and that the replayer then sends.
 * What such a header says changes with every process and means nothing once the port is open, so clients cannot pretend.
 *
 * @example
 * if (!isRehearsal()) metrics.increment('orders')
 * @example
 * // PREWARM_HEADER=x-rehearsal
 * if (!isRehearsal(request)) queue.push(job)
 */
export function isRehearsal(request?: object): boolean {
  return shared()?.isRehearsal(request) ?? false
}

/**
 * Has the hooks of a resource run around the rehearsal: the before-hooks in reverse order of registration, the after-hooks in
 * order, while the port is still closed. Does nothing without the replayer or once the port is open. The resource is held
 * weakly: keep a reference to it. Returns what takes it away again.
 *
 * @example
 * const cleanCache = { name: 'cache', afterRehearsal: () => cache.clear() }
 * register(cleanCache)
 */
export function register(resource: Resource): () => void {
  return shared()?.register(resource) ?? (() => undefined)
}
