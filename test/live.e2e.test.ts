import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import http2 from 'node:http2'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { liveLimits, parseLiveLines, type LiveLine, type LiveTraffic } from '../formats/live.ts'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  record,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const scratch = scratchFolder()
const script = app('bare.cjs')
const paths = ['/', '/orders/17?token=hunter2']
const routes = ['GET /', 'GET /orders/:id']

type LineOf<Type extends LiveLine['type']> = Extract<LiveLine, { readonly type: Type }>

function ofType<Type extends LiveLine['type']>(
  lines: readonly LiveLine[],
  type: Type,
): LineOf<Type>[] {
  return lines.filter((line): line is LineOf<Type> => line.type === type)
}

const typesOf = (lines: readonly LiveLine[]): string[] => [
  ...new Set(lines.map(({ type }) => type)),
]

/** Of every file in the folder, which holds nothing else, the lines. None of them was written in vain. */
function filesIn(folder: string): LiveLine[][] {
  return readdirSync(folder).map((name) => {
    const content = readFileSync(path.join(folder, name), 'utf8')
    const lines = parseLiveLines(content)
    expect(lines).toHaveLength(content.split('\n').length - 1)
    const [start] = lines
    // Before its first write it is empty.
    if (start !== undefined) {
      const pid = Number(/^\d+-(\d+)\.live\.jsonl$/.exec(name)?.[1])
      expect(start).toMatchObject({ type: 'start', pid })
    }
    return lines
  })
}

function linesIn(folder: string): LiveLine[] {
  const [lines = [], ...others] = filesIn(folder)
  expect(others).toEqual([])
  return lines
}

/** Requests by route, those whose latencies were left out under `(left out)`. */
function requestsOf(lines: readonly LiveLine[]): Record<string, number> {
  const counts: Record<string, number> = {}
  const add = (name: string, count: number): void => {
    if (count > 0) counts[name] = (counts[name] ?? 0) + count
  }
  for (const { requests, routes: names, samples } of ofType(lines, 'traffic')) {
    for (const [route] of samples) add(names[route] ?? '', 1)
    add('(left out)', requests - samples.length)
  }
  return counts
}

function requestsIn(traffic: readonly LiveTraffic[]): number {
  return traffic.reduce((sum, { requests }) => sum + requests, 0)
}

describe.each(nodeLines)('on Node %s', (line, node) => {
  const profile = path.join(scratch, `bare-${line}.prewarm`)
  const folderOf = (name: string): string => path.join(scratch, `${name}-${line}`)

  beforeAll(async () => {
    await record(node, script, profile, (url) => ask(url, paths))
  })

  it('a start is told from its first line to its last, and rehearsed requests are not among its traffic', async () => {
    const folder = folderOf('start')
    const quiet = await replay(node, script, profile, { PREWARM_ROUNDS: '20' })
    await quiet.stop()
    const service = await replay(node, script, profile, {
      PREWARM_ROUNDS: '20',
      PREWARM_LIVE: folder,
    })
    const report = await reportOf(`${profile}.report.json`)
    await ask(service.url, paths, 20)
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
    expect(service.stdout().replace(/\d+\n/, '')).toBe(quiet.stdout().replace(/\d+\n/, ''))

    const lines = linesIn(folder)
    const times = lines.map(({ ms }) => ms)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(lines[0]).toMatchObject({
      type: 'start',
      pid: service.child.pid,
      appId: 'prewarm-test-apps:bare.cjs',
      mode: 'auto',
      profile: path.basename(profile),
      budgetMs: 60_000,
    })
    expect(ofType(lines, 'state').map(({ state }) => state)).toEqual([
      'waiting',
      'rehearsing',
      'open',
    ])
    expect(ofType(lines, 'stage').map(({ name }) => name)).toEqual(
      report.stages.map(({ name }) => name),
    )
    expect(report.rehearsal.requests).toBeGreaterThanOrEqual(20)
    expect(ofType(lines, 'rehearsal').at(-1)).toMatchObject({ rounds: 20, part: 1 })
    expect(ofType(lines, 'report')[0]?.report).toEqual(report)
    const types = typesOf(lines)
    expect(types.indexOf('rehearsal')).toBeLessThan(types.indexOf('listen'))
    expect(types.indexOf('listen')).toBeLessThan(types.indexOf('report'))
    expect(ofType(lines, 'listen')).toHaveLength(1)
    expect(requestsOf(lines)).toEqual(Object.fromEntries(routes.map((name) => [name, 20])))
    const opened = ofType(lines, 'listen')[0]?.ms ?? Infinity
    for (const { samples, rssBytes, heapUsedBytes } of ofType(lines, 'traffic')) {
      expect(rssBytes).toBeGreaterThan(heapUsedBytes)
      for (const [, beganMs, micros] of samples) {
        expect(beganMs).toBeGreaterThanOrEqual(Math.floor(opened))
        expect(micros).toBeGreaterThan(0)
      }
    }
    expect(lines.at(-1)).toMatchObject({ type: 'end', why: 'exit', code: 0 })
    const content = readFileSync(path.join(folder, readdirSync(folder)[0] ?? ''), 'utf8')
    expect(content).not.toMatch(/hunter2|token/)
  })

  it('can be looked at while it goes on', async () => {
    const folder = folderOf('tail')
    const service = await replay(node, script, profile, {
      PREWARM_ROUNDS: '999999',
      PREWARM_BUDGET: '2s',
      PREWARM_LIVE: folder,
    })
    await get(service.url)
    await until(() => requestsIn(ofType(linesIn(folder), 'traffic')) === 1)
    const lines = linesIn(folder)
    const progress = ofType(lines, 'rehearsal').map(({ rounds }) => rounds)
    expect(progress.length).toBeGreaterThan(2)
    expect(progress).toEqual(progress.toSorted((one, other) => one - other))
    const moments = ofType(lines, 'rehearsal').map(({ ms }) => ms)
    const seconds = ((moments.at(-1) ?? 0) - (moments[0] ?? 0)) / 1000
    expect(moments.length).toBeLessThanOrEqual(4 * seconds + 2)
    await service.stop('SIGKILL')
    expect(ofType(linesIn(folder), 'end')).toEqual([])
  })

  it('of many requests all are counted, and the latencies of the first ones told', async () => {
    const folder = folderOf('many')
    const service = await replay(node, script, profile, {
      PREWARM_ROUNDS: '5',
      PREWARM_LIVE: folder,
    })
    const requests = 3 * liveLimits.samples
    await Promise.all(Array.from({ length: 20 }, () => ask(service.url, ['/'], requests / 20)))
    await service.stop()
    const traffic = ofType(linesIn(folder), 'traffic')
    expect(requestsIn(traffic)).toBe(requests)
    for (const { requests: count, samples } of traffic) {
      expect(samples).toHaveLength(Math.min(count, liveLimits.samples))
    }
  })

  it.each([
    ['off', { PREWARM_MODE: 'off' }, 'off', 'MODE_OFF'],
    ['without a profile', {}, 'cold', 'NO_PROFILE'],
    ['with a setting that cannot be used', { PREWARM_BUDGET: 'soon' }, 'cold', 'CONFIG_INVALID'],
    ['with the profile of another application', undefined, 'cold', 'APP_MISMATCH'],
  ] as const)('%s, requests are told all the same', async (name, given, state, reason) => {
    const folder = folderOf(name)
    const other = path.join(scratch, `other-${line}.prewarm`)
    if (given === undefined) {
      await record(node, app('closing.cjs'), other, (url) => ask(url, ['/']))
    }
    const env = given ?? { PREWARM_PROFILE: other }
    const service = await startService(node, ['--import', replayer, script], {
      ...env,
      PREWARM_LIVE: folder,
    })
    await ask(service.url, paths, 5)
    expect(await service.stop()).toBe(0)
    if (reason !== 'CONFIG_INVALID') expect(service.stderr()).toBe('')
    const lines = linesIn(folder)
    expect(ofType(lines, 'state')).toMatchObject([{ state, reason }])
    expect(ofType(lines, 'listen')).toHaveLength(1)
    expect(requestsOf(lines)).toEqual(Object.fromEntries(routes.map((route) => [route, 5])))
    expect(lines.at(-1)).toMatchObject({ type: 'end', code: 0 })
  })

  it('prewarm run --live writes too when the mode is off', async () => {
    const folder = folderOf('run')
    const args = [cli, 'run', '-p', profile, '--mode', 'off', '--live', folder, '--', node, script]
    const service = await startService(process.execPath, args)
    await get(service.url)
    expect(await service.stop()).toBe(0)
    const lines = linesIn(folder)
    expect(typesOf(lines)).toEqual(['start', 'state', 'listen', 'traffic', 'end'])
    expect(lines[0]).toMatchObject({ mode: 'off', profile: path.basename(profile) })
  })

  it('a process that is not the service leaves nothing behind', async () => {
    const folder = folderOf('helper')
    for (const env of [{ PREWARM_MODE: 'off' }, {}, { PREWARM_PROFILE: profile }]) {
      const helper = ['--import', replayer, '-e', 'console.log("helped"); process.exitCode = 3']
      const ended = await runToEnd(node, helper, { ...env, PREWARM_LIVE: folder })
      expect(ended).toEqual({ code: 3, stdout: 'helped\n', stderr: '' })
    }
    expect(existsSync(folder)).toBe(false)
  })

  it('a process that has nothing more to do ends by itself', async () => {
    const folder = folderOf('ends')
    const source = `
      const http = require('node:http')
      const server = http.createServer((request, response) => response.end('ok'))
      server.listen(0, () => {
        http.get({ port: server.address().port, agent: false }, (answer) => {
          answer.resume().on('end', () => server.close())
        })
      })`
    const args = ['--import', replayer, '-e', source]
    const ended = await runToEnd(node, args, { PREWARM_MODE: 'off', PREWARM_LIVE: folder })
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(requestsOf(linesIn(folder))).toEqual({ 'GET /': 1 })
  })

  it('a job without a port is told from its start to its exit code', async () => {
    const folder = folderOf('job')
    const job = path.join(scratch, `job-${line}.prewarm`)
    await runToEnd(process.execPath, [cli, 'record', '-o', job, '--', node, app('work.mjs')])
    const env = { PREWARM_PROFILE: job, PREWARM_ROUNDS: '3', PREWARM_LIVE: folder }
    expect((await runToEnd(node, ['--import', replayer, app('work.mjs')], env)).code).toBe(5)
    const lines = linesIn(folder)
    const states = ofType(lines, 'state').map(({ state }) => state)
    expect([states[0], states.at(-1)]).toEqual(['waiting', 'open'])
    expect(ofType(lines, 'report').at(-1)?.report.work.calls).toBeGreaterThan(0)
    expect(lines.at(-1)).toMatchObject({ type: 'end', why: 'exit', code: 5 })
  })

  it('a folder that cannot be made, and a disk that is full, cost the lines and nothing else', async () => {
    const file = path.join(scratch, `file-${line}`)
    writeFileSync(file, '')
    for (const folder of [file, path.join(file, 'below')]) {
      const service = await replay(node, script, profile, {
        PREWARM_ROUNDS: '2',
        PREWARM_LIVE: folder,
      })
      await ask(service.url, paths, 5)
      expect(await service.stop()).toBe(0)
      expect(service.stderr()).toBe('')
    }
    const folder = folderOf('full')
    mkdirSync(folder)
    // In blocks of 512 bytes, of any file that the process writes.
    const limited = ['-c', 'ulimit -f 2; exec "$@"', 'sh', node, '--import', replayer, script]
    const service = await startService('sh', limited, {
      PREWARM_PROFILE: profile,
      PREWARM_REPORT: 'off',
      PREWARM_ROUNDS: '2',
      PREWARM_LIVE: folder,
    })
    await ask(service.url, paths, 5)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await ask(service.url, paths, 5)
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
    const [name = ''] = readdirSync(folder)
    const content = readFileSync(path.join(folder, name), 'utf8')
    expect(content.length).toBeLessThanOrEqual(2048)
    expect(parseLiveLines(content)[0]).toMatchObject({ type: 'start' })
  })

  it.runIf(process.platform !== 'win32').each(['auto', 'off'])(
    'a process whose own folder is gone runs all the same (mode %s)',
    (mode) => {
      const gone = path.join(scratch, `gone-${mode}-${line}`)
      mkdirSync(gone)
      const env = { ...process.env, PREWARM_MODE: mode, PREWARM_LIVE: 'live' }
      const command = `rmdir '${gone}' && exec '${node}' --import '${replayer}' -e 'console.log(1)'`
      const options = { cwd: gone, env, encoding: 'utf8' } as const
      expect(spawnSync('sh', ['-c', command], options).stdout).toBe('1\n')
    },
  )

  it('every worker of a cluster has a file of its own', async () => {
    const folder = folderOf('cluster')
    const service = await startService(node, ['--import', replayer, app('cluster.cjs')], {
      PREWARM_MODE: 'off',
      PREWARM_LIVE: folder,
    })
    const pids = new Set<number>()
    let asked = 0
    while (pids.size < 2) {
      pids.add(Number(await get(service.url, { headers: { connection: 'close' } })))
      asked++
    }
    expect(await service.stop()).toBe(0)
    const files = filesIn(folder)
    const writers = files.map(([start]) => (start?.type === 'start' ? start.pid : undefined))
    expect(new Set(writers)).toEqual(pids)
    expect(requestsIn(ofType(files.flat(), 'traffic'))).toBe(asked)
  })

  it('a port that is open while another one is held has its traffic told', async () => {
    const folder = folderOf('two')
    const two = path.join(scratch, `two-${line}.prewarm`)
    await record(node, app('two-servers.cjs'), two, (url) => ask(url, ['/']))
    const service = await replay(node, app('two-servers.cjs'), two, {
      PREWARM_ROUNDS: '999999',
      PREWARM_LIVE: folder,
    })
    expect(service.stdout()).toContain('health on')
    await until(() => linesIn(folder).some((each) => each.type === 'rehearsal'))
    await ask(service.url, ['/health'], 5)
    await until(() => requestsIn(ofType(linesIn(folder), 'traffic')) >= 5)
    await service.stop('SIGKILL')
    const lines = linesIn(folder)
    expect(ofType(lines, 'state').at(-1)?.state).toBe('rehearsing')
    expect(requestsOf(lines)).toEqual({ 'GET /health': 5 })
  })

  it('requests over HTTP/2 are told where Node tells of them', async () => {
    const folder = folderOf('http2')
    const h2 = path.join(scratch, `http2-${line}.prewarm`)
    const streams = async (url: string): Promise<void> => {
      const client = http2.connect(url)
      for (const id of [1, 2, 3]) {
        await text(client.request({ ':path': `/items/${id}?token=hunter2` }).end())
      }
      client.close()
    }
    await record(node, app('http2.cjs'), h2, streams)
    const service = await replay(node, app('http2.cjs'), h2, {
      PREWARM_ROUNDS: '5',
      PREWARM_LIVE: folder,
    })
    const { rehearsal } = await reportOf(`${h2}.report.json`)
    expect(rehearsal.requests).toBeGreaterThan(0)
    await streams(service.url)
    expect(await service.stop()).toBe(0)
    const told = line === '20' ? {} : { 'GET /items/:id': 3 }
    expect(requestsOf(linesIn(folder))).toEqual(told)
  })

  it('what the guard finds out is told', async () => {
    const folder = folderOf('guard')
    const own = path.join(folder, 'app.prewarm')
    mkdirSync(folder)
    const places = ['/orders', '/items', '/users']
    await record(node, app('guard/service.cjs'), own, (url) => ask(url, places, 50))
    const live = path.join(folder, 'live')
    const service = await replay(node, app('guard/service.cjs'), own, {
      HARM: 'rehearsed',
      PREWARM_STATE_DIR: '',
      PREWARM_ROUNDS: '12',
      PREWARM_LIVE: live,
    })
    await ask(service.url, places, 35)
    const last = (): RunReport | undefined => ofType(linesIn(live), 'report').at(-1)?.report
    await until(() => last()?.guard?.state === 'over')
    await service.stop()
    const lines = linesIn(live)
    // On a machine that is too busy to tell, there are none.
    const verdicts = ofType(lines, 'guard').map(({ reason, detail }) => ({ reason, detail }))
    expect(verdicts).toEqual(last()?.guard?.verdicts)
    const tiers = ofType(lines, 'tiers')
    const { functions } = ofType(lines, 'report')[0]?.report.guard?.tiers ?? { functions: 0 }
    expect(tiers.length > 0).toBe(functions > 0)
  })
})
