import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareReport } from '../formats/compare-report.ts'
import { app, ask, nodeLines, prewarm, record, scratchFolder } from './harness.ts'

const folder = scratchFolder()

describe.each(nodeLines)('arms that users define on Node %s', (line, node) => {
  const profile = path.join(folder, `arms-${line}.prewarm`)
  const script = app('bare.cjs')
  const compare = (...options: readonly string[]): ReturnType<typeof prewarm> =>
    prewarm(['compare', '-p', profile, '--runs', '2', '--rounds', '5', ...options], { PORT: '0' })

  it('are prewarm with their variables on top, and measured against the arm that is asked for', async () => {
    await record(node, script, profile, (url) => ask(url, ['/', '/late']))
    const { code, stdout, stderr } = await compare(
      ...['--arms', 'cold', '--arm', 'few=PREWARM_ROUNDS=3', '--arm', 'off=PREWARM_MODE=off'],
      ...['--arm', 'cache+1s=PREWARM_ROUNDS=0 PREWARM_BUDGET=1s', '--budget', '60s'],
      ...['--against', 'few', '--fail-if', 'few.outcome != applied', '--json'],
      ...['--', node, script],
    )
    expect(stderr).toContain('few.outcome != applied: applied')
    expect(code).toBe(0)
    const { arms, ratios, replay, replays, warnings, verdict } = JSON.parse(stdout) as CompareReport
    const names = ['cold', 'few', 'off', 'cache+1s']
    expect(arms.map(({ name }) => name)).toEqual(names)
    const pairs = new Set(ratios.map(({ arm, against }) => `${arm}/${against}`))
    expect([...pairs]).toEqual(['cold/few', 'off/few', 'cache+1s/few'])
    expect(verdict.split('\n')).toHaveLength(3)
    expect(replay).toBeNull()
    expect(
      replays.map(({ arm, medianRounds, summary, report }) => ({
        arm,
        medianRounds,
        outcome: summary.outcome,
        budgetMs: report.budgetMs,
      })),
    ).toEqual([
      { arm: 'few', medianRounds: 3, outcome: 'applied', budgetMs: 60_000 },
      { arm: 'cache+1s', medianRounds: 0, outcome: 'applied', budgetMs: 1000 },
    ])
    expect(warnings.join('\n')).not.toMatch(/run report|started cold/)
  })

  it('are named when the replayer leaves their service cold', async () => {
    const missing = path.join(folder, 'missing.prewarm')
    const { stdout } = await compare(
      ...['--arms', 'none', '--arm', 'good=PREWARM_ROUNDS=1'],
      ...['--arm', `bad=PREWARM_PROFILE=${missing}`, '--', node, script],
    )
    expect(stdout).toContain('replay of good: ')
    expect(stdout).toContain('replay of bad: cold (NO_PROFILE)')
    expect(stdout).toContain('warning: bad started cold in 2 of 2 runs (NO_PROFILE)')
    expect(stdout).toMatch(/\nbad: the first requests take \S+ of good;/)
  })
})
