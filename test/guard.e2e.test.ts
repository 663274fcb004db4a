import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeProfile } from '../formats/codec.ts'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  readProfile,
  record,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()
const script = app('guard/service.cjs')
const paths = ['/orders', '/items', '/users']

type Service = Awaited<ReturnType<typeof startService>>

describe.each(nodeLines)('on Node %s', (line, node) => {
  const recorded = path.join(folder, `recorded-${line}.prewarm`)

  beforeAll(async () => {
    await record(node, script, recorded, (url) => ask(url, paths, 50))
  })

  /** A folder with a profile of its own, and starts with it. */
  function place(name: string, content?: Uint8Array) {
    const own = path.join(folder, `${name}-${line}`)
    mkdirSync(own)
    const profile = path.join(own, 'app.prewarm')
    if (content === undefined) copyFileSync(recorded, profile)
    else writeFileSync(profile, content)
    const env = {
      PREWARM_PROFILE: profile,
      PREWARM_STATE_DIR: '',
      PREWARM_ROUNDS: '12',
      PREWARM_BUDGET: '60s',
    }
    const reportFile = `${profile}.report.json`
    return {
      folder: own,
      profile,
      env,
      start(more: NodeJS.ProcessEnv = {}, flags: readonly string[] = []): Promise<Service> {
        rmSync(reportFile, { force: true })
        return startService(node, ['--import', replayer, ...flags, script], { ...env, ...more })
      },
      report: () => reportOf(reportFile),
      /** The report once it says so; it is written again whenever something is found out. */
      async reportThat(holds: (report: RunReport) => boolean): Promise<RunReport> {
        let report = await reportOf(reportFile)
        await until(() => {
          report = JSON.parse(readFileSync(reportFile, 'utf8')) as RunReport
          return holds(report)
        })
        return report
      },
      markers: () => readdirSync(own).filter((name) => name.endsWith('.start')),
    }
  }

  async function kill(service: Service): Promise<void> {
    expect(await service.stop('SIGKILL')).toBe('SIGKILL')
  }

  /** The caches of all modules but their first bytes, which V8 checks, are noise; all hashes of the file are right. */
  function withDamagedCaches(): Uint8Array {
    const profile = readProfile(recorded)
    const codecache = Uint8Array.from(profile.codecache)
    let offset = 0
    for (const { cacheBytes } of profile.modules) {
      codecache.fill(0xff, Math.min(offset + 48, offset + cacheBytes), offset + cacheBytes)
      offset += cacheBytes
    }
    return encodeProfile({ ...profile, codecache })
  }

  it('a code cache that V8 dies of: the third start serves without it', async () => {
    const { env, start, report, profile } = place('damaged', withDamagedCaches())
    for (let time = 0; time < 2; time++) {
      const ended = await runToEnd(node, ['--import', replayer, script], { ...env, PORT: '0' })
      expect(ended.code).not.toBe(0)
      expect(ended.stdout).not.toContain('listening')
    }
    const service = await start()
    expect(await get(`${service.url}/items`)).toBe('/items 6\n')
    expect(await report()).toMatchObject({
      outcome: 'cold',
      reason: 'CRASH_LOOP',
      guard: { inForce: [{ reason: 'CRASH_LOOP' }] },
    })
    const status = await prewarm(['guard', 'status', '-p', profile], { PREWARM_STATE_DIR: '' })
    expect(status).toMatchObject({ code: 0, stderr: '' })
    expect(status.stdout).toContain('CRASH_LOOP')
    expect(status.stdout).toContain('2 starts with the profile died before they served')
    await service.stop()

    const cleared = await prewarm(['guard', 'clear', '-p', profile], { PREWARM_STATE_DIR: '' })
    expect(cleared).toMatchObject({ code: 0, stdout: 'Cleared: CRASH_LOOP\n' })
    const again = await runToEnd(node, ['--import', replayer, script], { ...env, PORT: '0' })
    expect(again.code).not.toBe(0)
  })

  it('one that serves without where two died with: tried once more, and then left for good', async () => {
    const own = place('proven', withDamagedCaches())
    const dies = async (): Promise<void> => {
      const args = ['--import', replayer, script]
      expect((await runToEnd(node, args, { ...own.env, PORT: '0' })).code).not.toBe(0)
    }
    await dies()
    await dies()
    const cold = await own.start()
    expect((await own.report()).reason).toBe('CRASH_LOOP')
    await until(() => own.markers().length === 0)
    await cold.stop()
    await dies()
    for (let time = 0; time < 2; time++) {
      const service = await own.start()
      expect(await own.report()).toMatchObject({ reason: 'CRASH_LOOP' })
      expect(own.markers()).toEqual([])
      await service.stop()
    }
  })

  it('killed twice before it has proved itself: cold, and when that is killed as well, the profile again', async () => {
    const { start, report, markers } = place('killed')
    for (const outcome of ['applied', 'applied', 'cold', 'applied']) {
      const service = await start()
      expect((await report()).outcome).toBe(outcome)
      expect(await get(`${service.url}/users`)).toBe('/users 6\n')
      expect(markers()).toHaveLength(1)
      await kill(service)
    }
  })

  it('a process that dies in its first seconds is found, one that ends in order is not', async () => {
    const { start, report, env } = place('aborts')
    for (let time = 0; time < 3; time++) {
      const service = await start()
      expect((await report()).outcome).toBe('applied')
      expect(await service.stop()).toBe(0)
    }
    const abort = ['--import', app('guard/abort.mjs')]
    for (let time = 0; time < 2; time++) {
      const service = await start(env, abort)
      expect(await service.ended).toBe('SIGABRT')
    }
    const service = await start(env, abort)
    expect((await report()).reason).toBe('CRASH_LOOP')
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await get(`${service.url}/users`)).toBe('/users 6\n')
    await service.stop()
  })

  it('one that cleans up and then sends itself the signal ends in order', async () => {
    const { start, report, markers } = place('resends')
    for (let time = 0; time < 3; time++) {
      const service = await start({ RESEND: '1' })
      expect((await report()).outcome).toBe('applied')
      expect(await service.stop()).toBe('SIGTERM')
      expect(markers()).toEqual([])
    }
  })

  it('one that serves makes up for those that were killed before', async () => {
    const { start, report, markers, profile } = place('served')
    await kill(await start())
    const service = await start()
    await report()
    await until(() => markers().length === 0)
    await kill(service)
    await kill(await start())
    const last = await start()
    expect((await report()).outcome).toBe('applied')
    await last.stop()
    const events = readFileSync(`${profile}.guard.jsonl`, 'utf8')
    expect(events.match(/"event":"\w+"/g)).toEqual([
      '"event":"died"',
      '"event":"served"',
      '"event":"died"',
    ])
  })

  it('a job without a port ends as it likes once it has done its first work', async () => {
    const own = path.join(folder, `job-${line}`)
    mkdirSync(own)
    const profile = path.join(own, 'job.prewarm')
    const job = app('work.mjs')
    await prewarm(['record', '-o', profile, '--', node, job])
    const env = { PREWARM_PROFILE: profile, PREWARM_STATE_DIR: '', PREWARM_ROUNDS: '3' }
    for (let time = 0; time < 3; time++) {
      expect((await runToEnd(node, ['--import', replayer, job], env)).code).toBe(5)
      expect((await reportOf(`${profile}.report.json`)).outcome).toBe('applied')
    }
    const caches = line === '20' ? [] : ['job.prewarm.cache']
    expect(readdirSync(own).sort()).toEqual(['job.prewarm', ...caches, 'job.prewarm.report.json'])
  })

  it('several processes share a folder, and each is told from the others', async () => {
    const { start, report, markers, folder: own } = place('shared')
    const services = [await start(), await start(), await start()]
    expect(markers()).toHaveLength(3)
    expect((await report()).outcome).toBe('applied')
    for (const service of services.slice(0, 2)) await kill(service)
    const cold = await start()
    expect((await report()).reason).toBe('CRASH_LOOP')
    await Promise.all([cold.stop(), services[2]?.stop()])
    expect(markers()).toEqual([])
    expect(existsSync(path.join(own, 'app.prewarm.guard.jsonl'))).toBe(true)
  })

  it('a folder for the state serves where that of the profile does not', async () => {
    const own = place('elsewhere')
    const state = path.join(own.folder, 'state')
    mkdirSync(state)
    for (const outcome of ['applied', 'applied', 'cold']) {
      const service = await own.start({ PREWARM_STATE_DIR: state })
      expect(await own.report()).toMatchObject({ outcome, guard: { trouble: null } })
      await kill(service)
    }
    expect(own.markers()).toEqual([])
    const missing = path.join(own.folder, 'missing')
    for (let time = 0; time < 3; time++) {
      const service = await own.start({ PREWARM_STATE_DIR: missing })
      const { outcome, guard } = await own.report()
      expect(outcome).toBe('applied')
      expect(guard?.trouble).toContain('ENOENT')
      expect(service.stderr()).toBe('')
      await kill(service)
    }
  })

  it('garbage in the place of the state costs nothing', async () => {
    const { start, report, profile } = place('garbage')
    writeFileSync(`${profile}.guard.jsonl`, Buffer.alloc(3_000_000, '{"event":"verdict\n\u0000'))
    const service = await start()
    expect(await report()).toMatchObject({ outcome: 'applied', guard: { inForce: [] } })
    expect(service.stderr()).toBe('')
    await service.stop()
  })

  it('a profile that makes first requests slow is found out while it runs, and the next start does without', async () => {
    const own = place('harmful')
    const service = await own.start({ HARM: 'rehearsed' })
    expect((await own.report()).guard).toMatchObject({ state: 'watching', verdicts: [] })
    await ask(service.url, paths, 35)
    const found = await own.reportThat(({ guard }) => guard?.state === 'over')
    expect(found.guard).toMatchObject({
      verdicts: [{ reason: 'HARMFUL' }],
      latency: { verdict: 'harmful' },
    })
    await service.stop()

    const cold = await own.start({ HARM: 'rehearsed' })
    expect(await own.report()).toMatchObject({
      outcome: 'cold',
      reason: 'HARMFUL',
      guard: { inForce: [{ reason: 'HARMFUL' }] },
    })
    await ask(cold.url, paths, 35)
    await own.reportThat(({ guard }) => guard?.state === 'over')
    await cold.stop()
    const still = await own.start({ HARM: 'rehearsed' })
    expect((await own.report()).reason).toBe('HARMFUL')
    await still.stop()
  })

  it('a service that is as slow without the profile acquits it', async () => {
    const own = place('acquitted')
    const env = { HARM: 'always' }
    for (const reason of [null, 'HARMFUL', null]) {
      const service = await own.start(env)
      expect((await own.report()).reason).toBe(reason)
      await ask(service.url, paths, 35)
      await own.reportThat(({ guard }) => guard?.latency.verdict === 'harmful')
      await service.stop()
    }
  })

  it('a profile that helps is not accused, on a busy machine and before a slow database neither', async () => {
    const own = place('good')
    const busy = spawn(process.execPath, ['-e', 'for (;;);'])
    try {
      for (const env of [{}, { SLOW_START: '1' }, {}]) {
        const service = await own.start({ PREWARM_WATCH: '6s', ...env })
        await ask(service.url, paths, 35)
        const { guard } = await own.reportThat((report) => report.guard?.state === 'over')
        expect(guard?.verdicts).toEqual([])
        expect(guard?.latency.verdict).not.toBe('harmful')
        await service.stop()
      }
    } finally {
      busy.kill('SIGKILL')
    }
  })

  it('what is watched is functions, too: who falls, who falls again, and what V8 does once its code is gone', async () => {
    const dist = path.dirname(replayer)
    const { stdout, stderr } = await runToEnd(node, [app('guard/tiers.mjs')], { DIST: dist })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      optimised: 20,
      quiet: 0,
      uncounted: [0, 0],
      first: [0, 4, false],
      second: [['app.js:0 f0'], 6, true],
      undone: [15, 0],
      again: 15,
      counts: { functions: 20, falls: 6, pollsWithTraffic: 5 },
    })
  })
})
