import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  record,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()
/** Tells on stderr whether the replayer comes out of its code cache, and which files are read before the application is loaded. */
const spy = path.join(folder, 'spy.mjs')
/** Changes one byte of the profile once the replayer has looked at it. */
const damage = path.join(folder, 'damage.mjs')

beforeAll(() => {
  writeFileSync(
    spy,
    `import fs from 'node:fs'
    import vm from 'node:vm'
    const { readFileSync } = fs
    fs.readFileSync = (file, ...rest) => {
      if (String(file).endsWith('.prewarm')) console.error('profile is read')
      return readFileSync(file, ...rest)
    }
    vm.Script = class extends vm.Script {
      constructor(code, options) {
        super(code, options)
        if (!String(options?.filename).endsWith('replayer.cjs')) return
        console.error('replayer ' + (this.cachedDataRejected === false ? 'cached' : 'compiled'))
      }
    }`,
  )
  writeFileSync(
    damage,
    `import fs from 'node:fs'
    const file = fs.openSync(process.env.PREWARM_PROFILE, 'r+')
    const { size } = fs.fstatSync(file)
    const byte = Buffer.alloc(1)
    fs.readSync(file, byte, 0, 1, size - 1)
    fs.writeSync(file, Buffer.of(byte[0] ^ 1), 0, 1, size - 1)
    fs.closeSync(file)`,
  )
})

/** Files of the replayer in the folder of caches. */
function kept(profile: string, kind: 'replayer' | 'profile'): string[] {
  const cache = `${profile}.cache`
  if (!existsSync(cache)) return []
  const names = readdirSync(cache).filter((name) => name.startsWith(`prewarm-${kind}-`))
  return names.map((name) => path.join(cache, name))
}

describe('a preload that stands alone', () => {
  const alone = path.join(folder, 'alone', 'replay.mjs')
  beforeAll(() => {
    mkdirSync(path.dirname(alone))
    copyFileSync(replayer, alone)
  })

  it.each(nodeLines)('is all that is loaded when the mode is off, on Node %s', async (_, node) => {
    const script = ['-p', 'process.moduleLoadList.length']
    const off = { PREWARM_MODE: 'off', PREWARM_LIVE: '' }
    const empty = path.join(folder, 'empty.mjs')
    writeFileSync(empty, '')
    const plain = await runToEnd(node, ['--import', empty, ...script])
    const ended = await runToEnd(node, ['--import', alone, ...script], off)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    // No built-in module either that Node itself does not load.
    expect(ended.stdout).toBe(plain.stdout)
  })

  it.each(nodeLines)('does nothing in a worker thread, on Node %s', async (_, node) => {
    const worker = `new (require('node:worker_threads').Worker)('console.log(1 + 1)', {
      eval: true, execArgv: ['--import', ${JSON.stringify(pathToFileURL(alone).href)}] })`
    const ended = await runToEnd(node, ['-e', worker])
    expect(ended).toEqual({ code: 0, stdout: '2\n', stderr: '' })
  })

  it.each(nodeLines)('tells that it misses the rest, on Node %s', async (_, node) => {
    const args = ['--import', alone, '-p', '1 + 1']
    const { code, stdout, stderr } = await runToEnd(node, args)
    expect([code, stdout]).toEqual([0, '2\n'])
    expect(stderr).toContain('PREWARM_NOT_LOADED')
    const strict = await runToEnd(node, args, { PREWARM_MODE: 'strict' })
    expect(strict.code).toBe(1)
    expect(strict.stderr).toContain('ERR_PREWARM_RPL_STRICT')
  })
})

describe.each(nodeLines)('on Node %s', (line, node) => {
  const script = app('bare.cjs')
  const paths = ['/', '/users']
  const env = { PREWARM_ROUNDS: '3', PREWARM_WATCH: '0' }

  async function recorded(name: string): Promise<string> {
    const profile = path.join(folder, `${name}-${line}.prewarm`)
    await record(node, script, profile, (url) => ask(url, paths))
    // What was written just now may change within the same tick of the clock, and is not kept.
    await setTimeout(100)
    return profile
  }

  /** What the spy has told until the application was loaded, and the report. */
  async function start(profile: string, settings: NodeJS.ProcessEnv = {}, keeps = false) {
    const service = await replay(node, script, profile, { ...env, ...settings }, ['--import', spy])
    const early = service.stderr()
    const report = await reportOf(`${profile}.report.json`)
    expect(JSON.parse(await get(`${service.url}/`))).toMatchObject({ url: '/' })
    if (keeps) await until(() => kept(profile, 'replayer').length > 0)
    expect(await service.stop()).toBe(0)
    return { early, report }
  }

  it('the second start comes out of what the first one has kept', async () => {
    const profile = await recorded('second')
    const first = await start(profile, {}, true)
    expect(first.early).toContain('replayer compiled')
    expect(first.early).toContain('profile is read')
    expect(kept(profile, 'profile')).toHaveLength(1)
    const [code = ''] = kept(profile, 'replayer')
    const before = readFileSync(code)
    const second = await start(profile)
    expect(second.early).toContain('replayer cached')
    expect(second.report.rehearsal).toEqual(first.report.rehearsal)
    expect(second.report.codeCache).toEqual(first.report.codeCache)
    expect(second.report.guard).toEqual(first.report.guard)
    expect(readFileSync(code).equals(before)).toBe(true)
  })

  it('without a budget a profile that is known is not read at all, where Node has its caches', async () => {
    const profile = await recorded('unread')
    const first = await start(profile, { PREWARM_BUDGET: '0' }, true)
    const second = await start(profile, { PREWARM_BUDGET: '0' })
    expect(first.early).toContain('profile is read')
    // On Node 20 code caches come from the profile.
    if (line === '20') expect(second.early).toContain('profile is read')
    else expect(second.early).not.toContain('profile is read')
    expect(second.report.codeCache).toEqual(first.report.codeCache)
    expect(second.report.codeCache.applied).toBeGreaterThan(0)
  })

  it('a profile that has changed is read again', async () => {
    const profile = await recorded('changed')
    await start(profile, { PREWARM_BUDGET: '0' }, true)
    utimesSync(profile, new Date(), new Date(0))
    const touched = await start(profile, { PREWARM_BUDGET: '0' })
    expect(touched.early).toContain('profile is read')
    expect(touched.report.reason).toBeNull()
    writeFileSync(profile, readFileSync(profile).subarray(0, -1))
    const cut = await start(profile, { PREWARM_BUDGET: '0' })
    expect(cut.report.reason).toBe('PROFILE_CORRUPT')
  })

  it.each([
    ['one byte', (code: Buffer) => code.fill((code[9000] ?? 0) ^ 1, 9000, 9001)],
    ['its end', (code: Buffer) => code.subarray(0, -1000)],
    ['all of it', () => Buffer.from('{}')],
  ])('a code cache of the replayer that has lost %s is not used', async (name, spoil) => {
    const profile = await recorded(`spoilt-${name.replaceAll(' ', '-')}`)
    await start(profile, {}, true)
    const [code = ''] = kept(profile, 'replayer')
    writeFileSync(code, spoil(readFileSync(code)))
    const { early, report } = await start(profile)
    expect(early).toContain('replayer compiled')
    expect(report).toMatchObject({ reason: null, rehearsal: { rounds: 3 } })
  })

  it('what is known of a profile can be spoilt', async () => {
    const profile = await recorded('misknown')
    await start(profile, {}, true)
    writeFileSync(kept(profile, 'profile')[0] ?? '', '{"build":')
    const { early, report } = await start(profile)
    expect(early).toContain('profile is read')
    expect(report).toMatchObject({ reason: null, rehearsal: { rounds: 3 } })
  })

  it('a profile that is damaged after it was known ends the replay, and nothing else', async () => {
    const profile = await recorded('damaged')
    await start(profile, {}, true)
    const flags = ['--import', replayer, '--import', damage, script]
    const settings = { ...env, PREWARM_PROFILE: profile, PREWARM_BUDGET: '60s' }
    const service = await startService(node, flags, {
      ...settings,
      PREWARM_REPORT: `${profile}.late.json`,
    })
    const { rehearsal } = await reportOf(`${profile}.late.json`)
    expect(JSON.parse(await get(`${service.url}/`))).toMatchObject({ url: '/' })
    expect(await service.stop()).toBe(0)
    // On Node 20 all of it has been read by then.
    if (line === '20') expect(rehearsal).toMatchObject({ applied: 2, stopped: 'cap' })
    else expect(rehearsal).toMatchObject({ applied: 0, rounds: 0, stopped: 'PROFILE_CORRUPT' })
    const { report } = await start(profile)
    expect(report.reason).toBe('PROFILE_CORRUPT')
    expect(kept(profile, 'profile')).toHaveLength(line === '20' ? 1 : 0)
  })

  it.skipIf(line === '20')('what was baked has the replayer in it', async () => {
    const profile = await recorded('baked')
    expect(await prewarm(['bake', '-p', profile, '--', node, script])).toMatchObject({ code: 0 })
    const { early, report } = await start(profile)
    expect(early).toContain('replayer cached')
    expect(report).toMatchObject({ reason: null, rehearsal: { rounds: 3 } })
  })

  it('what must be strict reads the profile', async () => {
    const profile = await recorded('strict')
    await start(profile, {}, true)
    const { early } = await start(profile, { PREWARM_MODE: 'strict' })
    expect(early).toContain('replayer cached')
    expect(early).toContain('profile is read')
  })

  it('what is encrypted in a profile is not kept beside it', async () => {
    const key = { PREWARM_PROFILE_KEY: 'ab'.repeat(32) }
    const profile = path.join(folder, `sealed-${line}.prewarm`)
    await startSealed(profile, key)
    const { report } = await start(profile, key, true)
    expect(report.rehearsal.rounds).toBe(3)
    expect(kept(profile, 'profile')).toEqual([])
  })

  /** Records with a key, by which only the replayer can read it. */
  async function startSealed(profile: string, key: NodeJS.ProcessEnv): Promise<void> {
    const cli = path.join(path.dirname(replayer), 'cli', 'main.js')
    const args = [cli, 'record', '-o', profile, '--force', '--', node, script]
    const service = await startService(process.execPath, args, key)
    await ask(service.url, paths)
    await service.stop()
  }
})
