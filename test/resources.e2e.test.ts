import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  record,
  replay,
  reportOf,
  runToEnd,
  scratchFolder,
} from './harness.ts'
import { startPostgres, startRedis } from '../scripts/databases.mjs'

const folder = scratchFolder()
chmodSync(folder, 0o755)
const databases = path.join(folder, 'postgres')
mkdirSync(databases)
const postgres = await startPostgres(databases)
const redis = await startRedis(folder)
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))
for (const [name, server] of Object.entries({ postgresql: postgres, 'redis-server': redis })) {
  if (server === undefined)
    process.stderr.write(`no ${name} here (Debian: apt-get install): its tests are left out\n`)
}

const rounds = 12

describe.each(nodeLines)('prewarm/resources on Node %s', (line, node) => {
  interface Start {
    readonly ask: (path: string) => Promise<string>
    readonly json: (path: string) => Promise<unknown>
    readonly header: (path: string, name: string) => Promise<string | null>
    readonly report: RunReport
    /** It has to have printed nothing. */
    readonly stop: () => Promise<void>
  }

  /** Records an application, and returns what starts it with a rehearsal, as often as wanted. */
  const rehearsed = async (
    name: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<(env?: NodeJS.ProcessEnv) => Promise<Start>> => {
    const script = app(`resources/${name}.mjs`)
    const profile = path.join(folder, `${name}-${line}.prewarm`)
    await record(node, script, profile, (url) => ask(url, ['/']), env)
    return async (more = {}) => {
      const settings = { ...env, PREWARM_ROUNDS: `${rounds}`, ...more }
      const service = await replay(node, script, profile, settings)
      const report = await reportOf(`${profile}.report.json`)
      expect(report.rehearsal).toMatchObject({ requests: rounds, applied: 1 })
      return {
        ask: (path) => get(service.url + path),
        json: async (path) => JSON.parse(await get(service.url + path)) as unknown,
        header: async (path, name) => (await fetch(service.url + path)).headers.get(name),
        report,
        async stop() {
          expect(await service.stop()).toBe('SIGTERM')
          expect(service.stderr()).toBe('')
        },
      }
    }
  }

  it('is an export of the package that loads none of the libraries', async () => {
    const names = 'Object.keys(await import("prewarm/resources")).join()'
    const loaded = 'Object.keys(process.getBuiltinModule("module")._cache).length'
    const script = `console.log(${names}, ${loaded})`
    const { stdout } = await runToEnd(node, ['--input-type=module', '-e', script])
    expect(stdout).toBe('ioredis,lruCache,memoryRateLimit,openTelemetry,pgPool,pino,promClient 0\n')
  })

  it('promClient: metrics know nothing of the rehearsal', async () => {
    const start = await rehearsed('prom-client')
    const service = await start()
    const metrics = async (): Promise<string[]> =>
      (await service.ask('/metrics')).split('\n').filter((line) => /^[^#]/.test(line))
    const before = await metrics()
    expect(before).toEqual([
      'starts 3',
      'requests{route="/before"} 5',
      // Of the client that asks.
      'open 1',
      'ready 1',
      ...['bytes_bucket{le="1"} 0', 'bytes_bucket{le="+Inf"} 1', 'bytes_sum 7', 'bytes_count 1'],
      'sizes{quantile="0.5",route="/before"} 8',
      ...['sizes_sum{route="/before"} 8', 'sizes_count{route="/before"} 1'],
      ...['waits{quantile="0.5"} 7', 'waits_sum 7', 'waits_count 1'],
      'late 0',
    ])
    await service.ask('/')
    // The client may have connected once more.
    const isGained = (line: string): boolean => !before.includes(line) && !line.startsWith('open ')
    const gained = (await metrics()).filter(isGained)
    expect(gained).toEqual([
      'starts 4',
      'requests{route="/"} 1',
      'last{route="/"} 1',
      ...['seconds_bucket{le="1",route="/"} 0', 'seconds_bucket{le="+Inf",route="/"} 1'],
      ...['seconds_sum{route="/"} 2', 'seconds_count{route="/"} 1'],
      ...['bytes_bucket{le="+Inf"} 2', 'bytes_sum 9', 'bytes_count 2'],
      'sizes{quantile="0.5",route="/"} 2',
      ...['sizes_sum{route="/"} 2', 'sizes_count{route="/"} 1'],
      ...['waits{quantile="0.5"} 4.5', 'waits_sum 9', 'waits_count 2'],
      'late 1',
    ])
    await service.stop()
    const without = await start({ WITHOUT: '1' })
    expect(await without.ask('/metrics')).toContain(`requests{route="/"} ${rounds}\n`)
    await without.stop()
  })

  it('lruCache: caches are what they were, or keep what they learnt', async () => {
    const start = await rehearsed('lru-cache')
    const service = await start()
    expect(await service.json('/caches')).toEqual({
      plain: [
        ['replaced', 'old'],
        ['start', 'value'],
      ],
      watched: [['start', 'value']],
      kept: [
        ['replaced', 'new'],
        ['/', 'answer'],
        ['start', 'value'],
      ],
      disposed: ['old', 'answer', 'new'],
    })
    await service.stop()
    const without = await start({ WITHOUT: '1' })
    expect(await without.json('/caches')).toMatchObject({
      plain: [
        ['replaced', 'new'],
        ['/', 'answer'],
      ],
    })
    await without.stop()
  })

  it('memoryRateLimit: rehearsal leaves clients what they may ask', async () => {
    const start = await rehearsed('rate-limit')
    for (const [env, remaining] of [
      [{}, 989],
      [{ WITHOUT: '1' }, 989 - rounds],
    ] as const) {
      const service = await start(env)
      for (const expected of [remaining, remaining - 1]) {
        expect(await service.header('/', 'x-ratelimit-remaining')).toBe(`${expected}`)
      }
      await service.stop()
    }
  })

  it('openTelemetry: spans of the rehearsal are recorded and not exported', async () => {
    const start = await rehearsed('open-telemetry')
    const service = await start()
    expect(await service.json('/spans')).toEqual({ names: [], recorded: rounds })
    await service.ask('/')
    expect(await service.json('/spans')).toEqual({ names: ['query', 'request'], recorded: rounds })
    await service.stop()
    const without = await start({ WITHOUT: '1' })
    expect(await without.json('/spans')).toMatchObject({
      names: Array.from({ length: rounds }, () => ['query', 'request']).flat(),
    })
    await without.stop()
  })

  it('pino: the access log is silent or marked', async () => {
    const start = await rehearsed('pino')
    const lineOf = (msg: string, more: object = {}): object => ({
      level: 30,
      time: expect.any(Number) as number,
      child: true,
      mixed: true,
      ...more,
      msg,
    })
    /** Lines of the start and the rehearsal, and then that of one client. */
    const logged = async (env: NodeJS.ProcessEnv): Promise<unknown[]> => {
      const service = await start(env)
      await service.ask('/')
      const lines = (await service.json('/lines')) as object[]
      await service.stop()
      return lines
    }
    const hooked = lineOf('hooked')
    expect(await logged({ LOG: 'silent' })).toEqual([hooked, hooked])
    const marked = lineOf('hooked', { rehearsal: true })
    const rehearsals = Array.from({ length: rounds }, () => marked)
    expect(await logged({ LOG: 'mark' })).toEqual([hooked, ...rehearsals, hooked])
    expect(await logged({ WITHOUT: '1' })).toEqual(Array.from({ length: rounds + 2 }, () => hooked))
  })

  it.runIf(postgres !== undefined)('pgPool: the pool is warm, and its clients work', async () => {
    const start = await rehearsed('pg-pool', { DATABASE_URL: postgres?.url })
    const service = await start()
    const warm = { connected: 3, totalCount: 3, idleCount: 3, waitingCount: 0 }
    expect(await service.json('/pool')).toEqual(warm)
    expect(service.report.skipped).toEqual([])
    expect(await service.json('/')).toEqual([1, 2, 3])
    expect(await service.json('/pool')).toEqual(warm)
    await service.stop()
  })

  it.runIf(postgres !== undefined)('pgPool: a client that does not answer is removed', async () => {
    const start = await rehearsed('pg-pool', { DATABASE_URL: postgres?.url })
    const service = await start({ HANG: '1' })
    expect(await service.json('/pool')).toMatchObject({ connected: 3, totalCount: 2, idleCount: 2 })
    expect(service.report.skipped).toMatchObject([
      { unit: 'resource pg', reason: 'RESOURCE_FAILED' },
    ])
    expect(await service.json('/')).toEqual([1, 2, 3])
    expect(await service.json('/pool')).toMatchObject({ connected: 4, totalCount: 3 })
    await service.stop()
  })

  it.runIf(redis !== undefined)('ioredis: the connection of the rehearsal is used on', async () => {
    const start = await rehearsed('ioredis', { REDIS_SOCKET: redis?.socket })
    const service = await start()
    expect(await service.json('/client')).toEqual({ connected: 1, status: 'ready' })
    expect(service.report.skipped).toEqual([])
    expect(await service.ask('/')).toBe('null')
    expect(await service.json('/client')).toEqual({ connected: 1, status: 'ready' })
    await service.stop()
  })

  it.runIf(redis !== undefined)('ioredis: a client that gets no answer connects anew', async () => {
    const start = await rehearsed('ioredis', { REDIS_SOCKET: redis?.socket })
    const service = await start({ HANG: '1' })
    expect(service.report.skipped).toMatchObject([
      { unit: 'resource ioredis', reason: 'RESOURCE_FAILED' },
    ])
    expect(await service.ask('/')).toBe('null')
    expect(await service.json('/client')).toEqual({ connected: 2, status: 'ready' })
    await service.stop()
  })
})
