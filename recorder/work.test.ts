import { AsyncLocalStorage } from 'node:async_hooks'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Redactor } from './redact.ts'
import { WorkRecorder } from './work.ts'

function recorder(characters?: number): WorkRecorder {
  return new WorkRecorder(new Redactor(['customer']), characters)
}

/** A function that is recorded, and what is known of it. */
function recorded<F extends (...args: never[]) => unknown>(fn: F) {
  const work = recorder()
  return { call: work.recordable('work', fn, undefined), section: () => work.work()[0], work }
}

describe('a recordable function', () => {
  it('keeps receiver, arguments, result, name, length and properties', async () => {
    const original = Object.assign(
      function resize(this: unknown, a: number, b: number) {
        return [this, a, b]
      },
      { [promisify.custom]: () => Promise.resolve('promised') },
    )
    const { call } = recorded(original)
    const receiver = {}
    expect(call.apply(receiver, [1, 2])).toEqual([receiver, 1, 2])
    expect([call.name, call.length]).toEqual(['resize', 2])
    expect(await promisify(call)()).toBe('promised')
  })

  it('throws and rejects what the original does', async () => {
    const error = new Error('no')
    const { call: thrower } = recorded(() => {
      throw error
    })
    expect(thrower).toThrow(error)
    await expect(recorded(() => Promise.reject(error)).call()).rejects.toBe(error)
  })

  it('passes on as it is what is more than a promise', () => {
    const withProperty = Object.assign(Promise.resolve(1), { cancel: () => undefined })
    class Own extends Promise<number> {}
    const own = Own.resolve(1)
    let asked = 0
    // A query builder runs its query when somebody asks for the result.
    const lazy = { then: () => asked++ }
    for (const result of [withProperty, own, lazy])
      expect(recorded(() => result).call()).toBe(result)
    expect(asked).toBe(0)
  })

  it('leaves a rejection that nobody handles to be told of, and only that', async () => {
    const told: unknown[] = []
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    const tell = (reason: unknown): void => void told.push(reason)
    process.on('unhandledRejection', tell)
    try {
      const { call } = recorded((text: string) => Promise.reject(new Error(text)))
      void call('nobody')
      call('somebody').catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      expect(told).toEqual([new Error('nobody')])
    } finally {
      process.off('unhandledRejection', tell)
      for (const each of listeners) process.on('unhandledRejection', each)
    }
  })

  it('runs in the async context of its caller', async () => {
    const storage = new AsyncLocalStorage<number>()
    const { call } = recorded(async () => {
      await Promise.resolve()
      return storage.getStore()
    })
    expect(await storage.run(7, () => call())).toBe(7)
  })

  it('is the function itself once the recording has ended', () => {
    const fn = (): number => 1
    const { call, work } = recorded(fn)
    work.stop()
    expect(work.recordable('work', fn, undefined)).toBe(fn)
    expect(call()).toBe(1)
    expect(work.work()).toEqual([])
  })
})

describe('what is recorded', () => {
  it('is count, latency and the first 16 distinct calls', async () => {
    const { call, section } = recorded(async (job: { id: number }) => {
      await Promise.resolve()
      return job.id
    })
    for (let id = 0; id < 40; id++) await call({ id: id % 20 })
    expect(section()).toMatchObject({ name: 'work', count: 40, unreplayable: 0, obstacle: '' })
    expect(section()?.cold.count).toBe(10)
    expect(section()?.samples.map((sample) => sample.arguments)).toEqual(
      Array.from({ length: 16 }, (_, id) => `[{"id":${id}}]`),
    )
    expect(section()?.samples[0]).toEqual({
      arguments: '[{"id":0}]',
      outcome: 'returned',
      tried: 'untried',
      effects: [],
      note: '',
    })
  })

  it('is how a call ended, once it has', async () => {
    const { call, section } = recorded((how: string) => {
      if (how === 'throw') throw new Error(how)
      return how === 'reject' ? Promise.reject(new Error(how)) : new Promise(() => undefined)
    })
    void call('never')
    expect(() => call('throw')).toThrow()
    await expect(call('reject')).rejects.toThrow()
    expect(section()?.count).toBe(2)
    expect(section()?.samples.map((sample) => [sample.arguments, sample.outcome])).toEqual([
      ['["throw"]', 'threw'],
      ['["reject"]', 'threw'],
    ])
  })

  it('are the arguments as they came, whatever the call makes of them', () => {
    const { call, section } = recorded((job: { list: number[] }) => job.list.push(1))
    call({ list: [] })
    expect(section()?.samples[0]?.arguments).toBe('[{"list":[]}]')
  })

  it('is never a secret, and calls that differ in nothing else are one', () => {
    const { call, section } = recorded((job: unknown) => job)
    for (const secret of ['hunter2', 'hunter3']) {
      call({
        to: 'ann',
        password: secret,
        customer: secret,
        map: new Map([['apiKey', secret]]),
        body: Buffer.from(JSON.stringify({ token: secret })),
        text: `token=${secret}`,
      })
    }
    const samples = section()?.samples ?? []
    expect(samples).toHaveLength(1)
    expect(JSON.stringify(section())).not.toContain('hunter')
    expect(JSON.parse(samples[0]?.arguments ?? '')).toEqual([
      {
        to: 'ann',
        password: 'redacted',
        customer: 'redacted',
        map: { $prewarm: 'map', value: { apiKey: 'redacted' } },
        body: { $prewarm: 'buffer', value: '{"token":"redacted"}' },
        text: 'redacted',
      },
    ])
  })

  it('counts what cannot be kept, says why, and asks no more after 256 calls', () => {
    const { call, section } = recorded((...args: unknown[]) => args.length)
    for (let time = 0; time < 300; time++) call(1, () => time)
    expect(section()).toMatchObject({
      count: 300,
      samples: [],
      unreplayable: 256,
      obstacle: 'argument 1: a function',
    })
  })

  it('has a limit for all arguments together', () => {
    const work = recorder(100)
    const call = work.recordable('work', (text: string) => text, undefined)
    for (const letter of 'abc') call(letter.repeat(60))
    expect(work.work()[0]).toMatchObject({ unreplayable: 2, obstacle: 'no room was left' })
    expect(work.work()[0]?.samples).toHaveLength(1)
  })

  it('is of 300 names at most, most frequent first, and of none that was never called', () => {
    const work = recorder()
    const calls = Array.from({ length: 400 }, (_, index) =>
      work.recordable(`name ${index}`, () => index, undefined),
    )
    for (const call of calls.slice(1)) call()
    calls[5]?.()
    expect(work.work()).toHaveLength(299)
    expect(work.work()[0]?.name).toBe('name 5')
  })
})

describe('a trial', () => {
  it('runs each recorded call with the function as last given, and writes down what it saw', async () => {
    const work = recorder()
    const seen: unknown[] = []
    work.recordable('work', (job: unknown) => seen.push(['first', job]), undefined)({ id: 1 })
    const call = work.recordable(
      'work',
      (job: { id: number }) => {
        seen.push(['second', job])
        if (job.id === 3) throw new Error('3')
      },
      undefined,
    )
    call({ id: 2 })
    expect(() => {
      call({ id: 3 })
    }).toThrow()
    work.stop()
    seen.length = 0
    const units = work.units()
    const outcomes = await Promise.all(units.map((unit) => unit.run()))
    expect(outcomes).toEqual(['returned', 'returned', 'threw'])
    expect(seen).toEqual([1, 2, 3].map((id) => ['second', { id }]))
    const effect = { kind: 'redis', access: 'write', target: 'a:1' } as const
    units[0]?.conclude('returned', [effect])
    units[1]?.conclude('threw', [])
    units[2]?.leave('no time was left', [])
    expect(work.work()[0]?.samples).toMatchObject([
      { tried: 'passed', effects: [effect], note: '' },
      { tried: 'outcome-changed', effects: [], note: '' },
      { tried: 'untried', effects: [], note: 'no time was left' },
    ])
    units[2]?.conclude('timed-out', [])
    expect(work.work()[0]?.samples[2]).toMatchObject({ tried: 'timed-out', note: '' })
  })

  it('uses the codec, and what it throws is an end like others', async () => {
    const work = recorder()
    const codec = {
      serialize: ([job]: readonly unknown[]) => (job as Date).getTime(),
      deserialize: (ms: unknown) => {
        if (ms === 2) throw new Error('not this one')
        return [new Date(ms as number)]
      },
    }
    const call = work.recordable('work', (date: Date) => date.toISOString(), codec)
    call(new Date(1))
    call(new Date(2))
    const outcomes = await Promise.all(work.units().map((unit) => unit.run()))
    expect(outcomes).toEqual(['returned', 'threw'])
  })
})
