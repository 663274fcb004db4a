import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../formats/profile.ts'
import type { WorkCounts } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  readProfile,
  record,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  until,
} from './harness.ts'

const folder = scratchFolder()
const none: WorkCounts = { applied: 0, skipped: {}, rounds: 0, calls: 0 }
/** What `test/apps/work.mjs` does by itself, whether it is observed or not. */
const outcomes = [4, 4, 4, 4, 4, 'bad', 3]

interface Told {
  readonly before: string
  readonly result: WorkCounts
  readonly during: string
  readonly second: WorkCounts
  readonly ready: string
  readonly outcomes: unknown[]
  readonly counts: { readonly rehearsed: number; readonly real: number }
  readonly hooks: readonly string[]
  readonly isItself: boolean
}

describe.each(nodeLines)('work that is not HTTP on Node %s', (line, node) => {
  const profile = path.join(folder, `work-${line}.prewarm`)
  const report = `${profile}.report.json`

  const recordJob = async (out: string, env: NodeJS.ProcessEnv = {}): Promise<Profile> => {
    const args = ['record', '-o', out, '--force', '--', node, app('work.mjs')]
    const ended = await runToEnd(process.execPath, [cli, ...args], env)
    expect(ended.code).toBe(5)
    expect(ended.stderr).toMatch(/ and 7 calls of add, sizes to /)
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcomes, before: 'off', result: none })
    return readProfile(out)
  }
  beforeAll(() => recordJob(profile))

  /** A start of the job; it must end as ever. */
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<Told> => {
    rmSync(report, { force: true })
    const ended = await runToEnd(node, ['--import', replayer, app('work.mjs')], {
      PREWARM_PROFILE: profile,
      PREWARM_BUDGET: '60s',
      PREWARM_ROUNDS: '6',
      ...env,
    })
    expect(ended).toMatchObject({ code: 5, stderr: '' })
    const told = JSON.parse(ended.stdout) as Told
    expect(told).toMatchObject({ outcomes, isItself: true, counts: { real: 6 } })
    return told
  }

  it('is recorded by a process that never listens and ends by itself', () => {
    const { meta, work } = readProfile(profile)
    expect(meta.listenMs).toBeNull()
    expect(work).toMatchObject([
      { name: 'add', count: 6, unreplayable: 0 },
      { name: 'sizes', count: 1, unreplayable: 0 },
    ])
    const undefinedForm = { $prewarm: 'undefined', value: null }
    expect(work[0]?.samples.map((sample) => JSON.parse(sample.arguments) as unknown)).toEqual([
      ...[0, 1, 2, 3, 4].map((id) => [
        { id, items: [id] },
        undefinedForm,
        { $prewarm: 'date', value: 0 },
      ]),
      [{ id: 5, items: ['bad'] }],
    ])
    expect(work[0]?.samples.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(5).fill('returned'),
      'threw',
    ])
    expect(work[1]?.samples).toMatchObject([{ arguments: '[1,2,3]', outcome: 'returned' }])
  })

  it('is tried when the process has nothing left to do, each call alone', () => {
    const { work } = readProfile(profile)
    const tried = work.flatMap(({ samples }) => samples.map((sample) => sample.tried))
    expect(tried).toEqual(Array<string>(7).fill('passed'))
    expect(work.flatMap(({ samples }) => samples.flatMap(({ effects }) => effects))).toEqual([])
  })

  it('is rehearsed before it begins, and the report says so', async () => {
    const told = await start()
    expect(told).toMatchObject({ before: 'waiting', during: 'open', ready: 'open' })
    expect(told.result).toEqual({ applied: 6, skipped: {}, rounds: 6, calls: 36 })
    expect(told.second).toEqual({ applied: 1, skipped: {}, rounds: 6, calls: 6 })
    expect(told.counts.rehearsed).toBe(36)
    expect(told.hooks).toEqual(['before 0', 'after 36'])
    const written = await reportOf(report)
    expect(written).toMatchObject({ outcome: 'applied', reason: null, skipped: [] })
    expect(written.work).toEqual({ applied: 7, skipped: {}, rounds: 12, calls: 42 })
    expect(written.detail).toMatch(/, 42 rehearsed calls$/)
  })

  it('is left alone when nobody knows what it does', async () => {
    const own = path.join(folder, `untried-${line}.prewarm`)
    await recordJob(own, { PREWARM_TRIAL: '0' })
    const env = { PREWARM_PROFILE: own, PREWARM_REPORT: report }
    const told = await start(env)
    expect(told.counts.rehearsed).toBe(0)
    expect(told.result).toEqual({ ...none, skipped: { EFFECTS_UNKNOWN: 6 } })
    const { work, skipped } = await reportOf(report)
    expect(work).toEqual({ ...none, skipped: { EFFECTS_UNKNOWN: 7 } })
    expect(skipped[0]).toEqual({
      unit: 'add #1',
      reason: 'EFFECTS_UNKNOWN',
      detail: 'recorded without a trial',
    })
    const allowed = await start({ ...env, PREWARM_ALLOW: 'unknown' })
    expect(allowed.result).toMatchObject({ applied: 6, skipped: {} })
  })

  it('that writes a file is left alone, unless the policy allows it', async () => {
    const own = path.join(folder, `writes-${line}.prewarm`)
    const written = path.join(folder, `written-${line}.txt`)
    const effect = { kind: 'file', access: 'write', target: written }
    const [add] = (await recordJob(own, { WRITES: written })).work
    expect(add?.samples.map(({ effects }) => effects)).toEqual(Array<object>(6).fill([effect]))
    const env = { PREWARM_PROFILE: own, PREWARM_REPORT: report, WRITES: written }
    const told = await start(env)
    expect(told.result).toEqual({ ...none, skipped: { EFFECT_REFUSED: 6 } })
    const detail = `file write ${written}`
    const { skipped } = await reportOf(report)
    expect(skipped[0]).toEqual({ unit: 'add #1', reason: 'EFFECT_REFUSED', detail })
    const allowed = await start({ ...env, PREWARM_ALLOW: detail })
    expect(allowed.result).toMatchObject({ applied: 6, skipped: {} })
  })

  it('that writes a file in production alone never does so in a rehearsal', async () => {
    const written = path.join(folder, `refused-${line}.txt`)
    const told = await start({ WRITES: written, PREWARM_ROUNDS: '3' })
    expect(told.result).toEqual({ ...none, skipped: { EFFECT_REFUSED: 6 }, rounds: 1, calls: 6 })
    const real = readFileSync(written, 'utf8')
    expect(real).toBe('real\n'.repeat(6))
  })

  it('is left alone without a profile, and when replay is switched off', async () => {
    for (const env of [{ PREWARM_MODE: 'off' }, { PREWARM_PROFILE: path.join(folder, 'none') }]) {
      const told = await start(env)
      expect(told).toMatchObject({ result: none, second: none, counts: { rehearsed: 0 } })
    }
    expect(existsSync(report)).toBe(false)
  })

  it.each([
    ['exit', { REQUEST_FAILED: 6 }],
    ['throw', { OUTCOME_CHANGED: 5 }],
  ])('may do harm in a rehearsal, and the process lives: %s', async (trouble, skipped) => {
    const told = await start({ TROUBLE: trouble, PREWARM_ROUNDS: '50' })
    expect(told.result.skipped).toEqual(skipped)
    const details = (await reportOf(report)).skipped.map(({ detail }) => detail)
    expect(new Set(details)).toEqual(new Set([trouble === 'exit' ? 'process.exit()' : undefined]))
  })

  it('may fail after a rehearsed call has ended, and the process lives', async () => {
    const told = await start({ TROUBLE: 'behind' })
    expect(told.counts.rehearsed).toBeGreaterThan(0)
  })

  it('is left alone the first time when a resource cannot be made ready', async () => {
    const told = await start({ TROUBLE: 'resource' })
    expect(told.result).toEqual({ ...none, skipped: { RESOURCE_FAILED: 6 } })
    expect(told.hooks).toEqual(['before 0', 'after 0'])
    expect((await reportOf(report)).skipped[0]).toEqual({
      unit: 'resource cache',
      reason: 'RESOURCE_FAILED',
      detail: 'beforeRehearsal: not ready',
    })
  })

  it('may hang in a rehearsal, and begins all the same', async () => {
    const told = await start({ TROUBLE: 'hang' })
    expect(told.result.skipped).toEqual({ TIMED_OUT: 6 })
    const short = await start({ TROUBLE: 'hang', PREWARM_BUDGET: '200ms' })
    expect(short.result).toMatchObject({ applied: 0, skipped: { BUDGET_SPENT: 6 } })
  })

  it('has arguments of the shapes that real calls have', async () => {
    const script = ['--allow-natives-syntax', app('same-shapes.mjs')]
    const { stdout } = await runToEnd(node, script)
    const compared = await runToEnd(node, [...script, stdout])
    const { early, late, cloned } = JSON.parse(compared.stdout) as Record<string, string[]>
    expect({ early, late }).toEqual({ early: [], late: [] })
    // What a serialisation by V8 itself would have come to.
    expect(cloned).toContain('args.0')
  })

  it('of a service is rehearsed before it listens, or after it has opened', async () => {
    const own = path.join(folder, `server-${line}.prewarm`)
    await record(node, app('work-server.mjs'), own, (url) => ask(url, ['/', '/later']))
    expect(readProfile(own).work.map(({ name }) => name)).toEqual(['work', 'overtaken', 'later'])
    const service = await replay(node, app('work-server.mjs'), own, {
      PREWARM_ROUNDS: '4',
    })
    const first = await reportOf(`${own}.report.json`)
    const { results, states } = JSON.parse(await get(`${service.url}/later`)) as {
      results: Record<string, WorkCounts>
      states: string[]
    }
    expect(states).toEqual(['waiting', 'waiting', 'open'])
    expect(results['work']).toEqual({ applied: 3, skipped: {}, rounds: 4, calls: 12 })
    // A server that listens does not wait for what nobody has waited for.
    expect(results['overtaken']).toMatchObject({ applied: 1, skipped: {} })
    expect(results['later']).toEqual({ applied: 1, skipped: {}, rounds: 4, calls: 4 })
    expect(first.work).toMatchObject({ applied: 4, skipped: { NOT_ASKED: 1 } })
    expect(first.rehearsal).toMatchObject({ applied: 2, skipped: {}, rounds: 4, stopped: 'cap' })
    const written = (): Promise<typeof first> => reportOf(`${own}.report.json`)
    let last = first
    await until(() => {
      void written().then((read) => (last = read))
      return last.work.applied === 5
    })
    expect(last).toMatchObject({ openMs: first.openMs, work: { applied: 5, skipped: {} } })
    await service.stop()
    expect(service.stderr()).toBe('')
  })
})
