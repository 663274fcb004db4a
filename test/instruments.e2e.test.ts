import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  readProfile,
  record,
  replayer,
  reportOf,
  root,
  scratchFolder,
  startService,
} from './harness.ts'

const scratch = scratchFolder()
const paths = ['/tea', '/cake', '/unknown']
const answers = [
  '{"item":"tea","price":3}',
  '{"item":"cake","price":5}',
  '{"item":"unknown","price":null}',
]
const instrument = (name: string): string => path.join(app('instruments'), name)

interface Span {
  readonly path: string
  readonly rehearsal?: boolean
}

interface Instrumented {
  readonly report: RunReport
  /** What the instrument has seen after the three requests. */
  readonly spans: readonly Span[] | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the service with a profile and flags of an instrument, asks it for everything once, and ends it. */
async function replayWith(
  node: string,
  script: string,
  profile: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Instrumented> {
  const file = path.join(scratch, `${path.basename(profile)}-${names++}.report.json`)
  const service = await startService(node, [...flags, script], {
    PREWARM_PROFILE: profile,
    PREWARM_BUDGET: '60s',
    PREWARM_ROUNDS: '5',
    PREWARM_REPORT: file,
    ...env,
  })
  for (const [index, each] of paths.entries()) {
    expect(await get(service.url + each)).toBe(answers[index])
  }
  const spans = JSON.parse(await get(`${service.url}/spans`)) as Span[] | null
  const report = await reportOf(file)
  expect(await service.stop()).toBe(0)
  return { report, spans, stdout: service.stdout(), stderr: withoutNodeWarnings(service.stderr()) }
}
let names = 0

/** Node 26 tells everybody who calls `module.register()` that it goes away. */
function withoutNodeWarnings(text: string): string {
  return text.replaceAll(/^\(node:\d+\) \[DEP0205\].*\n|^\(Use `node --trace-deprecation.*\n/gm, '')
}

const preload = ['--import', replayer]
const inBothOrders = (flags: readonly string[]): readonly (readonly [string, string[]])[] => [
  ['before', [...flags, ...preload]],
  ['after', [...preload, ...flags]],
]

describe.each(nodeLines)('beside other instruments on Node %s', (line, node) => {
  const profile = path.join(scratch, `cjs-${line}.prewarm`)
  const esmProfile = path.join(scratch, `esm-${line}.prewarm`)
  const script = instrument('service.cjs')
  const esm = instrument('service.mjs')
  beforeAll(async () => {
    const traffic = (url: string): Promise<void> => ask(url, paths)
    await Promise.all([
      record(node, script, profile, traffic),
      record(node, esm, esmProfile, traffic),
    ])
  })

  it('without any: two code caches, and all requests rehearsed', async () => {
    const { report, stderr } = await replayWith(node, script, profile, preload)
    expect(report.codeCache).toEqual({ applied: 2, skipped: {} })
    expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
    expect(stderr).toBe('')
  })

  describe('of Node', () => {
    const left = { applied: 0, skipped: { INSTRUMENTED: 2 } }
    // From Node 22 on it is Node that compiles, with our cache.
    const byNode = line === '20' ? left : { applied: 2, skipped: {} }

    it('--enable-source-maps', async () => {
      const flags = ['--enable-source-maps', ...preload]
      const { report, stderr } = await replayWith(node, script, profile, flags)
      expect(report.codeCache).toEqual(byNode)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(report.flagsRestored).toBe(true)
      expect(stderr).toBe('')
    })

    it('--inspect', async () => {
      const flags = ['--inspect=0', ...preload]
      const { report, stderr } = await replayWith(node, script, profile, flags)
      expect(report.codeCache).toEqual(byNode)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(stderr).toMatch(/^Debugger listening on ws:[^\n]+\nFor help, see: [^\n]+\n$/)
    })

    it('NODE_V8_COVERAGE, also while it is recorded', async () => {
      const coverage = path.join(scratch, `coverage-${line}`)
      mkdirSync(coverage)
      const env = { NODE_V8_COVERAGE: coverage }
      const { report, stderr } = await replayWith(node, script, profile, preload, env)
      expect(report.codeCache).toEqual(left)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(stderr).toBe('')
      expect(calledIn(coverage, 'answer.cjs')).toContain('exports.answer')
      const covered = path.join(scratch, `covered-${line}.prewarm`)
      const { requests } = await record(node, script, covered, (url) => ask(url, paths), env)
      expect(requests.routes).not.toEqual([])
    })

    it('--permission, which leaves no folder to write to', async () => {
      const flags = [Number(line) > 20 ? '--permission' : '--experimental-permission']
      // The network is a permission of its own since Node 25; those before refuse the flag.
      if (Number(line) >= 26) flags.push('--allow-net')
      flags.push('--allow-fs-read=*', ...preload)
      const service = await startService(node, [...flags, script], {
        PREWARM_PROFILE: profile,
        PREWARM_ROUNDS: '5',
        PREWARM_BUDGET: '60s',
        PREWARM_VERBOSE: '1',
        PREWARM_STATE_DIR: scratch,
      })
      for (const [index, each] of paths.entries()) {
        expect(await get(service.url + each)).toBe(answers[index])
      }
      expect(await service.stop()).toBe(0)
      expect(service.stderr()).toContain('prewarm: 2 of 2 code caches')
      expect(service.stderr()).toContain('15 rehearsed requests in 5 rounds')
    })
  })

  describe('OpenTelemetry', () => {
    const real = paths.map((each) => ({ path: each, rehearsal: false }))

    it.each(inBothOrders(['--import', instrument('tracing.mjs')]))(
      'set up %s prewarm, with its sampler: a span for every request of a client and for no other',
      async (_, flags) => {
        const { report, spans, stderr } = await replayWith(node, script, profile, flags)
        expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
        expect(report.codeCache.applied).toBeGreaterThan(0)
        expect(spans).toEqual(real)
        expect(stderr).toBe('')
      },
    )

    it('without the sampler: those of a rehearsal too, which can be marked', async () => {
      const flags = ['--import', instrument('tracing.mjs'), ...preload]
      const all = await replayWith(node, script, profile, flags, { ALL_SPANS: '1' })
      const { spans, report } = all
      expect(spans?.filter(({ rehearsal }) => rehearsal === false)).toEqual(real)
      const rehearsed = spans?.filter(({ rehearsal }) => rehearsal === true) ?? []
      expect(rehearsed).toHaveLength(report.rehearsal.requests)
    })

    it('by --require, which Node always loads first', async () => {
      const flags = [...preload, '--require', instrument('require.cjs')]
      const { report, spans, stderr } = await replayWith(node, script, profile, flags)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(spans?.slice(-paths.length)).toEqual(real)
      expect(stderr).toBe('')
    })

    it('of ES modules', async () => {
      const flags = ['--import', instrument('tracing.mjs'), ...preload]
      const { report, spans, stderr } = await replayWith(node, esm, esmProfile, flags)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(spans).toEqual(real)
      expect(stderr).toBe('')
    })

    it('while it is recorded', async () => {
      const traced = path.join(scratch, `traced-${line}.prewarm`)
      const env = { NODE_OPTIONS: `--import=${instrument('tracing.mjs')}` }
      await record(node, script, traced, (url) => ask(url, paths), env)
      const { requests, meta, ledger } = readProfile(traced)
      expect(meta.requestCount).toBe(3 * paths.length)
      expect(requests.routes.flatMap(({ exemplars }) => exemplars.map(({ url }) => url))).toEqual(
        expect.arrayContaining([paths[0]]),
      )
      expect(ledger.flatMap(({ effects }) => effects)).toEqual([])
      const flags = [...preload, '--import', instrument('tracing.mjs')]
      const { report, spans } = await replayWith(node, script, traced, flags)
      expect(report.rehearsal.rounds).toBe(5)
      expect(spans).toEqual(real)
    })
  })

  describe('tracers made of import-in-the-middle and require-in-the-middle', () => {
    it.each(
      inBothOrders(['--import', instrument('iitm.mjs')]).flatMap(([order, flags]) => [
        [order, 'CommonJS', flags, script, profile] as const,
        [order, 'ES modules', flags, esm, esmProfile] as const,
      ]),
    )('loaded %s prewarm, of %s', async (_order, _kind, flags, service, recorded) => {
      const { report, spans, stderr } = await replayWith(node, service, recorded, flags)
      expect(report.rehearsal).toMatchObject({ applied: 3, rounds: 5 })
      expect(report.flagsRestored).toBe(true)
      // It does not know of rehearsals, and sees all requests.
      expect(spans?.slice(-paths.length).map((span) => span.path)).toEqual(paths)
      expect(spans).toHaveLength(report.rehearsal.requests + paths.length)
      expect(stderr).toBe('')
    })
  })
})

/** Names of functions of a file that ran, by what Node has written into the folder. */
function calledIn(folder: string, file: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Coverage
    return result
      .filter(({ url }) => url.endsWith(`/${path.relative(root, instrument(file))}`))
      .flatMap(({ functions }) =>
        functions
          .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
          .map(({ functionName }) => functionName),
      )
  })
}

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly functionName: string
      readonly ranges: readonly { readonly count: number }[]
    }[]
  }[]
}
