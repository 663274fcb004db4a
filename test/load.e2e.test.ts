import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { armsOf } from '../scripts/load/arms.mjs'
import { overall } from '../scripts/load/figures.mjs'
import { measure } from '../scripts/load/measure.mjs'
import { services } from '../scripts/load/services.mjs'
import { startOnce } from '../scripts/load/starts.mjs'
import { nodeLines, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const hono = services.find(({ name }) => name === 'hono')
if (hono === undefined) throw new Error('there is no samples/hono')
const signal = new AbortController().signal

// One without a compile cache of its own, one with.
describe.each(nodeLines.filter((_, index, all) => index === 0 || index === all.length - 1))(
  'starts of a service on Node %s',
  (line, node) => {
    it('are measured in every arm, each with the caches of the ones before', async () => {
      const own = path.join(folder, line)
      mkdirSync(own)
      const arms = ['cold', ...(line === '20' ? [] : ['node-compile-cache']), 'prewarm']
      const { modules, replays, starts } = await measure(hono, {
        ...{ node, line, runs: 1, arms, folder: own, database: undefined, signal },
        say: () => undefined,
      })
      expect(modules).toBeGreaterThan(20)
      expect(replays).toMatchObject([
        { arm: 'prewarm', report: { outcome: 'applied', budgetMs: 0 } },
      ])
      expect(Object.keys(starts)).toEqual(arms)
      for (const [mark, ...others] of Object.values(starts)) {
        expect(others).toEqual([])
        expect(mark?.timeToListenMs).toBeGreaterThan(20)
        expect(mark?.cpuToListenMs).toBeGreaterThan(20)
        expect(mark?.rssAtListenBytes).toBeGreaterThan(20e6)
      }
    })
  },
)

it('a service that opens no port is told with what it said', async () => {
  const own = path.join(folder, 'silent')
  mkdirSync(own)
  const subject = {
    ...{ node: process.execPath, folder: own, signal },
    start: { cwd: own, command: ['-e', 'console.error("no licence"); process.exit(3)'], env: {} },
  }
  const [cold] = armsOf(['cold'], { folder: own, profile: '' })
  if (cold === undefined) throw new Error('there is no cold arm')
  await expect(startOnce(subject, cold, 'die')).rejects.toThrow(
    'no port was opened: ended with 3\nno licence',
  )
})

it('over all services there is a median and a worst one', () => {
  const service = (name: string, ratio: number): Parameters<typeof overall>[0][number] => ({
    name,
    ratios: [{ arm: 'prewarm', against: 'cold', metric: 'timeToListenMs', ratio }],
  })
  expect(overall([service('a', 0.5), service('b', 0.9), service('c', 0.6)])).toEqual([
    {
      ...{ arm: 'prewarm', against: 'cold', metric: 'timeToListenMs', median: 0.6 },
      worst: { service: 'b', ratio: 0.9 },
    },
  ])
})
