import { AlwaysOnSampler, type Sampler } from '@opentelemetry/sdk-trace-base'
import { MemoryStore } from 'express-rate-limit'
import { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { pino as createPino } from 'pino'
import { Counter, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import {
  ioredis,
  lruCache,
  memoryRateLimit,
  openTelemetry,
  pino,
  promClient,
  type Resource,
} from './index.ts'

const context = { signal: new AbortController().signal }

/** As a rehearsal does: an after-hook runs even if the before-hook threw. */
async function around(resource: Resource, rehearsal: () => void): Promise<unknown> {
  let failure: unknown
  try {
    await resource.beforeRehearsal?.(context)
    rehearsal()
  } catch (error) {
    failure = error
  }
  await resource.afterRehearsal?.(context)
  return failure
}

it('the objects of the libraries fit by their types', () => {
  const redis = new Redis({ lazyConnect: true })
  const sampler: Sampler = openTelemetry(new AlwaysOnSampler())
  expect([
    ioredis(redis).name,
    lruCache(new LRUCache<string, number>({ max: 1 })).name,
    memoryRateLimit(new MemoryStore()).name,
    promClient(new Registry()).name,
    String(sampler),
    createPino(pino({ level: 'warn' })).level,
  ]).toEqual([
    'ioredis',
    'lru-cache',
    'express-rate-limit',
    'prom-client',
    'Rehearsal{AlwaysOnSampler}',
    'warn',
  ])
})

it('metrics that keep their values in another way are not touched', async () => {
  const registry = new Registry()
  const counter = new Counter({ name: 'known', help: 'known', registers: [registry] })
  counter.inc(2)
  const foreign = { name: 'foreign', reset: () => expect.unreachable() }
  const resource = promClient({
    getMetricsAsArray: () => [...registry.getMetricsAsArray(), foreign],
  })
  const failure = await around(resource, () => expect.unreachable())
  expect(String(failure)).toContain('foreign does not keep its values')
  expect((await counter.get()).values).toMatchObject([{ value: 2 }])
})

it('a store that is no MemoryStore is not touched', async () => {
  const store = { current: new Map([['a', { totalHits: 1, resetTime: new Date() }]]) }
  const resource = memoryRateLimit(store as unknown as MemoryStore)
  const failure = await around(resource, () => expect.unreachable())
  expect(String(failure)).toContain('no MemoryStore')
  expect(store.current.size).toBe(1)
})

it('hits of before are those of before, not the same counted on', async () => {
  const store = new MemoryStore()
  store.windowMs = 60_000
  await store.increment('client')
  await around(memoryRateLimit(store), () => {
    for (const key of ['client', 'other']) void store.increment(key)
  })
  expect(await store.get('client')).toMatchObject({ totalHits: 1 })
  expect(await store.get('other')).toBeUndefined()
})

it('what was pushed out of a cache is back, and as old as it was', async () => {
  const cache = new LRUCache<string, number>({ max: 1, ttl: 1000, perf: { now: () => now } })
  let now = 10_000
  cache.set('a', 1)
  now = 10_400
  await around(lruCache(cache), () => cache.set('b', 2))
  expect([...cache.entries()]).toEqual([['a', 1]])
  expect(cache.getRemainingTTL('a')).toBeLessThanOrEqual(602)
})
