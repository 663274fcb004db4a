/**
 * Ready-made resources: `import { pgPool } from 'prewarm/resources'`. None of them loads the library that it is about.
 */
export type { Resource } from '../resource.ts'
export { ioredis } from './ioredis.ts'
export { lruCache, type LruCacheOptions } from './lru-cache.ts'
export { memoryRateLimit } from './memory-rate-limit.ts'
export { openTelemetry } from './open-telemetry.ts'
export { pgPool } from './pg-pool.ts'
export { pino } from './pino.ts'
export { promClient, type PromClientOptions } from './prom-client.ts'
