import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import { app, ask, get, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const script = app('resources/hooks.mjs')
const before = ['before third', 'before second', 'before first']
const after = ['after first', 'after second', 'after third']

describe.each(nodeLines)('resources on Node %s', (line, node) => {
  const profile = path.join(folder, `hooks-${line}.prewarm`)

  beforeAll(async () => {
    await record(node, script, profile, (url) => ask(url, ['/']))
  })

  interface Start {
    /** Hooks and the first rehearsed request, in their order, once the port is open. */
    readonly calls: readonly string[]
    readonly rehearsed: number
    readonly report: RunReport
    readonly stderr: string
  }

  const start = async (
    trouble: string,
    env: NodeJS.ProcessEnv = {},
    flags: readonly string[] = [],
  ): Promise<Start> => {
    const settings = { TROUBLE: trouble, PREWARM_ROUNDS: '3', ...env }
    const service = await replay(node, script, profile, settings, flags)
    expect(await get(service.url)).toBe('ok')
    const { calls, rehearsed } = JSON.parse(await get(`${service.url}/calls`)) as Start
    const report = await reportOf(`${profile}.report.json`)
    expect(await service.stop()).toBe('SIGTERM')
    return { calls, rehearsed, report, stderr: service.stderr() }
  }

  it('are made ready in reverse order and put in order afterwards, before the port opens', async () => {
    const { calls, rehearsed, report, stderr } = await start('none')
    expect(calls).toEqual([...before, 'rehearsal', ...after])
    expect(rehearsed).toBe(3)
    expect(report.rehearsal).toMatchObject({ applied: 1, stopped: 'cap' })
    expect(report.skipped).toEqual([])
    const stages = report.stages.map(({ name }) => name)
    expect(stages.slice(-3)).toEqual(['rehearse', 'settle', 'open'])
    expect(stderr).toBe('')
  })

  it('prevent the rehearsal when one cannot be made ready, and those that were ready are put in order', async () => {
    const { calls, rehearsed, report } = await start('throws')
    expect(calls).toEqual(['before third', 'before second', 'after second', 'after third'])
    expect(rehearsed).toBe(0)
    expect(report.rehearsal).toMatchObject({
      applied: 0,
      requests: 0,
      skipped: { RESOURCE_FAILED: 1 },
      stopped: 'RESOURCE_FAILED',
    })
    expect(report.skipped).toEqual([
      {
        unit: 'resource second',
        reason: 'RESOURCE_FAILED',
        detail: 'beforeRehearsal: cannot',
      },
      { unit: 'GET /', reason: 'RESOURCE_FAILED' },
    ])
  })

  it('are not waited for longer than their share of the budget', async () => {
    const { calls, rehearsed, report } = await start('hangs', { PREWARM_BUDGET: '2s' })
    expect(calls).toEqual([
      ...['before third', 'before second', 'told to give up'],
      ...['after second', 'after third'],
    ])
    expect(rehearsed).toBe(0)
    expect(report.skipped[0]).toMatchObject({ unit: 'resource second', reason: 'RESOURCE_FAILED' })
    expect(report.skipped[0]?.detail).toMatch(/^beforeRehearsal was not done within \d+ ms$/)
  })

  it('are put in order one by one, whatever one of them does', async () => {
    for (const [trouble, detail] of [
      ['throws later', /^afterRehearsal: cannot$/],
      ['hangs later', /^afterRehearsal was not done within \d+ ms$/],
    ] as const) {
      const { calls, report } = await start(trouble)
      expect(calls.filter((call) => call !== 'told to give up')).toEqual([
        ...before,
        'rehearsal',
        ...after,
      ])
      expect(report.rehearsal).toMatchObject({ applied: 1, stopped: 'cap' })
      expect(report.skipped).toEqual([
        {
          unit: 'resource second',
          reason: 'RESOURCE_FAILED',
          detail: expect.stringMatching(detail) as string,
        },
      ])
    }
  })

  it('that nobody keeps are left out with a warning, unless they are ready-made', async () => {
    const { calls, rehearsed, stderr } = await start('collected', {}, ['--expose-gc'])
    expect(calls).toEqual([...before, 'rehearsal', ...after])
    expect(rehearsed).toBe(3)
    expect(stderr.match(/PREWARM_RESOURCE_COLLECTED/g)).toHaveLength(1)
    expect(stderr).toContain('registered for: lost, gone. Resources')
  })

  it('are left alone when nothing is rehearsed', async () => {
    const off = await start('throws', { PREWARM_BUDGET: '0' })
    expect(off.calls).toEqual([])
    expect(off.report.skipped.filter(({ reason }) => reason === 'RESOURCE_FAILED')).toEqual([])
  })
})
