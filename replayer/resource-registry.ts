import { messageOf } from '../formats/errors.ts'
import { Budget } from './budget.ts'
import type { Resource } from './resource.ts'

/** A hook that threw, or was not done in time. */
export interface ResourceFailure {
  readonly name: string
  readonly detail: string
}

interface Entry {
  readonly name: string
  readonly resource: WeakRef<Resource>
}

/** All after-hooks together: they run however little of the budget is left, and the port waits for them. */
const settleMs = 4_000
/** One hook gets a quarter of the time that is left, and not less than this. */
const minHookMs = 50

/**
 * Resources of the application, in the order in which they were registered. One that joins when the before-hooks have
 * begun has missed its turn, and what was not prepared is not told of the end either.
 */
export class ResourceRegistry {
  readonly #entries = new Set<Entry>()
  /** From its before-hook to its after-hook a resource is held strongly. */
  #prepared: [entry: Entry, resource: Resource][] = []
  #count = 0
  #isClosed = false

  /** Returns what takes it away again. The resource is held weakly. */
  register(resource: Resource): () => void {
    if (this.#isClosed) return () => undefined
    this.#count++
    const entry = {
      name: resource.name ?? `#${this.#count}`,
      resource: new WeakRef(resource),
    }
    this.#entries.add(entry)
    return () => {
      this.#entries.delete(entry)
    }
  }

  /** Runs the before-hooks, the latest resource first, up to the first that fails or the end of the budget. */
  async prepare(budget: Budget): Promise<ResourceFailure | undefined> {
    for (const [entry, resource] of this.#alive().reverse()) {
      if (budget.isOver()) return undefined
      if (!this.#entries.has(entry)) continue
      this.#prepared.unshift([entry, resource])
      const failure = await runHook(entry.name, resource, 'beforeRehearsal', budget)
      if (failure !== undefined) return failure
    }
    return undefined
  }

  /** Runs the after-hooks of what was prepared, the earliest resource first. One that fails does not stop the others. */
  async settle(): Promise<ResourceFailure[]> {
    const budget = new Budget(settleMs, new AbortController().signal)
    const failures: ResourceFailure[] = []
    for (const [entry, resource] of this.#prepared.splice(0)) {
      if (!this.#entries.has(entry)) continue
      const failure = await runHook(entry.name, resource, 'afterRehearsal', budget)
      if (failure !== undefined) failures.push(failure)
    }
    return failures
  }

  /** There will be no rehearsal any more. */
  close(): void {
    this.#isClosed = true
    this.#entries.clear()
  }

  #alive(): [entry: Entry, resource: Resource][] {
    const alive: [Entry, Resource][] = []
    const lost: string[] = []
    for (const entry of this.#entries) {
      const resource = entry.resource.deref()
      if (resource === undefined) lost.push(entry.name)
      else alive.push([entry, resource])
    }
    if (lost.length > 0) {
      process.emitWarning(
        `Collected before the rehearsal that they were registered for: ${lost.join(', ')}. ` +
          'Resources are held weakly: keep a reference to each.',
        { type: 'PrewarmWarning', code: 'PREWARM_RESOURCE_COLLECTED' },
      )
    }
    return alive
  }
}

async function runHook(
  name: string,
  resource: Resource,
  hook: 'beforeRehearsal' | 'afterRehearsal',
  budget: Budget,
): Promise<ResourceFailure | undefined> {
  const limitMs = Math.max(minHookMs, budget.remainingMs() / 4)
  const over = new AbortController()
  const work = async (): Promise<true> => {
    await resource[hook]?.({ signal: over.signal })
    return true
  }
  try {
    const isDone = await new Budget(limitMs, budget.stop).wait(work())
    // That the process is told to stop is no fault of the resource.
    if (isDone === true || budget.stop.aborted) return undefined
    over.abort()
    return { name, detail: `${hook} was not done within ${Math.round(limitMs)} ms` }
  } catch (error) {
    return { name, detail: `${hook}: ${messageOf(error)}` }
  }
}
