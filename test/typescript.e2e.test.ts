import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  record,
  replayer,
  reportOf,
  root,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const apps = path.join(folder, 'app')
cpSync(app('typescript'), apps, { recursive: true })
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')

/** Node prints a warning when it strips types, and so does ts-node where a flag of TypeScript is on its way out. */
const env = { TS_NODE_TRANSPILE_ONLY: '1', TS_NODE_CWD: apps, NODE_NO_WARNINGS: '1' }
const tsx = ['--import', 'tsx']
const tsNode = ['-r', 'ts-node/register']

interface Way {
  readonly name: string
  readonly flags: readonly string[]
  readonly script: string
  readonly onLines: readonly string[]
}

const everyLine = ['20', '22', '24', '26']
const ways: readonly Way[] = [
  { name: 'Node itself', flags: [], script: 'server.ts', onLines: ['22', '24', '26'] },
  { name: 'Node itself, ES modules', flags: [], script: 'server.mts', onLines: ['22', '24', '26'] },
  { name: 'tsx', flags: tsx, script: 'server.ts', onLines: everyLine },
  { name: 'tsx, ES modules', flags: tsx, script: 'server.mts', onLines: everyLine },
  { name: 'ts-node', flags: tsNode, script: 'start.cjs', onLines: everyLine },
]

describe.each(nodeLines)('TypeScript on Node %s', (line, node) => {
  const here = ways.filter(({ onLines }) => onLines.includes(line))

  it.each(here)(
    'by $name: recorded as it reached V8, found again, its stack traces untouched',
    async (way) => {
      const script = path.join(apps, way.script)
      const profile = path.join(folder, `${way.name}-${line}.prewarm`)
      const places = async (url: string): Promise<readonly string[]> => {
        const stack = await get(`${url}/stack`)
        return [...stack.matchAll(/server\.m?ts:\d+:\d+/g)].map(([place]) => place)
      }
      const bare = await startService(node, [...way.flags, script], env)
      const expected = await places(bare.url)
      await bare.stop()
      expect(expected[0]).toMatch(/server\.m?ts:10:9$/)

      let recorded: readonly string[] = []
      const { modules, functions } = await record(
        node,
        script,
        profile,
        async (url) => {
          await ask(url, ['/'], 300)
          recorded = await places(url)
        },
        env,
        way.flags,
      )
      expect(recorded).toEqual(expected)
      const cart = modules.findIndex((module) => /^cart\.m?ts$/.test(module.path))
      const total = functions.find(({ module, name }) => module === cart && name === 'total')
      expect(total?.tier).toMatch(/maglev|turbofan/)
      // Types that were stripped leave blanks: what V8 has is as long as the file.
      const text = readFileSync(path.join(apps, modules[cart]?.path ?? ''), 'utf8')
      if (way.flags.length === 0) expect(modules[cart]?.sourceLength).toBe(text.length)

      const ours = ['--import', replayer]
      for (const order of [
        [...ours, ...way.flags],
        [...way.flags, ...ours],
      ]) {
        rmSync(`${profile}.report.json`, { force: true })
        const service = await startService(node, [...order, script], {
          ...env,
          PREWARM_PROFILE: profile,
          PREWARM_TIER_UP: 'both',
          PREWARM_BUDGET: '60s',
          PREWARM_ROUNDS: '60',
        })
        const report: RunReport = await reportOf(`${profile}.report.json`)
        expect(await places(service.url)).toEqual(expected)
        await service.stop()
        expect(service.stderr()).toBe('')
        expect(report).toMatchObject({ outcome: 'applied', flagsRestored: true })
        const own = report.skipped.filter(({ unit }) => /^cart\.m?ts:/.test(unit))
        expect(own.filter(({ reason }) => reason === 'FUNCTION_NOT_FOUND')).toEqual([])
        expect(report.tierUp.skipped.TIER_UP_UNAVAILABLE ?? 0).toBe(0)
      }
    },
  )
})

it('an edit of a module that Node strips leaves its other functions where they can be found', async () => {
  const lines = nodeLines.filter(([line]) => line !== '20')
  for (const [line, node] of lines) {
    const own = path.join(folder, `edited-${line}`)
    cpSync(app('typescript'), own, { recursive: true })
    const script = path.join(own, 'server.mts')
    const profile = path.join(folder, `edited-${line}.prewarm`)
    await record(node, script, profile, (url) => ask(url, ['/'], 300), env)
    const file = path.join(own, 'cart.mts')
    writeFileSync(file, `export const revision: number = 2\n${readFileSync(file, 'utf8')}`)
    const service = await startService(node, ['--import', replayer, script], {
      ...env,
      PREWARM_PROFILE: profile,
      PREWARM_TIER_UP: 'both',
      PREWARM_BUDGET: '60s',
      PREWARM_ROUNDS: '60',
    })
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(report.tierUp.skipped.FUNCTION_NOT_FOUND ?? 0).toBe(0)
    expect(report.tierUp.applied, line).toBeGreaterThanOrEqual(1)
  }
})
