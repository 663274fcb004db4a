import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../formats/profile.ts'
import { app, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()

interface Invocation {
  readonly event: unknown
  end(answer: unknown): void
}

/** The side of Lambda that a runtime asks for invocations: `GET invocation/next`, `POST invocation/ID/response`. */
class RuntimeApi {
  readonly #waiting: http.ServerResponse[] = []
  readonly #invocations = new Map<string, Invocation>()
  readonly #server = http.createServer((request, response) => {
    void this.#answer(request, response)
  })
  #next = 0

  async start(): Promise<NodeJS.ProcessEnv> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const { port } = this.#server.address() as AddressInfo
    return { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, AWS_LAMBDA_FUNCTION_NAME: 'orders' }
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** What the function answers. */
  invoke(event: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      this.#invocations.set(String(this.#next++), { event, end: resolve })
      this.#handOver()
    })
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [id = '', end] = request.url?.split('/').slice(-2) ?? []
    if (end === 'next') {
      this.#waiting.push(response)
      response.on('close', () => {
        const index = this.#waiting.indexOf(response)
        if (index >= 0) this.#waiting.splice(index, 1)
      })
      this.#handOver()
      return
    }
    const answer: unknown = JSON.parse(await text(request))
    response.writeHead(202).end()
    this.#invocations.get(id)?.end(answer)
    this.#invocations.delete(id)
  }

  #handOver(): void {
    const [id, invocation] = [...this.#invocations].at(-1) ?? []
    if (id === undefined || invocation === undefined) return
    const deadline = Date.now() + 60_000
    this.#waiting
      .shift()
      ?.writeHead(200, {
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': deadline,
      })
      .end(JSON.stringify(invocation.event))
  }
}

describe.each(nodeLines)('a Lambda handler on Node %s', (line, node) => {
  const profile = path.join(folder, `lambda-${line}.prewarm`)
  const runtime = app('lambda/runtime.mjs')
  const api = new RuntimeApi()
  let env: NodeJS.ProcessEnv = {}
  beforeAll(async () => {
    env = await api.start()
  })
  afterAll(() => {
    api.stop()
  })

  const order = (...items: string[]): unknown => ({ path: '/orders', body: JSON.stringify(items) })
  const total = (amount: number): unknown => ({ statusCode: 200, body: `{"total":${amount}}` })
  const recordOrders = (file: string, more: NodeJS.ProcessEnv = {}): Promise<Profile> => {
    const invoke = async (): Promise<void> => {
      expect(await api.invoke(order('tea'))).toEqual(total(3))
      expect(await api.invoke(order('tea', 'cake'))).toEqual(total(8))
      expect(await api.invoke({ body: 'no JSON' })).toMatchObject({ errorType: 'SyntaxError' })
    }
    return record(node, runtime, file, invoke, { ...env, ...more })
  }

  it('is recorded by its events, and rehearsed before it asks for the first', async () => {
    const { meta, work } = await recordOrders(profile)
    expect(meta.listenMs).toBeNull()
    expect(work).toMatchObject([{ name: 'handler', count: 3, unreplayable: 0 }])
    const samples = work[0]?.samples ?? []
    expect(samples.map(({ arguments: event }) => JSON.parse(event) as unknown)).toEqual([
      order('tea'),
      order('tea', 'cake'),
      { body: 'no JSON' },
    ])
    expect(samples.map(({ outcome }) => outcome)).toEqual(['returned', 'returned', 'threw'])
    for (const sample of samples) expect(sample).toMatchObject({ tried: 'passed', effects: [] })

    const service = await replay(node, runtime, profile, { ...env, PREWARM_ROUNDS: '5' })
    expect(service.stdout()).toContain('{"rehearsed":15,"real":0}')
    expect(await api.invoke(order('cake', 'cake'))).toEqual(total(10))
    expect(await api.invoke({ body: 'no JSON' })).toMatchObject({ errorType: 'SyntaxError' })
    const report = await reportOf(`${profile}.report.json`)
    expect(report).toMatchObject({ outcome: 'applied', reason: null, skipped: [] })
    expect(report.work).toEqual({ applied: 3, skipped: {}, rounds: 5, calls: 15 })
    expect(await service.stop()).toBe('SIGTERM')
    expect(service.stderr()).toBe('')
  })

  it('needs something that stands for the functions of its context', async () => {
    const { work } = await recordOrders(path.join(folder, `bare-${line}.prewarm`), {
      CODEC: 'none',
    })
    const obstacle = 'argument 1: a function'
    expect(work).toMatchObject([{ name: 'handler', samples: [], unreplayable: 3, obstacle }])
  })
})
