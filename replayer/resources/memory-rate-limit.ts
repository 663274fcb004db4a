import type { Resource } from '../resource.ts'
import { livingWith } from './lifetime.ts'

/** The `MemoryStore` of express-rate-limit. */
export interface RateLimitStore {
  current: Map<string, Hits>
  previous: Map<string, Hits>
}

interface Hits {
  totalHits: number
  resetTime: Date
}

/**
 * A rate limit that rehearsal does not use up: after it every client has the hits that it had before.
 *
 * @example
 * const store = new MemoryStore()
 * app.use(rateLimit({ store }))
 * register(memoryRateLimit(store))
 */
export function memoryRateLimit(store: RateLimitStore): Resource {
  let before: { current: Map<string, Hits>; previous: Map<string, Hits> } | undefined
  return livingWith(store, {
    name: 'express-rate-limit',
    beforeRehearsal() {
      before = { current: copy(store.current), previous: copy(store.previous) }
    },
    afterRehearsal() {
      Object.assign(store, before)
      before = undefined
    },
  })
}

/** The store counts in the objects themselves. */
function copy(hits: unknown): Map<string, Hits> {
  if (!(hits instanceof Map)) throw new Error('no MemoryStore of express-rate-limit 7 or later')
  return new Map([...(hits as Map<string, Hits>)].map(([key, each]) => [key, { ...each }]))
}
