import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'
import { ResourceRegistry } from './resource-registry.ts'
import type { Resource } from './resource.ts'

const day = 86_400_000

/** A registry with resources of these names, each of which says when its hooks are called. */
function registryOf(names: readonly string[]): {
  registry: ResourceRegistry
  calls: string[]
  add: (name: string, more?: Partial<Resource>) => () => void
} {
  const registry = new ResourceRegistry()
  const calls: string[] = []
  const kept: Resource[] = []
  const add = (name: string, more: Partial<Resource> = {}): (() => void) => {
    const resource: Resource = {
      name,
      beforeRehearsal: () => void calls.push(`before ${name}`),
      afterRehearsal: () => void calls.push(`after ${name}`),
      ...more,
    }
    kept.push(resource)
    return registry.register(resource)
  }
  for (const name of names) add(name)
  return { registry, calls, add }
}

function budget(ms = day): Budget {
  return new Budget(ms, new AbortController().signal)
}

it('runs before-hooks in reverse order of registration and after-hooks in order', async () => {
  const { registry, calls } = registryOf(['a', 'b', 'c'])
  expect(await registry.prepare(budget())).toBeUndefined()
  expect(await registry.settle()).toEqual([])
  expect(calls).toEqual(['before c', 'before b', 'before a', 'after a', 'after b', 'after c'])
})

it('waits for one hook before it calls the next', async () => {
  const { registry, calls, add } = registryOf(['a'])
  const slow = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    calls.push('slow')
  }
  add('b', { beforeRehearsal: slow, afterRehearsal: slow })
  add('c')
  await registry.prepare(budget())
  await registry.settle()
  expect(calls).toEqual(['before c', 'slow', 'before a', 'after a', 'slow', 'after c'])
})

it('runs no after-hook twice, and none without a before-hook', async () => {
  const { registry, calls } = registryOf(['a'])
  await registry.settle()
  expect(calls).toEqual([])
  await registry.prepare(budget())
  await registry.settle()
  await registry.settle()
  expect(calls).toEqual(['before a', 'after a'])
})

it('leaves alone what joins during the rehearsal, or while resources are made ready', async () => {
  const { registry, calls, add } = registryOf(['a'])
  add('b', { beforeRehearsal: () => void add('during the hooks') })
  await registry.prepare(budget())
  add('during the rehearsal')
  await registry.settle()
  expect(calls).toEqual(['before a', 'after a', 'after b'])
})

it('forgets what was taken away, in the middle too', async () => {
  const { registry, calls, add } = registryOf(['a'])
  const removeB = add('b')
  const removeC = add('c')
  removeB()
  removeB()
  await registry.prepare(budget())
  removeC()
  await registry.settle()
  expect(calls).toEqual(['before c', 'before a', 'after a'])
})

it('stops at the first resource that is not ready, and puts in order those it has come to', async () => {
  const { registry, calls, add } = registryOf(['a'])
  add('b', { beforeRehearsal: () => Promise.reject(new Error('no')) })
  add('c')
  expect(await registry.prepare(budget())).toEqual({ name: 'b', detail: 'beforeRehearsal: no' })
  expect(await registry.settle()).toEqual([])
  expect(calls).toEqual(['before c', 'after b', 'after c'])
})

it('goes on after an after-hook that fails, and names those without a name by number', async () => {
  const { registry, calls, add } = registryOf(['a'])
  const fails: Partial<Resource> = {
    name: undefined,
    afterRehearsal() {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- applications do
      throw 'text'
    },
  }
  add('b', fails)
  add('c')
  await registry.prepare(budget())
  expect(await registry.settle()).toEqual([{ name: '#2', detail: 'afterRehearsal: text' }])
  expect(calls).toEqual(['before c', 'before b', 'before a', 'after a', 'after c'])
})

describe('when the time is over', () => {
  it('tells a hook, and does not wait for it', async () => {
    const { registry, calls, add } = registryOf(['a'])
    let isTold = false
    add('b', {
      beforeRehearsal: ({ signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (isTold = true))
        }),
    })
    // A quarter of this is less than the least that a hook gets.
    const failure = await registry.prepare(budget(100))
    expect(failure).toEqual({ name: 'b', detail: 'beforeRehearsal was not done within 50 ms' })
    expect(isTold).toBe(true)
    await registry.settle()
    expect(calls).toEqual(['after b'])
  })

  it('makes nothing ready, and so has nothing to put in order', async () => {
    const { registry, calls } = registryOf(['a'])
    expect(await registry.prepare(budget(0))).toBeUndefined()
    await registry.settle()
    expect(calls).toEqual([])
  })

  it('because the process has to stop, blames nobody', async () => {
    const { registry, calls, add } = registryOf(['a'])
    const stop = new AbortController()
    add('b', {
      beforeRehearsal: () => {
        stop.abort()
        return new Promise(() => undefined)
      },
    })
    expect(await registry.prepare(new Budget(day, stop.signal))).toBeUndefined()
    await registry.settle()
    expect(calls).toEqual(['after b'])
  })
})

it('is of no use to anybody once there is no rehearsal any more', async () => {
  const { registry, calls, add } = registryOf(['a'])
  registry.close()
  add('b')()
  await registry.prepare(budget())
  expect(calls).toEqual([])
})
