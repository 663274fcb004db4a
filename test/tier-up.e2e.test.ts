import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  nodeLines,
  readProfile,
  record,
  replay,
  reportOf,
  scratchFolder,
} from './harness.ts'

const folder = scratchFolder()

describe.each(nodeLines)('on Node %s', (line, node) => {
  const script = app('closures.mjs')
  const profile = path.join(folder, `closures-${line}.prewarm`)
  /** What the rehearsal came to in a process of its own. */
  const rehearse = async (
    env: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ): Promise<RunReport> => {
    const service = await replay(node, script, profile, { PREWARM_ROUNDS: '60', ...env }, flags)
    const report = await reportOf(`${profile}.report.json`)
    await ask(service.url, ['/', '/other'])
    await service.stop()
    expect(service.stderr()).toBe('')
    expect(report).toMatchObject({ outcome: 'applied', flagsRestored: true })
    expect(report.rehearsal.rounds).toBe(60)
    return report
  }

  it('the tiers that functions reach in staging are recorded, sampled or not', async () => {
    const { functions } = await record(node, script, profile, (url) => ask(url, ['/', '/a'], 400))
    const ours = functions.filter(({ name }) => ['dot', 'score', 'gradient', 'step'].includes(name))
    const optimised = ours.filter(({ tier }) => tier === 'maglev' || tier === 'turbofan')
    // One that is inlined wherever it is called may stay where it is.
    expect(optimised.length).toBeGreaterThanOrEqual(3)
    expect(optimised.some(({ samples }) => samples === 0)).toBe(true)
    for (const { line: at, column, length, sourceHash } of optimised) {
      expect(at).toBeGreaterThan(0)
      expect(column).toBeGreaterThan(0)
      expect(length).toBeGreaterThan(10)
      expect(sourceHash).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it.each(['thresholds', 'natives', 'both'])(
    'and reached before the port opens, by %s',
    async (levers) => {
      const { tierUp } = await rehearse({ PREWARM_TIER_UP: levers })
      const wanted = readProfile(profile).functions.filter(
        ({ tier }) => tier === 'maglev' || tier === 'turbofan',
      )
      const skipped = Object.values(tierUp.skipped).reduce((sum, count) => sum + count, 0)
      expect(tierUp.applied + skipped).toBe(wanted.length)
      // All are found: in module scopes, in a class that a map holds, in a module that exports one function.
      expect(tierUp.skipped.FUNCTION_NOT_FOUND ?? 0).toBe(0)
      expect(tierUp.applied).toBeGreaterThanOrEqual(levers === 'thresholds' ? 1 : 2)
    },
  )

  it('and left to V8 when it is off, or when somebody steers V8 by hand', async () => {
    const off = await rehearse({ PREWARM_TIER_UP: 'off' })
    expect(off.tierUp).toEqual({ applied: 0, skipped: {} })
    for (const flag of [
      '--no-opt',
      '--no-sparkplug',
      '--minimum-invocations-after-ic-update=400',
    ]) {
      const { tierUp } = await rehearse({ PREWARM_TIER_UP: 'both' }, [flag])
      expect(tierUp.applied, flag).toBe(0)
      expect(Object.keys(tierUp.skipped), flag).toEqual(['TIER_UP_UNAVAILABLE'])
    }
  })

  it('what is compiled meanwhile is compiled under the flags of the process', async () => {
    const late = app('compiles-late.cjs')
    const own = path.join(folder, `late-${line}.prewarm`)
    const cache = path.join(folder, `cache-${line}`)
    mkdirSync(cache)
    await record(node, late, own, (url) => ask(url, ['/'], 20))
    const said: string[] = []
    for (let start = 0; start < 2; start++) {
      const env = { NODE_COMPILE_CACHE: cache, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
      const service = await replay(node, late, own, {
        PREWARM_ROUNDS: '60',
        PREWARM_TIER_UP: 'thresholds',
        ...env,
      })
      const report = await reportOf(`${own}.report.json`)
      expect(report.flagsRestored).toBe(true)
      await service.stop()
      said.push(service.stderr())
    }
    const aboutLate = (said[1] ?? '').split('\n').filter((each) => each.includes('compiled-late'))
    // Node 20 has no compile cache.
    if (line === '20') expect(aboutLate).toEqual([])
    else expect(aboutLate.join('\n')).toMatch(/was accepted/)
    expect(said.join('')).not.toMatch(/was rejected/)
  })
})
