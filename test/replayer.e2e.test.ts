import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  app,
  ask,
  nodeLines,
  record,
  replay,
  replayer,
  replayerScript,
  reportOf,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()

describe('the bundle', () => {
  it.each([
    ['the preload', replayer, 4],
    ['the replayer', replayerScript, 10],
  ])('%s asks for nothing but built-ins', (_, file, fewest) => {
    const text = readFileSync(file, 'utf8')
    const asked = [...text.matchAll(/\bgetBuiltinModule\("([^"]+)"\)/g)].map(([, name]) => name)
    expect(asked.length).toBeGreaterThanOrEqual(fewest)
    expect(asked.filter((name) => name?.startsWith('node:') !== true)).toEqual([])
    expect(text).not.toMatch(/^(?:import|export)\b|\brequire\(['"]/m)
  })
})

describe.each(nodeLines)('on Node %s', (line, node) => {
  it('CommonJS modules see the same with a code cache as without', async () => {
    const script = app('require-features.cjs')
    const profile = path.join(folder, `require-${line}.prewarm`)
    const recorded = await record(node, script, profile, (url) => ask(url, ['/']))
    const cached = recorded.modules.filter(({ cacheBytes }) => cacheBytes > 0).map(({ id }) => id)
    // On Node 20 a script from a code cache cannot import(): such a module does without.
    const others = ['late.cjs', 'cycle-a.cjs', 'cycle-b.cjs']
    expect(cached).toEqual(
      line === '20' ? others : ['require-features.cjs', ...others, 'late-esm.mjs'],
    )
    // A preload alone changes the id of the main module, whatever is in it.
    const cold = await startService(node, ['--import', 'data:text/javascript,', script])
    const warm = await replay(node, script, profile)
    const { codeCache } = await reportOf(`${profile}.report.json`)
    await cold.stop()
    await warm.stop()
    expect(warm.stderr()).toBe('')
    expect(codeCache).toEqual({ applied: cached.length, skipped: {} })
    const plain = (text: string): string => text.replace(/listening.*/s, '')
    expect(plain(warm.stdout())).toBe(plain(cold.stdout()))
    expect(plain(cold.stdout())).toContain('import()')
  })

  it('what asks for modules as Node compiles them gets them so', async () => {
    const script = app('bare.cjs')
    const profile = path.join(folder, `plain-${line}.prewarm`)
    await record(node, script, profile, (url) => ask(url, ['/']))
    for (const flag of ['--enable-source-maps', '--inspect=0']) {
      const service = await replay(node, script, profile, { PREWARM_ROUNDS: '2' }, [flag])
      const report = await reportOf(`${profile}.report.json`)
      await service.stop()
      // From Node 22 on it is Node that compiles, with our cache.
      expect(report.codeCache).toEqual(
        line === '20' ? { applied: 0, skipped: { INSTRUMENTED: 1 } } : { applied: 1, skipped: {} },
      )
      expect(report.rehearsal.rounds).toBe(2)
    }
  })

  it('the first real requests run the code that rehearsal optimised', async () => {
    const script = app('express.cjs')
    const profile = path.join(folder, `shapes-${line}.prewarm`)
    const paths = ['/', '/users/1', '/users/2', '/users/3']
    await record(node, script, profile, (url) => ask(url, paths, 20))
    /** Of the functions that rehearsal optimised, how many of them the first real requests throw away. */
    const deoptimisations = async (preloads: readonly string[]): Promise<number> => {
      const flags = preloads.flatMap((preload) => ['--import', app(preload)])
      const service = await replay(node, script, profile, { PREWARM_ROUNDS: '400' }, flags)
      const { rehearsal } = await reportOf(`${profile}.report.json`)
      const traced = (): string | undefined => service.stdout().split('traced from here')[1]
      await until(() => traced() !== undefined)
      await ask(service.url, paths, 5)
      await service.stop()
      expect(rehearsal.rounds).toBe(400)
      return traced()?.match(/\[bailout|\[deoptimizing|bailout \(kind/g)?.length ?? 0
    }
    /** Chance only adds to them. */
    const fewest = async (preloads: readonly string[]): Promise<number> => {
      const counts: number[] = []
      for (let start = 0; start < 3; start++) counts.push(await deoptimisations(preloads))
      return Math.min(...counts)
    }
    const untouched = await fewest(['trace-deopts.mjs'])
    const spoiled = await fewest(['trace-deopts.mjs', 'spoil-sockets.mjs'])
    // 3 to 6 against 11 to 15 on Node 20 and 22, 3 or 4 against 30 to 43 on Node 24 and 26.
    expect(untouched).toBeLessThan(spoiled * 0.85)
  })
})
