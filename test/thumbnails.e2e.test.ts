import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../scripts/databases.mjs'
import {
  cli,
  nodeLines,
  prewarm,
  readProfile,
  replayer,
  reportOf,
  root,
  runToEnd,
  scratchFolder,
  until,
} from './harness.ts'

const folder = scratchFolder()
const sample = path.join(root, 'samples', 'thumbnails')
const script = path.join(sample, 'worker.js')
const jobs = 40

const server = await startRedis(folder)
if (server === undefined) {
  process.stderr.write(
    'no Redis here (Debian: apt-get install redis-server): its tests are left out\n',
  )
}
const address = server?.socket ?? ''
afterAll(() => server?.stop())

describe.runIf(server).each(nodeLines)('samples/thumbnails on Node %s', (line, node) => {
  const profile = path.join(folder, `thumbnails-${line}.prewarm`)
  let redis: Redis

  beforeAll(async () => {
    redis = new Redis(address)
    await redis.flushall()
  })
  afterAll(() => redis.quit())

  /** A worker that waits for jobs; `stop` resolves with its exit code. */
  const startWorker = async (
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ stdout: () => string; stderr: () => string; stop: () => Promise<unknown> }> => {
    const child: ChildProcess = spawn(command, args, {
      env: { ...process.env, REDIS_URL: address, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => code ?? signal)
    await until(() => stdout.includes('waiting for jobs') || child.exitCode !== null)
    return {
      stdout: () => stdout,
      stderr: () => stderr,
      stop() {
        child.kill('SIGTERM')
        return ended
      },
    }
  }

  const produce = (count: number, seed: number) =>
    runToEnd(node, [path.join(sample, 'produce.js'), '--jobs', `${count}`, '--seed', `${seed}`], {
      REDIS_URL: address,
    })

  /** How often the server was asked for each command since it was last told to forget. */
  const commandCounts = async (): Promise<Map<string, number>> => {
    const stats = await redis.info('commandstats')
    const found = stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)
    return new Map([...found].map(([, command = '', calls]) => [command, Number(calls)]))
  }

  /** A start in production, one job that was there before it, and what Redis was asked by then. */
  const start = async (
    env: NodeJS.ProcessEnv,
  ): Promise<{ stdout: string; counts: Map<string, number>; svg: string }> => {
    await redis.flushall()
    await redis.config('RESETSTAT')
    const job = readProfile(profile).work[0]?.samples[0]?.arguments ?? ''
    const [first] = JSON.parse(job) as { id: string }[]
    await redis.lpush('thumbnails:waiting', JSON.stringify(first))
    const worker = await startWorker(node, ['--import', replayer, script], {
      PREWARM_PROFILE: profile,
      PREWARM_BUDGET: '60s',
      PREWARM_ROUNDS: '9',
      ...env,
    })
    let svg: string | null = null
    while (svg === null) svg = await redis.hget('thumbnails:drawn', first?.id ?? '')
    const counts = await commandCounts()
    expect(await worker.stop()).toBe(0)
    expect(worker.stderr()).toBe('')
    return { stdout: worker.stdout(), counts, svg }
  }

  it('is recorded under its jobs', async () => {
    const args = [cli, 'record', '-o', profile, '--force', '--', node, script]
    const worker = await startWorker(process.execPath, args)
    expect(await produce(jobs, 1)).toMatchObject({ code: 0, stdout: `${jobs} jobs finished\n` })
    expect(await worker.stop()).toBe(0)
    expect(worker.stderr()).toMatch(new RegExp(`and ${jobs} calls of draw-thumbnail to `))
    const { work, requests } = readProfile(profile)
    expect(requests.routes).toEqual([])
    expect(work).toMatchObject([{ name: 'draw-thumbnail', count: jobs, unreplayable: 0 }])
    expect(work[0]?.samples).toHaveLength(16)
    const asRecorded = { outcome: 'returned', tried: 'passed', effects: [] }
    expect(work[0]?.samples).toMatchObject(Array<object>(16).fill(asRecorded))
  })

  it('is inspected: its work, and no word of requests', async () => {
    const text = await prewarm(['inspect', profile, '--app', sample])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(/^Work .*\n.*\n.*\n +40 .* 16 +\d+ +draw-thumbnail$/m)
    expect(text.stdout).not.toContain('No requests were recorded')
    const json = await prewarm(['inspect', profile, '--app', sample, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      counts: { work: 1 },
      work: [{ name: 'draw-thumbnail', calls: jobs, kept: 16, unreplayable: 0 }],
    })
  })

  it('is planned: all of its kept jobs', async () => {
    const planned = ['plan', '-p', profile, '--app', sample]
    const { code, stdout } = await prewarm([...planned, '--min-rehearsed', '100%'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +40 +16 of 16 +draw-thumbnail$/m)
    const skipped = await prewarm([...planned, '--skip', 'draw-*', '--json'])
    expect(JSON.parse(skipped.stdout)).toMatchObject({
      rehearsedShare: 0,
      work: [{ samples: { rehearsed: 0, refused: 16 }, refused: [{ reason: 'ROUTE_SKIPPED' }] }],
    })
  })

  it('has every kept job drawn before the first one comes, and Redis does not hear of it', async () => {
    const { stdout, counts, svg } = await start({})
    const report = await reportOf(`${profile}.report.json`)
    expect(report.work).toEqual({ applied: 16, skipped: {}, rounds: 9, calls: 16 * 9 })
    expect(report.codeCache.applied).toBeGreaterThan(50)
    expect(stdout).toContain('rehearsed 144 calls of 16 recorded ones')
    // The one job that was there, which is drawn as ever: taken once, handed in once.
    expect(Object.fromEntries(counts)).toMatchObject({ hset: 1, lrem: 1, lpush: 1 })
    expect(await redis.llen('thumbnails:taken')).toBe(0)
    const cold = await start({ PREWARM_MODE: 'off' })
    expect(cold.svg).toBe(svg)
  })
})
