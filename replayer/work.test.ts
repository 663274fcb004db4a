import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { WorkRecord, WorkSample } from '../formats/profile.ts'
import { currentScope, isRehearsal, RehearsalContext } from '../runtime/rehearsal-context.ts'
import { readConfig } from './config.ts'
import { Work } from './work.ts'

const distribution = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }
const sample = (value: unknown, change: Partial<WorkSample> = {}): WorkSample => ({
  arguments: JSON.stringify([value]),
  outcome: 'returned',
  tried: 'passed',
  effects: [],
  note: '',
  ...change,
})
const record = (name: string, samples: WorkSample[]): WorkRecord => ({
  name,
  count: samples.length,
  cold: distribution,
  steady: distribution,
  samples,
  unreplayable: 0,
  obstacle: '',
})
const never = new AbortController().signal
const nothing = (): Promise<undefined> => Promise.resolve(undefined)
const surroundings = { before: nothing, after: nothing, onEnd: () => undefined }

/** Budget and rounds that nothing here spends by itself. */
function open(works: WorkRecord[], env: NodeJS.ProcessEnv = {}) {
  const config = readConfig({ PREWARM_BUDGET: '1m', PREWARM_ROUNDS: '5', ...env })
  const work = new Work({ ledger: [], work: works }, config, new RehearsalContext())
  return {
    work,
    run: (
      name: string,
      fn: (...args: never[]) => unknown,
      more: { budgetMs?: number; rounds?: number; stop?: AbortSignal } = {},
    ) =>
      work.rehearse(
        { name, fn, codec: undefined, budgetMs: more.budgetMs, rounds: more.rounds },
        more.stop ?? never,
        surroundings,
      ),
  }
}

describe('a rehearsal of work', () => {
  it('repeats the calls in turn, with arguments of their own, marked as a rehearsal', async () => {
    const seen: unknown[] = []
    const { run } = open([record('work', [sample({ id: 1 }), sample({ id: 2 })])])
    const counts = await run('work', (job: { id: number; again?: boolean }) => {
      seen.push([job.id, job.again, isRehearsal()])
      job.again = true
    })
    expect(counts).toEqual({ applied: 2, skipped: {}, rounds: 5, calls: 10 })
    expect(seen.slice(0, 4)).toEqual([1, 2, 1, 2].map((id) => [id, undefined, true]))
    expect(isRehearsal()).toBe(false)
  })

  it('takes the rounds of the caller before its own', async () => {
    const { run } = open([record('work', [sample(1)])])
    expect(await run('work', () => 1, { rounds: 2 })).toMatchObject({ rounds: 2, calls: 2 })
  })

  it('does nothing for a name that was not recorded', async () => {
    const { run } = open([record('work', [sample(1)])])
    const fail = (): never => {
      throw new Error('called')
    }
    expect(await run('other', fail)).toEqual({ applied: 0, skipped: {}, rounds: 0, calls: 0 })
  })

  it('expects a call to throw that threw, and drops what ends otherwise three times', async () => {
    const threw = { outcome: 'threw' } as const
    const { run, work } = open([
      record('work', [sample('a', threw), sample('b'), sample('c', threw), sample('d')]),
    ])
    const calls = new Map<string, number>()
    const counts = await run('work', (text: string) => {
      calls.set(text, (calls.get(text) ?? 0) + 1)
      return text < 'c' ? Promise.reject(new Error(text)) : text
    })
    expect(Object.fromEntries(calls)).toEqual({ a: 5, b: 3, c: 3, d: 5 })
    expect(counts).toMatchObject({ applied: 2, skipped: { OUTCOME_CHANGED: 2 } })
    expect(work.summary().skipped).toEqual([
      { unit: 'work #2', reason: 'OUTCOME_CHANGED' },
      { unit: 'work #3', reason: 'OUTCOME_CHANGED' },
    ])
  })

  it('drops at once what does something that the policy does not allow, and says what', async () => {
    const { run, work } = open([record('work', [sample('write'), sample('compute')])])
    const refusals: unknown[] = []
    const counts = await run('work', (how: string) => {
      if (how === 'compute') return
      const effect = { kind: 'redis', access: 'write', target: 'a:1' } as const
      refusals.push(currentScope()?.sink?.tell(effect))
    })
    expect(refusals).toMatchObject([{ code: 'ERR_PREWARM_RPL_EFFECT' }])
    expect(counts).toEqual({ applied: 1, skipped: { EFFECT_REFUSED: 1 }, rounds: 5, calls: 6 })
    expect(work.summary().skipped).toEqual([
      { unit: 'work #1', reason: 'EFFECT_REFUSED', detail: 'redis write a:1' },
    ])
  })

  it('makes no call when something in its way fails, and says so', async () => {
    const config = readConfig({ PREWARM_BUDGET: '1m' })
    const recorded = { ledger: [], work: [record('work', [sample(1)])] }
    const work = new Work(recorded, config, new RehearsalContext())
    const before = () => Promise.resolve('RESOURCE_FAILED' as const)
    let calls = 0
    const fn = () => calls++
    const asked = { name: 'work', fn, codec: undefined, budgetMs: undefined, rounds: undefined }
    const counts = await work.rehearse(asked, never, { ...surroundings, before })
    expect(counts).toMatchObject({ applied: 0, skipped: { RESOURCE_FAILED: 1 }, calls: 0 })
    expect(calls).toBe(0)
  })

  it('forgives a call that goes wrong now and then', async () => {
    const { run } = open([record('work', [sample(1)])])
    let calls = 0
    const counts = await run('work', () => {
      if (++calls % 3 !== 0) throw new Error('not yet')
    }, { rounds: 9 }) // prettier-ignore
    expect(counts).toMatchObject({ applied: 1, skipped: {}, calls: 9 })
  })

  it('drops what does not end the second time, and goes on with the others', async () => {
    const { run } = open([record('work', [sample('hang'), sample('run')])])
    const counts = await run('work', (how: string) =>
      how === 'hang' ? new Promise(() => undefined) : how,
    )
    expect(counts).toEqual({ applied: 1, skipped: { TIMED_OUT: 1 }, rounds: 5, calls: 7 })
  })

  it('drops what keeps the process busy for too long', async () => {
    const { run } = open([record('work', [sample(1)])])
    const counts = await run('work', () => {
      const until = performance.now() + 510
      while (performance.now() < until);
    })
    expect(counts).toEqual({ applied: 0, skipped: { TIMED_OUT: 1 }, rounds: 2, calls: 2 })
  })

  it('contains what a call starts and leaves behind', async () => {
    const { run } = open([record('work', [sample(1)])])
    const counts = await run('work', async () => {
      void Promise.reject(new Error('behind'))
      await sleep(1)
    })
    expect(counts).toEqual({ applied: 0, skipped: { REQUEST_FAILED: 1 }, rounds: 3, calls: 3 })
  })

  it('contains process.exit', async () => {
    const { run } = open([record('work', [sample(1)])])
    const exit = process.exit
    const counts = await run('work', () => process.exit(3))
    expect(counts).toMatchObject({ applied: 0, skipped: { REQUEST_FAILED: 1 } })
    expect(process.exit).not.toBe(exit)
  })

  it('ends with its budget, in the middle of a call if need be', async () => {
    const { run } = open([record('work', [sample(1), sample(2)])], { PREWARM_BUDGET: '40ms' })
    const counts = await run('work', () => new Promise(() => undefined))
    expect(counts).toMatchObject({ applied: 0, skipped: { BUDGET_SPENT: 2 } })
  })

  it('ends when it is told to', async () => {
    const { run } = open([record('work', [sample(1), sample(2)])])
    const stop = new AbortController()
    const counts = await run(
      'work',
      (id: number) => {
        if (id === 2) stop.abort()
        return id === 1 ? id : new Promise(() => undefined)
      },
      { stop: stop.signal },
    )
    expect(counts).toEqual({ applied: 1, skipped: { ABORTED: 1 }, rounds: 1, calls: 2 })
  })

  it('does not start where errors cannot be contained', async () => {
    const emit = Object.getOwnPropertyDescriptor(process, 'emit')
    Object.defineProperty(process, 'emit', {
      value: process.emit.bind(process),
      configurable: true,
      writable: false,
    })
    const { run } = open([record('work', [sample(1)])])
    try {
      const counts = await run('work', () => 1)
      expect(counts).toEqual({ applied: 0, skipped: { INTERNAL_ERROR: 1 }, rounds: 0, calls: 0 })
    } finally {
      if (emit === undefined) Reflect.deleteProperty(process, 'emit')
      else Object.defineProperty(process, 'emit', emit)
    }
  })
})

describe('the policy', () => {
  const write = { kind: 'redis', access: 'write', target: 'a:1' } as const
  const read = { ...write, access: 'read' } as const
  const post = { kind: 'http', access: 'unknown', target: 'POST http://a.example/' } as const

  it('says which calls may be repeated', async () => {
    const { run, work } = open([
      record('work', [
        sample(1, { effects: [read] }),
        sample(2, { effects: [read, write] }),
        sample(3, { effects: [post] }),
        sample(4, { tried: 'untried' }),
        sample(5, { tried: 'untried', note: 'no time was left' }),
        sample(6, { tried: 'outcome-changed' }),
        sample(7, { tried: 'timed-out' }),
      ]),
    ])
    const seen = new Set<number>()
    const counts = await run('work', (id: number) => seen.add(id))
    expect([...seen]).toEqual([1])
    expect(counts).toEqual({
      applied: 1,
      skipped: {
        EFFECT_REFUSED: 1,
        EFFECT_NOT_TAPED: 1,
        EFFECTS_UNKNOWN: 2,
        OUTCOME_CHANGED: 1,
        TIMED_OUT: 1,
      },
      rounds: 5,
      calls: 5,
    })
    expect(work.summary().skipped.slice(0, 4)).toEqual([
      { unit: 'work #2', reason: 'EFFECT_REFUSED', detail: 'redis write a:1' },
      {
        unit: 'work #3',
        reason: 'EFFECT_NOT_TAPED',
        detail: 'http unknown POST http://a.example/',
      },
      { unit: 'work #4', reason: 'EFFECTS_UNKNOWN', detail: 'recorded without a trial' },
      { unit: 'work #5', reason: 'EFFECTS_UNKNOWN', detail: 'no time was left' },
    ])
  })

  it('may allow what is not known, and effects by name', async () => {
    const works = [
      record('work', [sample(1, { tried: 'untried' }), sample(2, { effects: [write] })]),
    ]
    const allowing = (allow: string) => open(works, { PREWARM_ALLOW: allow })
    expect(await allowing('unknown').run('work', () => 1)).toMatchObject({
      applied: 1,
      skipped: { EFFECT_REFUSED: 1 },
    })
    expect(await allowing('redis write *').run('work', () => 1)).toMatchObject({
      applied: 1,
      skipped: { EFFECTS_UNKNOWN: 1 },
    })
  })
})

describe('the budget', () => {
  const hang = (): Promise<never> => new Promise(() => undefined)
  const two = [record('a', [sample(1)]), record('b', [sample(1)])]

  it('is one for all work: a name takes an even share, and what it leaves is for the others', async () => {
    const { run } = open(two, { PREWARM_BUDGET: '400ms' })
    const took = async (name: string, fn: () => unknown): Promise<number> => {
      const start = performance.now()
      await run(name, fn)
      return performance.now() - start
    }
    // The deadline of a call is 500 ms: what ends these is the budget, and never before its time.
    expect(await took('a', hang)).toBeGreaterThanOrEqual(199)
    expect(await took('b', hang)).toBeLessThan(400)
    expect(await run('b', () => 1)).toMatchObject({ applied: 0, skipped: { BUDGET_SPENT: 1 } })
  })

  it('may be given for one name, which then takes nothing from the others', async () => {
    const { run } = open(two, { PREWARM_BUDGET: '1m' })
    expect(await run('a', hang, { budgetMs: 20 })).toMatchObject({ skipped: { BUDGET_SPENT: 1 } })
    expect(await run('b', () => 1)).toMatchObject({ applied: 1 })
  })

  it('of 0 switches all rehearsal off', async () => {
    const { run } = open(two, { PREWARM_BUDGET: '0' })
    expect(await run('a', () => 1, { budgetMs: 500 })).toEqual({
      applied: 0,
      skipped: { BUDGET_SPENT: 1 },
      rounds: 0,
      calls: 0,
    })
  })
})

describe('the summary', () => {
  it('counts every recorded call once, those that nobody asked for as well', async () => {
    const { run, work } = open([record('a', [sample(1), sample(2)]), record('b', [sample(1)])])
    const unasked = { applied: 0, skipped: { NOT_ASKED: 3 }, rounds: 0, calls: 0 }
    expect(work.summary().counts).toEqual(unasked)
    await run('a', () => 1)
    await run('a', () => 1)
    expect(work.summary()).toEqual({
      counts: { applied: 2, skipped: { NOT_ASKED: 1 }, rounds: 5, calls: 10 },
      skipped: [{ unit: 'b #1', reason: 'NOT_ASKED' }],
    })
  })
})
