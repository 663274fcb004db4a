import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  record,
  replay,
  replayer,
  replayerScript,
  reportOf,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const paths = ['/?price=1&price=2', '/?price=10']
const isRoot = process.getuid?.() === 0
const nobody = 65_534
/** Node tells of the entries of its compile cache, which a load pack would leave it few of. */
const nodesOwn = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE', PREWARM_LOAD_PACK: 'off' }
/** Of the application, in the order in which Node compiles them. */
const modules = ['rounding.js', 'cart.js', 'rates.cjs', 'server.js', 'receipt.js']

/** What Node says about the entries of its compile cache. */
function entries(stderr: string, outcome: 'accepted' | 'rejected'): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('[compile cache]') && line.includes(` was ${outcome}`))
    .map((line) => path.basename(/(\S+) was /.exec(line)?.[1] ?? ''))
    .filter((name) => name !== 'canary.cjs')
}

interface Start {
  readonly report: RunReport
  readonly accepted: readonly string[]
  readonly rejected: readonly string[]
  readonly answers: readonly string[]
  readonly stderr: string
}

async function start(
  node: string,
  script: string,
  profile: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Start> {
  const debug = { ...nodesOwn, PREWARM_ROUNDS: '2' }
  const service = await replay(node, script, profile, { ...debug, ...env })
  const answers = await Promise.all(paths.map((each) => get(service.url + each)))
  const report = await reportOf(`${profile}.report.json`)
  await service.stop()
  const stderr = service.stderr()
  return {
    report,
    accepted: entries(stderr, 'accepted').sort(),
    rejected: entries(stderr, 'rejected'),
    answers,
    stderr: stderr.replaceAll(/^\[compile cache\].*\n/gm, ''),
  }
}

/** A copy of the application with a profile of its own. */
async function recorded(node: string, name: string): Promise<{ script: string; profile: string }> {
  const copy = path.join(folder, name)
  cpSync(app('modules'), copy, { recursive: true })
  const script = path.join(copy, 'server.js')
  const profile = path.join(copy, 'app.prewarm')
  await record(node, script, profile, (url) => ask(url, paths, 30))
  return { script, profile }
}

/** Folders of entries, beside what the replayer keeps of itself. */
function basesOf(profile: string): string[] {
  const cache = `${profile}.cache`
  return existsSync(cache) ? readdirSync(cache).filter((name) => /^[0-9a-f]{16}$/.test(name)) : []
}

/** The folder that Node reads. */
function entriesOf(profile: string): string {
  const base = path.join(`${profile}.cache`, basesOf(profile)[0] ?? '')
  const own = readdirSync(base).find((name) => /^v\d+.*(?<!-(1000|65532|65534))$/.test(name))
  return path.join(base, own ?? '')
}

const withCompileCache = nodeLines.filter(([line]) => line !== '20')

describe.each(withCompileCache)('code caches in the hands of Node %s', (line, node) => {
  it('all modules, ES modules too, come out of the cache, and answer the same', async () => {
    const { script, profile } = await recorded(node, `all-${line}`)
    for (let time = 0; time < 2; time++) {
      const { report, accepted, rejected, answers, stderr } = await start(node, script, profile)
      expect(accepted).toEqual([...modules].sort())
      expect(rejected).toEqual([])
      expect(report.codeCache).toEqual({ applied: modules.length, skipped: {} })
      expect(report.flagsRestored).toBe(true)
      expect(answers).toEqual(['till one: 3.60 euros\n', 'till one: 12.00 euros\n'])
      expect(stderr).toBe('')
    }
  })

  it('20 starts with and without prewarm in turn spoil neither cache', async () => {
    const { script, profile } = await recorded(node, `turns-${line}`)
    const own = path.join(folder, `own-${line}`)
    const debug = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
    for (let time = 0; time < 10; time++) {
      const { accepted, rejected } = await start(node, script, profile)
      expect(accepted).toEqual([...modules].sort())
      expect(rejected).toEqual([])
      const plain = await startService(node, [script], { ...debug, NODE_COMPILE_CACHE: own })
      await ask(plain.url, paths, 1)
      await plain.stop()
      expect(entries(plain.stderr(), 'rejected')).toEqual([])
      if (time > 0) expect(entries(plain.stderr(), 'accepted').sort()).toEqual([...modules].sort())
    }
  }, 120_000)

  it('where the application has a compile cache of its own, CommonJS modules still get theirs', async () => {
    const { script, profile } = await recorded(node, `taken-${line}`)
    const own = path.join(folder, `taken-own-${line}`)
    const { report, rejected, answers } = await start(node, script, profile, {
      NODE_COMPILE_CACHE: own,
    })
    expect(report.codeCache).toEqual({ applied: 1, skipped: { COMPILE_CACHE_IN_USE: 4 } })
    expect(rejected).toEqual([])
    expect(answers[0]).toBe('till one: 3.60 euros\n')
    expect(basesOf(profile)).toEqual([])
  })

  it('a module that is loaded under lowered thresholds is neither refused nor spoilt', async () => {
    const { script, profile } = await recorded(node, `late-${line}`)
    // Late modules are not loaded early where the environment is another one.
    const env = { NODE_ENV: 'test', PREWARM_TIER_UP: 'thresholds', PREWARM_ROUNDS: '5' }
    for (let time = 0; time < 2; time++) {
      const { accepted, rejected, report } = await start(node, script, profile, env)
      expect(report.preload.skipped).toEqual({ ENV_MISMATCH: 2 })
      expect(accepted).toEqual([...modules].sort())
      expect(rejected).toEqual([])
    }
  })

  it('a module that was edited is compiled from its source, and told', async () => {
    const { script, profile } = await recorded(node, `edited-${line}`)
    await start(node, script, profile)
    const rates = path.join(path.dirname(script), 'rates.cjs')
    writeFileSync(rates, readFileSync(rates, 'utf8').replace('20', '10'))
    const cart = path.join(path.dirname(script), 'cart.js')
    appendFileSync(cart, '// edited\n')
    const { report, accepted, answers } = await start(node, script, profile)
    expect(answers).toEqual(['till one: 3.30 euros\n', 'till one: 11.00 euros\n'])
    expect(accepted).toEqual(['receipt.js', 'rounding.js', 'server.js'])
    expect(report.codeCache).toEqual({ applied: 3, skipped: { SOURCE_CHANGED: 2 } })
  })

  it('entries that are damaged, and a format that Node does not take, cost the cache only', async () => {
    const { script, profile } = await recorded(node, `damaged-${line}`)
    await start(node, script, profile)
    const cache = entriesOf(profile)
    const spoil = (keep: (name: string) => boolean): void => {
      for (const name of readdirSync(cache)) {
        if (!/^[0-9a-f]{8}$/.test(name) || keep(name)) continue
        const bytes = readFileSync(path.join(cache, name))
        bytes.fill(0xff, 40)
        writeFileSync(path.join(cache, name), bytes)
      }
    }
    spoil(() => false)
    const spoilt = await start(node, script, profile)
    expect(spoilt.answers[0]).toBe('till one: 3.60 euros\n')
    expect(spoilt.report.codeCache).toEqual({ applied: 1, skipped: { CACHE_FORMAT: 4 } })
    expect(spoilt.stderr).toBe('')
  })

  it('a folder that anybody may write to is not trusted', async () => {
    const { script, profile } = await recorded(node, `open-${line}`)
    await start(node, script, profile)
    chmodSync(entriesOf(profile), 0o777)
    const { report, accepted } = await start(node, script, profile)
    expect(accepted).toEqual([])
    expect(report.codeCache).toEqual({ applied: 1, skipped: { CACHE_FOLDER: 4 } })
  })

  it('switched off, caches are taken from the profile', async () => {
    const { script, profile } = await recorded(node, `off-${line}`)
    const { report } = await start(node, script, profile, { PREWARM_CACHE_DIR: 'off' })
    expect(report.codeCache).toEqual({ applied: 1, skipped: { CACHE_FOLDER: 4 } })
    expect(basesOf(profile)).toEqual([])
  })

  it('baked into a read-only copy at another place, another user has the same hits', async ({
    skip,
  }) => {
    if (!isRoot) skip('needs root, to become another user')
    const { profile: original } = await recorded(node, `image-${line}`)
    const image = path.join(folder, `copy-${line}`)
    const copied = path.join(image, 'app')
    cpSync(path.dirname(original), copied, { recursive: true })
    chmodSync(folder, 0o755)
    const profile = path.join(copied, 'app.prewarm')
    const script = path.join(copied, 'server.js')
    chmodSync(profile, 0o644)
    const { code, stdout, stderr } = await prewarm([
      ...['bake', '-p', profile, '--json', '--', node, script],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const baked = JSON.parse(stdout) as { kinds: unknown; fromProfile: boolean }
    expect(baked.fromProfile).toBe(true)
    expect(baked.kinds).toMatchObject([
      { kind: 'cjs', recorded: 1, baked: 1, changed: 0, missing: 0 },
      { kind: 'esm', recorded: 4, baked: 4, changed: 0, missing: 0 },
    ])
    const before = readdirSync(entriesOf(profile)).sort()
    await readOnly(copied, async () => {
      const { report, accepted, rejected, others } = await startAs(
        nobody,
        line,
        node,
        script,
        profile,
      )
      expect(accepted).toEqual([...modules].sort())
      expect(rejected).toEqual([])
      expect(report.codeCache).toEqual({ applied: modules.length, skipped: {} })
      expect(others).toBe('')
    })
    expect(readdirSync(entriesOf(profile)).sort()).toEqual(before)
  })

  it('baked for other V8 flags, everything is compiled anew and taken', async () => {
    const { script, profile } = await recorded(node, `flags-${line}`)
    const flags = ['--stack-size=900']
    const cold = await prewarm(['bake', '-p', profile, '--', node, ...flags, script])
    expect(cold.stdout).toContain('100.0% of the recorded modules.')
    expect(cold.stdout).toContain('compiled anew')
    const service = await replay(node, script, profile, { ...nodesOwn, PREWARM_ROUNDS: '2' }, flags)
    const { codeCache } = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(codeCache).toEqual({ applied: modules.length, skipped: {} })
    expect(entries(service.stderr(), 'accepted').sort()).toEqual([...modules].sort())
  })

  it('verify and compare write nothing beside the profile', async () => {
    const { script, profile } = await recorded(node, `beside-${line}`)
    const before = readdirSync(path.dirname(profile))
    const verified = await prewarm(['verify', '-p', profile, '--json', '--', node, script])
    expect(verified.code).toBe(0)
    const compared = await prewarm([
      ...['compare', '-p', profile, '--runs', '2', '--rounds', '6', '--arms', 'prewarm'],
      ...['--budget', '100ms', '--json', '--', node, script],
    ])
    expect(compared.code).toBe(0)
    expect(readdirSync(path.dirname(profile))).toEqual(before)
  }, 60_000)
})

describe('prewarm bake', () => {
  it('says what it cannot bake for', async () => {
    const node20 = nodeLines.find(([line]) => line === '20')
    const other = withCompileCache[0]
    if (node20 === undefined || other === undefined) throw new Error('needs Node 20 and another')
    const { script, profile } = await recorded(node20[1], 'refused')
    const bake = (...args: readonly string[]): ReturnType<typeof prewarm> =>
      prewarm(['bake', '-p', profile, ...args])
    const mismatch = await bake('--', other[1], script)
    expect(mismatch).toMatchObject({ code: 1 })
    expect(mismatch.stderr).toContain('recorded on Node v20')
    expect(await bake('--user', 'bob', '--', other[1], script)).toMatchObject({ code: 2 })
    expect(await bake('--', path.join(folder, 'no-such', 'node'), script)).toMatchObject({
      code: 1,
    })
    expect(await prewarm(['bake'])).toMatchObject({ code: 2 })
  })

  it('tells how much could not be baked, and ends with 3 when that is too much', async () => {
    const last = withCompileCache.at(-1)
    if (last === undefined) throw new Error('needs Node 22 or later')
    const { script, profile } = await recorded(last[1], 'too-little')
    rmSync(path.join(path.dirname(script), 'receipt.js'))
    appendFileSync(path.join(path.dirname(script), 'cart.js'), '// edited\n')
    const { code, stdout, stderr } = await prewarm([
      ...['bake', '-p', profile, '--min-baked', '90%', '--', last[1], script],
    ])
    expect(code).toBe(3)
    expect(stdout).toMatch(/ES modules\s+4\s+2\s+1\s+1/)
    expect(stderr).toContain('60.0% of the recorded modules are baked')
  })
})

interface StartOfOther extends Omit<Start, 'answers' | 'stderr'> {
  readonly others: string
}

/** As somebody who may read and nothing more. */
async function startAs(
  uid: number,
  line: string,
  node: string,
  script: string,
  profile: string,
): Promise<StartOfOther> {
  // Where the project lies others may have no way in.
  const theirs = path.join(folder, path.basename(path.dirname(script)) + line)
  mkdirSync(theirs)
  chmodSync(theirs, 0o777)
  const report = path.join(theirs, 'report.json')
  const [ownNode, ownReplayer] = [path.join(theirs, 'node'), path.join(theirs, 'replay.mjs')]
  copyFileSync(node, ownNode)
  copyFileSync(replayer, ownReplayer)
  copyFileSync(replayerScript, path.join(theirs, 'replayer.cjs'))
  const child = spawn(ownNode, ['--import', ownReplayer, script], {
    uid,
    gid: uid,
    cwd: '/',
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      PREWARM_PROFILE: profile,
      NODE_ENV: 'production',
      PREWARM_ROUNDS: '2',
      PREWARM_REPORT: report,
      ...nodesOwn,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  let stdout = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  const ended = once(child, 'close')
  while (!stdout.includes('http')) await once(child.stdout, 'data')
  const written = await reportOf(report)
  child.kill('SIGTERM')
  await ended
  return {
    report: written,
    accepted: entries(stderr, 'accepted').sort(),
    rejected: entries(stderr, 'rejected'),
    others: stderr.replaceAll(/^\[compile cache\].*\n/gm, ''),
  }
}

/** Root may write anywhere, and is not who runs meanwhile. */
async function readOnly(target: string, action: () => Promise<void>): Promise<void> {
  const all = [target, ...readdirSync(target, { recursive: true, encoding: 'utf8' })].map((name) =>
    path.resolve(target, name),
  )
  const isFolder = (each: string): boolean => statSync(each).isDirectory()
  for (const each of all) chmodSync(each, isFolder(each) ? 0o555 : 0o444)
  try {
    await action()
  } finally {
    for (const each of all) chmodSync(each, 0o755)
  }
}
