import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
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
  readonly isItself: boolean
}

describe.each(nodeLines)('work that is not HTTP on Node %s', (line, node) => {
  const profile = path.join(folder, `work-${line}.prewarm`)
  const report = `${profile}.report.json`

  beforeAll(async () => {
    const args = ['record', '-o', profile, '--force', '--', node, app('work.mjs')]
    const ended = await runToEnd(process.execPath, [cli, ...args])
    expect(ended.code).toBe(5)
    expect(ended.stderr).toMatch(/ and 7 calls of add, sizes to /)
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcomes, before: 'off', result: none })
  })

  /** A start of the job; it must end as ever. */
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<Told> => {
    rmSync(report, { force: true })
    const ended = await runToEnd(node, ['--import', replayer, app('work.mjs')], {
      PREWARM_PROFILE: profile,
      PREWARM_BUDGET: '60s',
      PREWARM_ROUNDS: '6',
      PREWARM_ALLOW: 'unknown',
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

  it('is rehearsed before it begins, and the report says so', async () => {
    const told = await start()
    expect(told).toMatchObject({ before: 'waiting', during: 'open', ready: 'open' })
    expect(told.result).toEqual({ applied: 6, skipped: {}, rounds: 6, calls: 36 })
    expect(told.second).toEqual({ applied: 1, skipped: {}, rounds: 6, calls: 6 })
    expect(told.counts.rehearsed).toBe(36)
    const written = await reportOf(report)
    expect(written).toMatchObject({ outcome: 'applied', reason: null, skipped: [] })
    expect(written.work).toEqual({ applied: 7, skipped: {}, rounds: 12, calls: 42 })
    expect(written.detail).toMatch(/, 42 rehearsed calls$/)
  })

  it('is left alone when nobody knows what it does', async () => {
    const told = await start({ PREWARM_ALLOW: '' })
    expect(told.counts.rehearsed).toBe(0)
    expect(told.result).toEqual({ ...none, skipped: { EFFECTS_UNKNOWN: 6 } })
    const { work, skipped } = await reportOf(report)
    expect(work).toEqual({ ...none, skipped: { EFFECTS_UNKNOWN: 7 } })
    expect(skipped[0]).toEqual({
      unit: 'add #1',
      reason: 'EFFECTS_UNKNOWN',
      detail: 'recorded without a trial',
    })
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
  })

  it('may fail after a rehearsed call has ended, and the process lives', async () => {
    const told = await start({ TROUBLE: 'behind' })
    expect(told.counts.rehearsed).toBeGreaterThan(0)
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
      PREWARM_ALLOW: 'unknown',
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
