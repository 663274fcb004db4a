import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { rehearseHostile } from '../scripts/safety/hostile.mjs'
import { rehearseShop } from '../scripts/safety/shop.mjs'
import { nodeLines, scratchFolder } from './harness.ts'

const folder = scratchFolder()
// PostgreSQL runs as another user.
chmodSync(folder, 0o755)

describe.each(nodeLines)('rehearsal on Node %s', (line, node) => {
  it('does none of the harm that an application does on every GET, and says why it did not', async () => {
    const own = path.join(folder, `hostile-${line}`)
    mkdirSync(own)
    const [seen, unseen] = await rehearseHostile(node, own)
    expect(seen?.problems).toEqual([])
    expect(unseen?.problems).toEqual([])
  })

  it('of a shop on PostgreSQL, Redis and a dead upstream is whole, and changes nothing', async (context) => {
    const result = await rehearseShop(node, path.join(folder, line), 0)
    if (result === undefined) {
      process.stderr.write('no PostgreSQL or no Redis here: the shop is not rehearsed on them\n')
      context.skip()
    }
    expect(result?.problems).toEqual([])
  })
})
