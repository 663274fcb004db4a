import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseLiveLines, type LiveLine } from '../formats/live.ts'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  readProfile,
  record,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
  until,
  type Ended,
} from './harness.ts'

const scratch = scratchFolder()
const [newest = '', nodeOfNewest = ''] = nodeLines.at(-1) ?? []
const paths = ['/', '/orders', '/customers']

function folderOf(name: string): string {
  const folder = path.join(scratch, name)
  mkdirSync(folder)
  return folder
}

/** Of every process, what it told the live channel. */
function liveIn(folder: string): LiveLine[][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) =>
    parseLiveLines(readFileSync(path.join(folder, name), 'utf8')),
  )
}

interface Span {
  readonly from: number
  readonly to: number
}

/** When a process rehearsed, ms since 1970. */
function rehearsalOf(lines: readonly LiveLine[]): Span {
  const [start] = lines
  const stages = lines.filter((line) => line.type === 'stage')
  const first = stages.find(({ name }) => name === 'preload')
  const last = stages.find(({ name }) => name === 'rehearse')
  if (start?.type !== 'start' || first === undefined || last === undefined) {
    throw new Error(`no rehearsal in ${JSON.stringify(lines)}`)
  }
  const origin = Date.parse(start.startedAt)
  return { from: origin + first.startMs, to: origin + last.ms }
}

/** Most spans that have a moment in common. */
function mostAtOnce(spans: readonly Span[]): number {
  return Math.max(
    ...spans.map(({ from }) => spans.filter((each) => each.from <= from && from < each.to).length),
  )
}

const slotsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.slot'))

describe(`several processes of one host on Node ${newest}`, () => {
  const profile = path.join(scratch, 'waves.prewarm')
  const script = app('cluster-waves.cjs')
  beforeAll(async () => {
    await record(nodeOfNewest, script, profile, async (url) => {
      for (let time = 0; time < 8; time++) {
        // A connection of its own goes to the next worker.
        for (const each of paths) await get(url + each, { headers: { connection: 'close' } })
      }
    })
  })

  it.each([
    ['1', 1],
    ['2', 2],
  ])('at most %s rehearse at the same time, and all of a cluster open', async (wave, most) => {
    const state = folderOf(`state-${wave}`)
    const live = path.join(scratch, `live-${wave}`)
    const reports = path.join(folderOf(`reports-${wave}`), '{pid}.json')
    const service = await replay(nodeOfNewest, script, profile, {
      PREWARM_WAVE: wave,
      PREWARM_WAVE_WAIT: '60s',
      PREWARM_ROUNDS: '150',
      PREWARM_STATE_DIR: state,
      PREWARM_LIVE: live,
      PREWARM_REPORT: reports,
    })
    expect(await get(service.url)).toBe('hello from /')
    const written = (): string[] =>
      readdirSync(path.dirname(reports)).filter((name) => name.endsWith('.json'))
    // They are written once the ports are open.
    await until(() => written().length === 4)
    const files = written()
    expect(await service.stop()).toBe(0)
    const waits: boolean[] = []
    for (const name of files) {
      const report = await reportOf(path.join(path.dirname(reports), name))
      expect(report.rehearsal).toMatchObject({ applied: paths.length, rounds: 150 })
      expect(report.skipped).toEqual([])
      waits.push(report.stages.some((stage) => stage.name === 'wait'))
    }
    expect(waits.filter(Boolean).length).toBeGreaterThan(0)
    const workers = liveIn(live).filter((lines) => lines.some((line) => line.type === 'listen'))
    expect(workers).toHaveLength(4)
    expect(mostAtOnce(workers.map(rehearsalOf))).toBeLessThanOrEqual(most)
    expect(slotsIn(state)).toEqual([])
  })

  describe('of which one never gets done', () => {
    const server = app('bare.cjs')
    const alone = path.join(scratch, 'alone.prewarm')
    beforeAll(async () => {
      await record(nodeOfNewest, server, alone, (url) => get(url).then(() => undefined))
    })

    /** Holds the only slot of the folder until it is ended. */
    async function holdSlot(state: string): Promise<ChildProcess> {
      const holder = spawn(nodeOfNewest, ['--import', replayer, server], {
        env: {
          ...process.env,
          PORT: '0',
          PREWARM_PROFILE: alone,
          PREWARM_BUDGET: '10m',
          PREWARM_ROUNDS: '999999',
          PREWARM_REPORT: 'off',
          PREWARM_WAVE: '1',
          PREWARM_STATE_DIR: state,
        },
        stdio: 'ignore',
      })
      await until(() => slotsIn(state).length === 1)
      return holder
    }

    async function startBeside(
      state: string,
      waveWait: string,
      onWait: () => void,
    ): Promise<RunReport> {
      const live = `${state}-live`
      const starting = replay(nodeOfNewest, server, alone, {
        PREWARM_ROUNDS: '3',
        PREWARM_WAVE: '1',
        PREWARM_WAVE_WAIT: waveWait,
        PREWARM_STATE_DIR: state,
        PREWARM_LIVE: live,
      })
      const isWaiting = (line: LiveLine): boolean =>
        line.type === 'state' && line.detail === 'Other processes of the host are rehearsing.'
      await until(() => liveIn(live).flat().some(isWaiting))
      onWait()
      const service = await starting
      expect(await get(service.url)).toContain('"url":"/"')
      const report = await reportOf(`${alone}.report.json`)
      expect(await service.stop()).toBe(0)
      expect(report.rehearsal).toMatchObject({ applied: 1, rounds: 3 })
      expect(report.stages.map(({ name }) => name)).toContain('wait')
      return report
    }

    it('gives way as soon as it is killed', async () => {
      const state = folderOf('killed')
      const holder = await holdSlot(state)
      const report = await startBeside(state, '10m', () => holder.kill('SIGKILL'))
      expect(report.skipped).toEqual([])
      expect(slotsIn(state)).toEqual([])
    })

    it('is not waited for longer than is said', async () => {
      const state = folderOf('late')
      const holder = await holdSlot(state)
      const report = await startBeside(state, '300ms', () => undefined)
      expect(report.skipped).toEqual([{ unit: 'turn', reason: 'WAVE_FULL' }])
      expect(slotsIn(state)).toHaveLength(1)
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    })
  })
})

describe.each(nodeLines)('a command on Node %s', (line, node) => {
  const profile = path.join(scratch, `command-${line}.prewarm`)
  const report = `${profile}.report.json`
  const script = app('command/index.cjs')
  beforeAll(async () => {
    const ended = await prewarm(['record', '-o', profile, '--', node, script, '21', '3'])
    expect(ended).toMatchObject({ code: 3, stdout: 'twice 21 is 42\n' })
    expect(ended.stderr).toContain(`to ${profile}`)
  })

  it('is recorded though it ends at once, by a code of its own', () => {
    const { meta, modules, requests, work } = readProfile(profile)
    expect(meta).toMatchObject({ listenMs: null, requestCount: 0 })
    const files = modules.filter(({ format }) => format === 'cjs')
    expect(files.map(({ id }) => id)).toEqual(['command/index.cjs', 'command/double.cjs'])
    for (const { cacheBytes } of files) expect(cacheBytes).toBeGreaterThan(0)
    expect(requests.routes).toEqual([])
    expect(work).toEqual([])
  })

  it('has its code caches, and nothing wrapped', async () => {
    rmSync(report, { force: true })
    const seen = path.join(scratch, 'seen.cjs')
    writeFileSync(
      seen,
      `process.on('exit', () => {
         const own = [process.exit, process.emit, require('fs').writeFileSync, globalThis.queueMicrotask]
         console.log(own.map(({ name }) => name).join(' '), process.exit.toString().includes('rehearsal'))
       })`,
    )
    const args = ['--require', seen, '--import', replayer, script, '4', '5']
    const ended = await runToEnd(node, args, { PREWARM_PROFILE: profile, PREWARM_VERBOSE: '1' })
    expect(ended).toEqual({
      code: 5,
      stdout: 'twice 4 is 8\nexit emit writeFileSync queueMicrotask false\n',
      stderr:
        'prewarm: 2 of 2 code caches, 0 of 0 late modules, 0 rehearsed requests in 0 rounds\n',
    })
    expect(await reportOf(report)).toMatchObject({
      outcome: 'applied',
      codeCache: { applied: 2, skipped: {} },
      rehearsal: { rounds: 0, stopped: null },
      flagsRestored: true,
      openMs: null,
    })
  })

  it('may be a script that is started by its name', async () => {
    rmSync(report, { force: true })
    const bin = path.join(scratch, `bin-${line}`)
    mkdirSync(bin)
    symlinkSync(node, path.join(bin, 'node'))
    symlinkSync(script, path.join(bin, 'twice'))
    const ended = await prewarm(['run', '-p', profile, '--', path.join(bin, 'twice'), '8', '0'], {
      PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    })
    expect(ended).toEqual({ code: 0, stdout: 'twice 8 is 16\n', stderr: '' })
    expect(await reportOf(report)).toMatchObject({ codeCache: { applied: 2, skipped: {} } })
  })
})

describe(`commands that fail, and commands that die, on Node ${newest}`, () => {
  const profile = path.join(scratch, 'judged.prewarm')
  const script = app('command/index.cjs')
  const start = (state: string, ...args: string[]): Promise<Ended> =>
    runToEnd(nodeOfNewest, ['--import', replayer, script, ...args], {
      PREWARM_PROFILE: profile,
      PREWARM_STATE_DIR: state,
      PREWARM_VERBOSE: '1',
    })
  beforeAll(async () => {
    await prewarm(['record', '-o', profile, '--', nodeOfNewest, script])
  })

  it('have the profile again, whatever code they end with', async () => {
    const state = folderOf('failing')
    for (const code of ['1', '2', '1', '7', '2']) {
      const { stderr } = await start(state, '1', code)
      expect(stderr).toContain('2 of 2 code caches')
    }
    expect(readdirSync(state)).toEqual([])
  })

  it('do without once after two were killed, and have it again when that made no difference', async () => {
    const state = folderOf('dying')
    for (let time = 0; time < 2; time++) {
      const child = spawn(nodeOfNewest, ['--import', replayer, script, '1', 'hang'], {
        env: { ...process.env, PREWARM_PROFILE: profile, PREWARM_STATE_DIR: state },
      })
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    expect((await start(state)).stderr).toContain('cold, CRASH_LOOP')
    for (let time = 0; time < 3; time++) {
      expect((await start(state)).stderr).toContain('2 of 2 code caches')
    }
  })
})

describe.each(nodeLines)('a pool of worker threads on Node %s', (line, node) => {
  it('works the same while it is recorded, and with the profile', async () => {
    const profile = path.join(scratch, `pool-${line}.prewarm`)
    const script = app('worker-pool.cjs')
    const paths = ['/', '/sum?n=10', '/sum?n=100']
    const answers: string[] = []
    await record(node, script, profile, async (url) => {
      await ask(url, paths)
      for (const each of paths) answers.push(await get(url + each))
    })
    expect(answers).toEqual([
      '{"pathname":"/"}',
      // No preload does anything in there.
      '{"sum":55,"known":[]}',
      '{"sum":5050,"known":[]}',
    ])
    const service = await replay(node, script, profile, { PREWARM_ROUNDS: '20' })
    for (const [index, each] of paths.entries()) {
      expect(await get(service.url + each)).toBe(answers[index])
    }
    const report = await reportOf(`${profile}.report.json`)
    expect(report).toMatchObject({ outcome: 'applied', flagsRestored: true })
    // A message to another thread cannot be taken back.
    expect(report.rehearsal.applied).toBe(1)
    expect(report.rehearsal.skipped.EFFECT_REFUSED).toBeGreaterThan(0)
    expect(report.codeCache).toEqual({ applied: 1, skipped: {} })
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
  })
})

describe.each(nodeLines)('node --test and node --watch on Node %s', (line, node) => {
  const folder = path.join(scratch, `watch-${line}`)
  const profile = path.join(folder, 'app.prewarm')
  const script = path.join(folder, 'app.cjs')
  const writeGreeting = (greeting: string): void => {
    writeFileSync(path.join(folder, 'greeting.cjs'), `exports.greet = () => '${greeting}'`)
  }
  beforeAll(async () => {
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package.json'), '{"name":"watched"}')
    writeFileSync(
      script,
      `const { greet } = require('./greeting.cjs')
       const server = require('node:http').createServer((request, response) => response.end(greet()))
       server.listen(0, () => console.log('listening on http://127.0.0.1:' + server.address().port))
       process.on('SIGTERM', () => process.exit(0))`,
    )
    writeGreeting('one')
    await record(node, script, profile, (url) => ask(url, ['/']))
  })

  it('tests run as if nothing were there', async () => {
    const file = path.join(folder, 'app.test.cjs')
    writeFileSync(
      file,
      `const assert = require('node:assert')
       const http = require('node:http')
       const test = require('node:test')
       test('serves', async () => {
         const server = http.createServer((request, response) => response.end('tested'))
         await new Promise((resolve) => server.listen(0, resolve))
         const response = await fetch('http://127.0.0.1:' + server.address().port)
         assert.equal(await response.text(), 'tested')
         server.close()
         server.closeAllConnections()
       })
       test('is not warmed', () => {
         assert.equal(globalThis[Symbol.for('prewarm')].status().reason, 'APP_MISMATCH')
       })`,
    )
    const ended = await runToEnd(node, ['--test', '--test-reporter=tap', file], {
      NODE_OPTIONS: `--import=${replayer}`,
      PREWARM_PROFILE: profile,
      PREWARM_REPORT: 'off',
    })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('# pass 2')
  })

  it('a service that is started anew when a file changes has what still fits', async () => {
    rmSync(`${profile}.report.json`, { force: true })
    const watching = await replay(node, script, profile, { PREWARM_ROUNDS: '3' }, ['--watch'])
    expect(await get(watching.url)).toBe('one')
    const first = await reportOf(`${profile}.report.json`)
    expect(first.codeCache).toEqual({ applied: 2, skipped: {} })
    writeGreeting('another')
    const urls = (): string[] => watching.stdout().match(/http:\S+/g) ?? []
    await until(() => urls().length > 1)
    expect(await get(urls().at(-1) ?? '')).toBe('another')
    await until(
      () => !readFileSync(`${profile}.report.json`, 'utf8').includes(`"pid": ${first.pid}`),
    )
    expect(await reportOf(`${profile}.report.json`)).toMatchObject({
      codeCache: { applied: 1, skipped: { SOURCE_CHANGED: 1 } },
      rehearsal: { applied: 1, rounds: 3 },
    })
    await watching.stop()
  })
})

describe(`services that PM2 starts, on Node ${newest}`, () => {
  // As its own files do: the service is named in the environment and loaded once that has been taken over.
  const container = `
    for (const [name, value] of Object.entries(JSON.parse(process.env.pm2_env ?? '{}'))) process.env[name] = value
    require('node:module')._load(process.env.pm_exec_path, null, true)`
  const script = app('bare.cjs')
  const profile = path.join(scratch, 'pm2.prewarm')
  const start = async (file: string, env: NodeJS.ProcessEnv): Promise<RunReport> => {
    writeFileSync(path.join(scratch, file), container)
    rmSync(`${profile}.report.json`, { force: true })
    const args = ['--import', replayer, path.join(scratch, file)]
    const service = await startService(nodeOfNewest, args, env)
    expect(await get(service.url)).toContain('"url":"/"')
    await service.stop()
    return reportOf(`${profile}.report.json`)
  }
  const settings = { PREWARM_PROFILE: profile, PREWARM_ROUNDS: '3', pm_exec_path: script }
  beforeAll(async () => {
    await record(nodeOfNewest, script, profile, (url) => get(url).then(() => undefined))
  })

  it('in fork mode have the profile of the service', async () => {
    const report = await start('ProcessContainerFork.js', settings)
    expect(report).toMatchObject({ outcome: 'applied', rehearsal: { applied: 1, rounds: 3 } })
    expect(report.codeCache.applied).toBe(1)
  })

  it('in cluster mode have settings that PM2 hands over later', async () => {
    const report = await start('ProcessContainer.js', { pm2_env: JSON.stringify(settings) })
    expect(report).toMatchObject({ outcome: 'applied', rehearsal: { applied: 1, rounds: 3 } })
    expect(report.codeCache.applied).toBe(1)
  })
})

const buildsExecutables = nodeLines.filter(([line]) => Number(line) >= 26)

describe.each(buildsExecutables)('a single executable application on Node %s', (line, node) => {
  it('is not supported, and says so to who loads the replayer all the same', async () => {
    const folder = folderOf(`sea-${line}`)
    const say = `const shared = globalThis[Symbol.for('prewarm')]
      console.log(shared === undefined ? 'none' : shared.status().reason)`
    writeFileSync(path.join(folder, 'main.cjs'), say)
    const config = path.join(folder, 'sea.json')
    const output = path.join(folder, 'app')
    const main = path.join(folder, 'main.cjs')
    writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }))
    expect(await runToEnd(node, ['--build-sea', config])).toMatchObject({ code: 0 })
    const start = (options: string): Promise<Ended> =>
      runToEnd(output, [], { NODE_OPTIONS: options, PREWARM_PROFILE: 'app.prewarm' })
    expect((await start(`--import=${replayer}`)).stdout).toBe('none\n')
    expect((await start(`--require=${replayer}`)).stdout).toBe('SINGLE_EXECUTABLE\n')
  })
})
