import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../data-source.ts'
import { Resource } from './resource.ts'

const host = { requestUpdate: (): void => undefined }

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('Resource', () => {
  it('loads once for a key', async () => {
    let calls = 0
    const resource = new Resource<number>(host)
    const request = (): Promise<number> => Promise.resolve(++calls)
    resource.load('a', request)
    resource.load('a', request)
    expect(resource.state.status).toBe('loading')
    await settled()
    expect(resource.value).toBe(1)
  })

  it('drops an answer that another key has overtaken', async () => {
    const resource = new Resource<string>(host)
    let answer: (value: string) => void = () => undefined
    resource.load('slow', () => new Promise((resolve) => (answer = resolve)))
    resource.load('quick', () => Promise.resolve('quick'))
    await settled()
    answer('slow')
    await settled()
    expect(resource.value).toBe('quick')
    expect(resource.isPending).toBe(false)
  })

  it('drops an answer to the same question that a later one has overtaken', async () => {
    const answers: ((value: string) => void)[] = []
    const resource = new Resource<string>(host)
    resource.load('a', () => new Promise((resolve) => answers.push(resolve)))
    const again = resource.retry()
    answers[1]?.('later')
    await again
    answers[0]?.('earlier')
    await settled()
    expect(resource.value).toBe('later')
    expect(resource.isPending).toBe(false)
  })

  it('keeps the code and hint of a problem, and gives another error one', async () => {
    const resource = new Resource<string>(host)
    resource.load('a', () => Promise.reject(new ApiProblem('ERR_A', 'no', 'do this')))
    await settled()
    expect(resource.state).toMatchObject({ problem: { code: 'ERR_A', hint: 'do this' } })
    resource.load('b', () => Promise.reject(new TypeError('oh')))
    await settled()
    expect(resource.state).toMatchObject({ problem: { code: 'ERR_PREWARM_DSH_VIEW' } })
  })

  it('keeps the old value while another key is loaded, if told so', async () => {
    const resource = new Resource<string>(host, { keepsOld: true })
    resource.load('a', () => Promise.resolve('a'))
    await settled()
    resource.load('b', () => Promise.resolve('b'))
    expect(resource.value).toBe('a')
    expect(resource.isPending).toBe(true)
    await settled()
    expect(resource.value).toBe('b')
  })

  it('keeps what was loaded when loading it again fails, if told so', async () => {
    let calls = 0
    const resource = new Resource<string>(host, { keepsOld: true })
    resource.load('a', () =>
      ++calls === 1 ? Promise.resolve('a') : Promise.reject(new Error('gone')),
    )
    await settled()
    await resource.retry()
    expect(resource.value).toBe('a')
  })

  it('loads again after a failure', async () => {
    let calls = 0
    const resource = new Resource<string>(host)
    resource.load('a', () =>
      ++calls === 1 ? Promise.reject(new Error('gone')) : Promise.resolve('a'),
    )
    await settled()
    expect(resource.state.status).toBe('failed')
    await resource.retry()
    expect(resource.value).toBe('a')
  })
})
