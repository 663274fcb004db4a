import type { Resource } from '../resource.ts'
import { livingWith } from './lifetime.ts'

/** A `Redis` of ioredis. */
export interface RedisClient {
  readonly status: string
  ping(): Promise<unknown>
  disconnect(reconnect?: boolean): void
}

/**
 * The connection that rehearsal has used stays. It has to answer a PING before the first requests; otherwise the client
 * connects anew.
 *
 * @example
 * register(ioredis(redis))
 */
export function ioredis(client: RedisClient): Resource {
  return livingWith(client, {
    name: 'ioredis',
    async afterRehearsal({ signal }) {
      // Not connected yet, or connecting by itself: a PING would wait for that.
      if (client.status !== 'ready') return
      const reconnect = (): void => {
        client.disconnect(true)
      }
      signal.addEventListener('abort', reconnect)
      await client.ping()
      signal.removeEventListener('abort', reconnect)
    },
  })
}
