import type { Resource } from '../resource.ts'
import { livingWith } from './lifetime.ts'

/** An `LRUCache` of lru-cache 7 or later. */
export interface Cache<K, V> {
  readonly dispose?: unknown
  readonly disposeAfter?: unknown
  readonly onInsert?: unknown
  dump(): [key: K, entry: { value: V }][]
  load(entries: [key: K, entry: { value: V }][]): void
  delete(key: K): boolean
}

export interface LruCacheOptions {
  /** Leave what rehearsal has cached: it is what clients would be answered. */
  readonly keep?: boolean
}

/**
 * A cache that is after the rehearsal as it was before. Where it tells somebody of its entries (`dispose`, `onInsert`),
 * those that rehearsal added or replaced are deleted, and those that it pushed out stay out: they are disposed of.
 *
 * @example
 * register(lruCache(cache))
 */
export function lruCache<K, V>(cache: Cache<K, V>, options: LruCacheOptions = {}): Resource {
  let before: [key: K, entry: { value: V }][] | undefined
  const resource: Resource = {
    name: 'lru-cache',
    beforeRehearsal() {
      before = cache.dump()
    },
    afterRehearsal() {
      if (before === undefined) return
      const isWatched = cache.dispose ?? cache.disposeAfter ?? cache.onInsert
      if (isWatched === undefined) cache.load(before)
      else {
        const known = new Map(before)
        for (const [key, { value }] of cache.dump()) {
          if (known.get(key)?.value !== value) cache.delete(key)
        }
      }
      before = undefined
    },
  }
  return livingWith(cache, options.keep === true ? { name: 'lru-cache' } : resource)
}
