import path from 'node:path'
import { expect, it } from 'vitest'
import { nodeLines, scratchFolder } from '../harness.ts'
import { describeFound, runStale } from './stale/run.ts'

const folder = scratchFolder()
/** `npm run stale` makes a thousand. */
const count = 60
const seed = 6

it.each(nodeLines)(
  `on Node %s a start after one of ${count} edits sees what is there`,
  async (line, node) => {
    const { found, changed } = await runStale({
      node,
      folder: path.join(folder, line),
      count,
      seed,
    })
    expect(found.map(describeFound)).toEqual([])
    // Some put back what was there, or touch what nothing looks at.
    expect(changed).toBeGreaterThan(count / 2)
  },
)
