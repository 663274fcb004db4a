import { PrewarmError } from '../formats/errors.ts'
import type { WorkCounts } from '../formats/report.ts'
import { codecOf } from '../runtime/argument-codec.ts'
import { checkWork } from '../runtime/work-names.ts'
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
 * In a process that did not listen while it was recorded, once the first `rehearse` has ended. One that loads the
 * replayer with a good profile and does neither stays pending.
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

export interface RehearseOptions {
  /** Longest time that it may take, ms; else an even share of what the other names have left of `PREWARM_BUDGET`. */
  readonly budget?: number
  /** Most passes over the recorded calls; else `PREWARM_ROUNDS`. */
  readonly rounds?: number
}

/**
 * Repeats the recorded calls of work that is not HTTP, without a receiver, until the budget or the rounds are spent; to be
 * awaited before the first real call. Resolves at once without the replayer or without recorded calls. What the function
 * throws stays inside. Rejects only with `ERR_PREWARM_CFG_VALUE`, for arguments that can never be right.
 *
 * @example
 * await rehearse('resize-image', resize)
 * queue.process(resize)
 */
export async function rehearse(
  name: string,
  fn: (...args: never[]) => unknown,
  options: RehearseOptions = {},
): Promise<WorkCounts> {
  checkWork('rehearse', name, fn)
  const { budget, rounds } = options
  for (const [option, value] of Object.entries({ budget, rounds })) {
    if (value === undefined || value >= 0) continue
    throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `rehearse('${name}'): ${option} ${value}`, {
      hint: 'Expected a number, zero or more.',
    })
  }
  const codec = codecOf(name)
  const none: WorkCounts = { applied: 0, skipped: {}, rounds: 0, calls: 0 }
  return (await shared()?.rehearse({ name, fn, codec, budgetMs: budget, rounds })) ?? none
}
