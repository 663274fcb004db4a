import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { app, ask, get, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const users = ['/', '/users/1', '/users/2', '/users/3']

const apps = [
  ['bare.cjs', ['/', '/late', '/items/1', '/items/2']],
  ['esm.mjs', ['/', '/late', '/items/1', '/items/2']],
  ['express.cjs', users],
  ['fastify.mjs', users],
  ['koa.cjs', users],
  ['hono.mjs', users],
  ['nest.cjs', users],
] as const

describe.each(nodeLines)('on Node %s', (line, node) => {
  it.each(apps)('%s is recorded, rehearsed and served as ever', async (script, paths) => {
    const profile = path.join(folder, `${script}-${line}.prewarm`)
    let staged = ''
    const recorded = await record(node, app(script), profile, async (url) => {
      await ask(url, paths)
      staged = await get(url + paths[0])
    })
    expect(recorded.meta.requestCount).toBe(3 * paths.length + 1)
    expect(recorded.requests.servers).toMatchObject([{ kind: 'http', ordinal: 0 }])
    expect(recorded.modules.map(({ id }) => id)).toContain(script)

    const service = await replay(node, app(script), profile, {
      PREWARM_ROUNDS: '5',
      PREWARM_BUDGET: '60s',
    })
    const body = await get(service.url + paths[0])
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(service.stderr()).toBe('')
    expect(body).toBe(staged)
    expect(report.outcome).toBe('applied')
    expect(report.codeCache.skipped).toEqual({})
    expect(report.preload.skipped).toEqual({})
    expect(Object.keys(report.rehearsal.skipped)).toEqual(['HELD_OUT'])
    expect(report.rehearsal.applied).toBeGreaterThan(0)
    expect(report.rehearsal).toMatchObject({ rounds: 5, stopped: 'cap' })
  })

  it('modules that staging loaded late are there before the port opens', async () => {
    for (const [script, late] of [
      ['bare.cjs', 'late.cjs'],
      ['esm.mjs', 'late-esm.mjs'],
    ] as const) {
      const profile = path.join(folder, `late-${script}-${line}.prewarm`)
      const recorded = await record(node, app(script), profile, (url) => ask(url, ['/', '/late']))
      expect(recorded.modules.find(({ id }) => id === late)).toMatchObject({ phase: 'late' })
      expect(recorded.modules.find(({ id }) => id === script)).toMatchObject({ phase: 'startup' })
      const service = await replay(node, app(script), profile, {
        PREWARM_ROUNDS: '1',
        PREWARM_BUDGET: '60s',
      })
      const { preload } = await reportOf(`${profile}.report.json`)
      await service.stop()
      expect(preload.applied).toBeGreaterThan(0)
    }
  })
})
