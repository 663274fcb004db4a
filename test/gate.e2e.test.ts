import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  record,
  replay,
  replayer,
  replayerScript,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()
/** Rehearsal goes on until the budget ends. */
const long = { PREWARM_ROUNDS: '999999' }
/** Longer than a test may take. */
const endless = { ...long, PREWARM_BUDGET: '10m' }

describe.each(nodeLines)('on Node %s', (line, node) => {
  const profileOf = async (script: string, paths: string[] = ['/'], env = {}): Promise<string> => {
    const profile = path.join(folder, `${script}-${line}.prewarm`)
    await record(node, app(script), profile, (url) => ask(url, paths), env)
    return profile
  }

  it('handlers that are made when the server listens are rehearsed if that is told before', async () => {
    const profile = await profileOf('handlers-on-listening.cjs')
    const budget = { PREWARM_BUDGET: '3s', PREWARM_ROUNDS: '4' }
    const late = await replay(node, app('handlers-on-listening.cjs'), profile, budget)
    expect((await reportOf(`${profile}.report.json`)).rehearsal.applied).toBe(0)
    await late.stop()
    const env = { ...budget, PREWARM_LISTENING: 'before' }
    const service = await replay(node, app('handlers-on-listening.cjs'), profile, env)
    const { rehearsal } = await reportOf(`${profile}.report.json`)
    expect(rehearsal).toMatchObject({ applied: 1, rounds: 4, stopped: 'cap' })
    expect(await get(service.url)).toBe('told 1 times\n')
    await service.stop()
    expect(service.stdout()).toMatch(/^listening 1 on [^\n]+\n$/)
  })

  it('an application sees the same of listen() with and without it', async () => {
    const profile = await profileOf('gate.cjs')
    const busy = net.createServer().listen(0)
    await once(busy, 'listening')
    const { port } = busy.address() as net.AddressInfo
    const names = [
      'address',
      'host',
      'close',
      'closeLater',
      'abort',
      'inUse',
      'badAddress',
      'twice',
    ]
    for (const name of [...names, 'unref']) {
      const env = { CASE: name, PORT: String(port) }
      const plain = await runToEnd(node, [app('gate.cjs')], env)
      const replayed = await runToEnd(node, ['--import', replayer, app('gate.cjs')], {
        ...env,
        ...long,
        PREWARM_PROFILE: profile,
        PREWARM_BUDGET: '300ms',
        PREWARM_REPORT: 'off',
      })
      expect({ name, ...replayed, stdout: visible(name, replayed.stdout) }).toEqual({
        name,
        ...plain,
        stdout: visible(name, plain.stdout),
      })
      if (name !== 'unref') expect(plain.stdout).not.toBe('')
    }
    busy.close()
  })

  it('a port that is held refuses connections', async () => {
    const profile = await profileOf('gate.cjs')
    const service = await replay(node, app('gate.cjs'), profile, { ...endless, CASE: 'held' })
    const { port } = new URL(service.url)
    for (let time = 0; time < 10; time++) expect(await knock(Number(port))).toBe('ECONNREFUSED')
    await service.stop()
    expect(service.stdout()).toBe(`bound to ${service.url}\n`)
  })

  it('a port that is held opens when the budget is spent', async () => {
    const profile = await profileOf('gate.cjs')
    const budgetMs = 800
    const service = await replay(node, app('gate.cjs'), profile, {
      ...long,
      CASE: 'held',
      PREWARM_BUDGET: `${budgetMs}ms`,
    })
    const heldMs = (): number => Number(/^held (\d+) ms\n/m.exec(service.stdout())?.[1])
    await until(() => heldMs() >= 0)
    expect(await get(service.url)).toBe('served')
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(report.rehearsal.stopped).toBe('BUDGET_SPENT')
    expect(heldMs()).toBeGreaterThanOrEqual(budgetMs)
    // One request more, on a machine that has much else to do.
    expect(heldMs()).toBeLessThan(budgetMs + 20_000)
  })

  it('a server that was asked nothing in staging opens at once', async () => {
    const profile = await profileOf('two-servers.cjs')
    const service = await replay(node, app('two-servers.cjs'), profile, endless)
    expect(await get(service.url)).toBe('healthy')
    await service.stop()
    expect(service.stdout()).toBe(`health on ${service.url}\n`)
  })

  it('a server is held and rehearsed however late it comes', async () => {
    const profile = await profileOf('two-servers.cjs')
    for (const delay of ['0', '2500']) {
      const service = await replay(node, app('two-servers.cjs'), profile, {
        ...long,
        PREWARM_BUDGET: '2s',
        DELAY: delay,
      })
      const url = (): string | undefined => /^listening on (.*)\n/m.exec(service.stdout())?.[1]
      await until(() => url() !== undefined)
      expect(await get(url() ?? '')).toBe('served')
      const report = await reportOf(`${profile}.report.json`)
      await service.stop()
      expect(report.rehearsal).toMatchObject({ applied: 1, stopped: 'BUDGET_SPENT' })
    }
  })

  it('a unix socket is held and opened like a port', async () => {
    const socketPath = path.join(folder, `${line}.sock`)
    const profile = path.join(folder, `unix-${line}.prewarm`)
    const env = { SOCKET: socketPath }
    await record(node, app('unix-socket.cjs'), profile, () => askSocket(socketPath), env)
    // Ended by a signal, it has left its socket behind.
    rmSync(socketPath)
    const service = await replay(node, app('unix-socket.cjs'), profile, {
      ...env,
      PREWARM_ROUNDS: '3',
    })
    await askSocket(socketPath)
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(report.rehearsal).toMatchObject({ applied: 1, rounds: 3 })
  })

  it('every worker of a cluster rehearses by itself and shares the port afterwards', async () => {
    const profile = path.join(folder, `cluster-${line}-{pid}.prewarm`)
    const recording = await startService(process.execPath, [
      ...[cli, 'record', '-o', profile, '--', node, app('cluster.cjs')],
    ])
    await fromBothWorkers(recording.url)
    await recording.stop()
    const written = readdirSync(folder).filter((name) => name.startsWith(`cluster-${line}-`))
    expect(written).toHaveLength(2)

    const reports = path.join(folder, `cluster-report-${line}-{pid}.json`)
    const first = path.join(folder, written[0] ?? '')
    const service = await replay(node, app('cluster.cjs'), first, {
      PREWARM_ROUNDS: '3',
      PREWARM_REPORT: reports,
    })
    const pids = await fromBothWorkers(service.url)
    expect(await service.stop()).toBe(0)
    for (const pid of pids) {
      const report = await reportOf(reports.replace('{pid}', pid))
      expect(report.rehearsal.applied).toBeGreaterThan(0)
      expect(report.rehearsal.rounds).toBe(3)
    }
  })

  it('requests that hang, throw, reject or exit are dropped, and the service lives', async () => {
    const paths = ['/ok', '/hangs', '/throws', '/rejects', '/exits', '/microtask']
    const profile = await profileOf('unruly.cjs', paths)
    const service = await replay(node, app('unruly.cjs'), profile, {
      UNRULY: '1',
      PREWARM_ROUNDS: '20',
    })
    const report = await reportOf(`${profile}.report.json`)
    expect(await get(`${service.url}/ok`)).toBe('ok')
    expect(await service.stop()).toBe('SIGTERM')
    expect(service.stderr()).toBe('')
    expect(report.rehearsal.applied).toBe(1)
    const dropped = report.skipped.map(({ unit }) => unit)
    expect(dropped.sort()).toEqual(
      paths
        .slice(1)
        .map((each) => `GET ${each}`)
        .sort(),
    )
    const details = Object.fromEntries(report.skipped.map(({ unit, detail }) => [unit, detail]))
    expect(details).toMatchObject({
      'GET /throws': 'uncaught Error',
      'GET /rejects': 'unhandled Error',
      'GET /exits': 'process.exit()',
    })
    expect(report.rehearsal.rounds).toBe(20)
  })

  it('a request that the end of the budget cut off fails without harm after the port is open', async () => {
    const profile = path.join(folder, `lingering-${line}.prewarm`)
    await record(node, app('lingering.cjs'), profile, async (url) => {
      await get(url)
    })
    const service = await replay(node, app('lingering.cjs'), profile, {
      LINGER: '1',
      PREWARM_BUDGET: '2s',
    })
    const { rehearsal } = await reportOf(`${profile}.report.json`)
    await get(`${service.url}/release`)
    const counts: unknown = JSON.parse(await get(`${service.url}/count`))
    expect(await service.stop()).toBe('SIGTERM')
    expect(service.stderr()).toBe('')
    expect(rehearsal).toMatchObject({ requests: 1, stopped: 'BUDGET_SPENT' })
    expect(counts).toEqual({ rehearsed: 1, real: 0 })
  })

  it('a late module that never comes to an end does not keep the port closed', async () => {
    const profile = await profileOf('late-trouble.mjs', ['/', '/endless'])
    const service = await replay(node, app('late-trouble.mjs'), profile, {
      TROUBLE: '1',
      PREWARM_BUDGET: '500ms',
    })
    const report = await reportOf(`${profile}.report.json`)
    expect(await get(service.url)).toBe('served')
    await service.stop()
    expect(report.skipped).toContainEqual({ unit: 'late-endless.mjs', reason: 'BUDGET_SPENT' })
  })

  it('a late module that would end the process does not', async () => {
    const profile = await profileOf('late-trouble.mjs', ['/', '/exit'])
    const service = await replay(node, app('late-trouble.mjs'), profile, { TROUBLE: '1' })
    const report = await reportOf(`${profile}.report.json`)
    expect(await get(service.url)).toBe('served')
    expect(await service.stop()).toBe('SIGTERM')
    expect(report.skipped).toContainEqual({ unit: 'late-exit.mjs', reason: 'LOAD_FAILED' })
  })

  it('code caches alone: nothing is held, and a module that comes later still has its cache', async () => {
    const profile = await profileOf('bare.cjs', ['/', '/late'])
    const service = await replay(node, app('bare.cjs'), profile, { PREWARM_BUDGET: '0' })
    const report = await reportOf(`${profile}.report.json`)
    expect(await get(`${service.url}/late`)).toContain('/late')
    await service.stop()
    expect(report.codeCache).toEqual({ applied: 1, skipped: { NOT_LOADED: 1 } })
    expect(report.rehearsal).toMatchObject({ rounds: 0, stopped: 'BUDGET_SPENT' })
  })

  it('two servers share the budget', async () => {
    const profile = path.join(folder, `both-${line}.prewarm`)
    const { requests } = await record(node, app('both.cjs'), profile, async (url) => {
      await ask(url, ['/'])
      await ask(url, ['/other'])
    })
    expect(requests.servers).toHaveLength(2)
    const service = await replay(node, app('both.cjs'), profile, {
      ...long,
      PREWARM_BUDGET: '3s',
    })
    const counts = JSON.parse(await get(`${service.url}/counts`)) as {
      first: number
      second: number
    }
    await service.stop()
    expect(counts.first).toBeGreaterThan(2)
    expect(counts.second).toBeGreaterThan(2)
  })

  it('a server that closes every connection is rehearsed all the same', async () => {
    const profile = await profileOf('closing.cjs', ['/', '/a', '/b', '/c', '/d'])
    const service = await replay(node, app('closing.cjs'), profile, { PREWARM_ROUNDS: '6' })
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(Object.keys(report.rehearsal.skipped)).toEqual([])
    expect(report.rehearsal.applied).toBe(5)
  })

  it('being preloaded twice is being preloaded once', async () => {
    const profile = await profileOf('bare.cjs')
    const copy = path.join(folder, `copy-${line}`, 'replay.mjs')
    cpSync(replayer, copy)
    cpSync(replayerScript, path.join(path.dirname(copy), 'replayer.cjs'))
    const service = await replay(node, app('bare.cjs'), profile, { PREWARM_ROUNDS: '2' }, [
      '--import',
      copy,
    ])
    expect(await get(service.url)).toContain('"url":"/"')
    await service.stop()
    expect(service.stderr()).toBe('')
  })

  it('a signal ends the process during rehearsal as it would without', async () => {
    const profile = await profileOf('slow-stop.cjs')
    for (const [handler, expected] of [
      ['', 'SIGTERM'],
      ['1', 0],
    ] as const) {
      const env = { ...endless, HANDLER: handler }
      const service = await replay(node, app('slow-stop.cjs'), profile, env)
      expect(await service.stop()).toBe(expected)
      expect(service.stdout()).toBe(`rehearsing for ${service.url}\n`)
    }
  })

  it('tells the application what is rehearsal and when it is over', async () => {
    const profile = await profileOf('ready.mjs', ['/', '/a', '/b'])
    const service = await replay(node, app('ready.mjs'), profile, { PREWARM_ROUNDS: '4' })
    const seen = JSON.parse(await get(service.url)) as Record<string, unknown>
    await service.stop()
    expect(service.stderr()).toBe('ready open null\n')
    expect(seen).toMatchObject({ start: 'waiting', during: 'rehearsing', after: 'open', real: 1 })
    expect(seen['rehearsed']).toBeGreaterThan(0)
  })

  it('touches nothing when it is switched off', async () => {
    const profile = await profileOf('ready.mjs')
    const report = path.join(folder, `off-${line}.json`)
    const service = await replay(node, app('ready.mjs'), profile, {
      PREWARM_MODE: 'off',
      PREWARM_REPORT: report,
    })
    const seen = JSON.parse(await get(service.url)) as Record<string, unknown>
    await service.stop()
    expect(seen).toMatchObject({ start: 'off', after: 'off', rehearsed: 0, real: 1 })
    expect(existsSync(report)).toBe(false)
  })
})

/** Leaves out what must differ: a server that is closed while it is held never listens. */
function visible(name: string, stdout: string): string {
  const neverListens = name === 'closeLater' || name === 'abort'
  return neverListens ? stdout.replace(/^listening event.*\n/m, '') : stdout
}

async function knock(port: number): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return 'connected'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  } finally {
    socket.destroy()
  }
}

async function askSocket(socketPath: string): Promise<void> {
  const request = http.get({ socketPath, path: '/' })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  expect(response.statusCode).toBe(200)
  response.resume()
  await once(response, 'end')
}

/** Process ids of the two workers of a cluster; each has answered requests. */
async function fromBothWorkers(url: string): Promise<Set<string>> {
  const pids = new Set<string>()
  while (pids.size < 2) {
    for (const each of ['/a/1', '/b', '/c', '/d']) {
      // The workers take turns with connections, not with requests.
      pids.add(await get(url + each, { headers: { connection: 'close' } }))
    }
  }
  return pids
}
