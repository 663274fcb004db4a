import path from 'node:path'
import { Client, credentials, status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { app, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()

/** Speaks to the server at `url` over one channel. */
async function asClient<T>(
  url: string,
  talk: (call: (method: string, request: unknown) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = new Client(new URL(url).host, credentials.createInsecure())
  const toBytes = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))
  const fromBytes = (bytes: Buffer): unknown => JSON.parse(bytes.toString())
  try {
    return await talk(
      (method, request) =>
        new Promise((resolve, reject) => {
          const name = `/shop.Orders/${method}`
          client.makeUnaryRequest(name, toBytes, fromBytes, request, (error, answer) => {
            if (error === null) resolve(answer)
            else reject(error)
          })
        }),
    )
  } finally {
    client.close()
  }
}

describe.each(nodeLines)('a gRPC handler on Node %s', (line, node) => {
  const profile = path.join(folder, `grpc-${line}.prewarm`)

  it('is recorded under real calls, and rehearsed before its server binds', async () => {
    const { work } = await record(node, app('grpc.mjs'), profile, (url) =>
      asClient(url, async (call) => {
        for (const items of [[], ['tea'], ['tea', 'cake']]) {
          await call('GetOrder', { id: items.length, items })
        }
        const missing = call('GetOrder', { id: -1, items: [] })
        await expect(missing).rejects.toMatchObject({ code: status.NOT_FOUND })
      }),
    )
    expect(work).toMatchObject([{ name: 'GetOrder', count: 4, unreplayable: 0 }])
    const samples = work[0]?.samples ?? []
    expect(samples.map(({ arguments: args }) => JSON.parse(args) as unknown)).toEqual([
      [{ id: 0, items: [] }],
      [{ id: 1, items: ['tea'] }],
      [{ id: 2, items: ['tea', 'cake'] }],
      [{ id: -1, items: [] }],
    ])
    expect(samples.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(3).fill('returned'),
      'threw',
    ])
    for (const sample of samples) expect(sample).toMatchObject({ tried: 'passed', effects: [] })

    const service = await replay(node, app('grpc.mjs'), profile, { PREWARM_ROUNDS: '5' })
    await asClient(service.url, async (call) => {
      const result = { applied: 4, skipped: {}, rounds: 5, calls: 20 }
      const before = { rehearsed: 20, real: 0, answered: 0 }
      expect(await call('GetCounts', {})).toEqual({ ...before, result })
      const order = await call('GetOrder', { id: 7, items: ['cake', 'cake'] })
      expect(order).toEqual({ id: 7, total: 10 })
      const missing = call('GetOrder', { id: -7, items: [] })
      await expect(missing).rejects.toMatchObject({ code: status.NOT_FOUND })
      const after = { rehearsed: 20, real: 2, answered: 2 }
      expect(await call('GetCounts', {})).toEqual({ ...after, result })
    })
    const report = await reportOf(`${profile}.report.json`)
    expect(report).toMatchObject({ outcome: 'applied', reason: null })
    expect(report.work).toEqual({ applied: 4, skipped: {}, rounds: 5, calls: 20 })
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
  })
})
