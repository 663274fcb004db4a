import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatGuardEvent } from '../formats/guard-state.ts'
import { GuardFiles } from '../runtime/guard-files.ts'
import { digestOf } from '../formats/container.ts'
import { app, ask, nodeLines, prewarm, record, scratchFolder, type Ended } from './harness.ts'

const folder = scratchFolder()
const script = app('guard/service.cjs')
const paths = ['/orders', '/items', '/users']
const quick = ['--rounds', '12', '--budget', '30s']

interface Verified {
  readonly outcome: string
  readonly reason: string | null
  readonly share: number | null
  readonly kinds: readonly { kind: string; applied: number; offered: number }[]
  readonly deopts: readonly { name: string; reason: string; count: number }[] | null
}

/** Tries to connect until told to stop; the end tells whether it ever could. */
function knock(port: number): () => boolean {
  let wasOpen = false
  const timer = setInterval(() => {
    const socket = net.connect(port, '127.0.0.1', () => {
      wasOpen = true
      socket.destroy()
    })
    socket.on('error', () => undefined)
  }, 10)
  return () => {
    clearInterval(timer)
    return wasOpen
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.each(nodeLines)('prewarm verify on Node %s', (line, node) => {
  const own = path.join(folder, line)
  const profile = path.join(own, 'app.prewarm')
  const verify = (options: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
    const args = ['verify', '-p', profile, ...quick, ...options, '--', node, script]
    return prewarm(args, { PORT: '0', NODE_ENV: 'production', PREWARM_STATE_DIR: '', ...env })
  }
  const parsed = ({ stdout }: Ended): Verified => JSON.parse(stdout) as Verified

  beforeAll(async () => {
    mkdirSync(own)
    await record(node, script, profile, (url) => ask(url, paths, 50))
  })

  it('applies everything, never opens the port and leaves nothing behind', async () => {
    const port = await freePort()
    const wasOpen = knock(port)
    const ended = await verify(['--json', '--min-applied', '50%'], { PORT: String(port) })
    expect(wasOpen()).toBe(false)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stderr).toMatch(/^✓ at least 50\.0%: .* of the profile applies\n$/)
    const { outcome, kinds, share } = parsed(ended)
    expect(outcome).toBe('applied')
    expect(kinds).toContainEqual(expect.objectContaining({ kind: 'code caches', applied: 1 }))
    expect(kinds).toContainEqual(expect.objectContaining({ kind: 'requests', applied: 3 }))
    expect(share).toBeGreaterThan(0.5)
    expect(readdirSync(own)).toEqual(['app.prewarm'])
  })

  it('less than --min-applied is 3, for people too', async () => {
    const ended = await verify(['--skip', 'GET /items', '--min-applied', '100%'])
    expect(ended.code).toBe(3)
    expect(ended.stdout).toContain('1 requests: ROUTE_SKIPPED')
    expect(ended.stderr).toContain('✗ at least 100.0%')
  })

  it('what the guard holds against a profile makes it cold, and is not changed', async () => {
    const stateDir = path.join(own, 'state')
    mkdirSync(stateDir)
    const files = new GuardFiles(profile, stateDir, digestOf(readFileSync(profile)))
    const verdict = { event: 'verdict', reason: 'HARMFUL', detail: 'It was slow.' } as const
    appendFileSync(files.log, formatGuardEvent(files.event(verdict)))
    const before = readFileSync(files.log, 'utf8')
    const ended = await verify(['--state-dir', stateDir])
    expect(ended.code).toBe(3)
    expect(ended.stdout).toContain('HARMFUL: It was slow.')
    expect(ended.stdout).toContain('prewarm guard clear')
    expect(readFileSync(files.log, 'utf8')).toBe(before)
    expect(readdirSync(stateDir)).toHaveLength(1)
  })

  it('a profile that is not there is a cold start', async () => {
    const missing = path.join(own, 'missing.prewarm')
    const args = ['verify', '-p', missing, '--json', '--', node, script]
    const ended = await prewarm(args, { PORT: '0' })
    expect(ended.code).toBe(3)
    expect(parsed(ended)).toMatchObject({ outcome: 'cold', reason: 'NO_PROFILE', share: null })
  })

  it('a service that does not come to its port is told by the time or by its end', async () => {
    const late = ['--import', 'data:text/javascript,await new Promise((r)=>setTimeout(r,60000))']
    const args = ['verify', '-p', profile, '--timeout', '1s', '--', node]
    const waiting = await prewarm([...args, ...late, script], { PORT: '0' })
    expect(waiting.code).toBe(1)
    expect(waiting.stderr).toContain('ERR_PREWARM_CLI_NO_LISTEN')
    expect(waiting.stderr).toContain('within 1 s')
    const failing = await prewarm([...args, '-e', 'console.error("oh"); process.exit(7)'])
    expect(failing.code).toBe(1)
    expect(failing.stderr).toMatch(/ended by itself \(exit code 7\)\. It last wrote:\noh/)
  })

  it('a service that hangs in its end is ended', async () => {
    const hangs = 'data:text/javascript,process.on("exit",()=>{for(;;);})'
    const args = ['verify', '-p', profile, '--json', ...quick, '--', node, '--import', hangs]
    const ended = await prewarm([...args, script], { PORT: '0' })
    expect(ended.code).toBe(0)
    expect(parsed(ended).outcome).toBe('applied')
  })

  it('a server that is not rehearsed stays closed, and the application goes on', async () => {
    const two = path.join(own, 'two.prewarm')
    await record(node, app('two-servers.cjs'), two, (url) => ask(url, ['/'], 5))
    const args = ['verify', '-p', two, '--json', ...quick, '--', node, app('two-servers.cjs')]
    const ended = await prewarm(args, { PORT: '0' })
    expect(ended.code).toBe(0)
    expect(parsed(ended).kinds).toContainEqual(
      expect.objectContaining({ kind: 'requests', applied: 1 }),
    )
    const none = await prewarm([...args.slice(0, 4), '--budget', '0', ...args.slice(8)], {
      PORT: '0',
    })
    expect(none.code).toBe(0)
    expect(parsed(none).kinds).toContainEqual(
      expect.objectContaining({ kind: 'requests', applied: 0 }),
    )
  })

  it('a worker ends before its first real work', async () => {
    const work = path.join(own, 'work.prewarm')
    const recording = ['record', '-o', work, '--quiet', '--', node, app('work.mjs')]
    await prewarm(recording)
    expect(existsSync(work)).toBe(true)
    const args = ['verify', '-p', work, '--json', '--', node, app('work.mjs')]
    const writes = path.join(own, 'writes.txt')
    const ended = await prewarm([...args], { WRITES: writes })
    expect(ended.code).toBe(0)
    const calls = parsed(ended).kinds.find(({ kind }) => kind === 'calls of work')
    expect(calls?.offered).toBeGreaterThan(0)
    expect(existsSync(writes) ? readFileSync(writes, 'utf8') : '').not.toContain('real')
  })

  it('--deopts has the words of V8, and says what cannot be had with it', async () => {
    const ended = await verify(['--deopts', '--json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { deopts } = parsed(ended)
    expect(deopts).not.toBeNull()
    for (const { reason, count } of deopts ?? []) {
      expect(reason).not.toBe('')
      expect(count).toBeGreaterThan(0)
    }
    const text = await verify(['--deopts'])
    expect(text.stdout).toContain('Code caches do not apply with --deopts')
  })
})

it('what verify cannot do ends with 2', async () => {
  const [[, node]] = nodeLines as [[string, string]]
  const service = ['--', node, script]
  for (const args of [
    ['-p', 'a', '--deopts', '--', 'npm', 'start'],
    ['-p', 'a', '--deopts', '--min-applied', '1%', ...service],
    ['-p', 'a', '--min-applied', '80', ...service],
    service,
  ]) {
    const ended = await prewarm(['verify', ...args], { PREWARM_PROFILE: '' })
    expect({ args, code: ended.code }).toEqual({ args, code: 2 })
    expect(ended.stderr).toContain('ERR_PREWARM_CLI_USAGE')
  }
  const off = await prewarm(['verify', '-p', 'a', ...service], { PREWARM_MODE: 'off' })
  expect(off.code).toBe(2)
})
