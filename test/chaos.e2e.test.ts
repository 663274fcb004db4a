import path from 'node:path'
import { expect, it } from 'vitest'
import { runChaos } from '../scripts/chaos/run.mjs'
import { nodeLines, scratchFolder } from './harness.ts'

const folder = scratchFolder()
/** Those that take little time: `npm run chaos` has them all. */
const cheap = [
  'killed right after it has opened',
  'caches of noise',
  'caches with other heads',
  'a truncated file',
  'garbage',
  'a pipe for a profile',
  'a profile that does harm',
  'a full disk',
]

it.each(nodeLines)(
  'on Node %s the service serves whatever becomes of its starts, its profile and its disk',
  async (line, node) => {
    const problems: Record<string, readonly string[]> = {}
    await runChaos(node, path.join(folder, line), cheap, (result) => {
      problems[result.name] = result.problems
      if (result.skipped !== undefined) process.stderr.write(`${result.name}: ${result.skipped}\n`)
    })
    expect(problems).toEqual(Object.fromEntries(cheap.map((name) => [name, []])))
  },
)
