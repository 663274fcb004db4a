import type { Resource } from '../resource.ts'
import { livingWith } from './lifetime.ts'

/** A `Pool` of pg. */
export interface Pool {
  readonly idleCount: number
  connect(): Promise<PoolClient>
}

export interface PoolClient {
  query(text: string): Promise<unknown>
  release(error?: Error): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/**
 * The clients that rehearsal has connected stay, and serve the first requests. Each idle one has to answer a query before;
 * one that fails, or does not answer in time, is removed, and the pool connects another when it needs it.
 *
 * @example
 * register(pgPool(pool))
 */
export function pgPool(pool: Pool): Resource {
  return livingWith(pool, {
    name: 'pg',
    async afterRehearsal({ signal }) {
      await Promise.all(Array.from({ length: pool.idleCount }, () => check(pool, signal)))
    },
  })
}

async function check(pool: Pool, signal: AbortSignal): Promise<void> {
  const client = await pool.connect()
  // While a client is out of the pool its errors are those of whoever has it.
  client.on('error', ignore)
  let isOut = true
  const release = (error?: Error): void => {
    if (!isOut) return
    isOut = false
    signal.removeEventListener('abort', giveUp)
    client.release(error)
    client.off('error', ignore)
  }
  const giveUp = (): void => {
    release(new Error('no answer in time'))
  }
  signal.addEventListener('abort', giveUp)
  try {
    await client.query('SELECT 1')
    release()
  } catch (error) {
    release(error instanceof Error ? error : new Error(String(error)))
  }
}

function ignore(): void {
  // The query fails as well.
}
