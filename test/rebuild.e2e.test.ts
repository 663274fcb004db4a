import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebuild } from '../scripts/rebuild/rebuild.mjs'
import { nodeLines, prewarm, root, scratchFolder } from './harness.ts'

const folder = scratchFolder()

describe.each(nodeLines)('a bundle on Node %s', (line, node) => {
  it('is edited and built again, and what is left of its functions is found by the old profile', async () => {
    const own = path.join(folder, line)
    const { wanted, others, moved, share, before, after, profile, first } = await rebuild({
      node,
      sample: path.join(root, 'samples', 'pricing'),
      folder: own,
      edits: 10,
      requests: 600,
    })
    expect(wanted).toBeGreaterThan(20)
    expect(others).toBeLessThan(wanted)
    expect(moved).toBeGreaterThan(0.9 * others)
    expect(before.codeCache.applied).toBe(1)
    expect(after.codeCache.skipped).toEqual({ SOURCE_CHANGED: 1 })
    // No fewer than in the bundle as it was recorded, of which a small one leaves some out of reach: npm run rebuild has the big one.
    expect(share).toBeGreaterThanOrEqual(0.8)
    expect(share).toBeGreaterThan(before.found / wanted - 0.05)
    expect(after.found).toBeLessThanOrEqual(others)
    // Where they were written, by the source map beside the bundle.
    const app = path.dirname(path.dirname(first))
    const { code, stdout } = await prewarm(['inspect', profile, '--app', app, '--json'])
    expect(code).toBe(0)
    const { functions } = JSON.parse(stdout) as { functions: { original: string | null }[] }
    const originals = functions.flatMap(({ original }) => original ?? [])
    expect(originals.some((place) => /samples\/pricing\/.+\.js:\d+$/.test(place))).toBe(true)
  })
})
