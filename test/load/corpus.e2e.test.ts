import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeLines, reportOf, scratchFolder } from '../harness.ts'
import { variants, writeCorpus, type Variant } from './corpus/corpus.ts'
import { differences, type Document } from './document.ts'
import { startCold, startRecorded, startReplayed, startWriting, type Place } from './starts.ts'

const folder = scratchFolder()

function placeOf(line: string, node: string, variant: Variant): Place {
  const own = path.join(folder, `${line}-${variants.indexOf(variant)}`)
  const root = path.join(own, 'app')
  mkdirSync(root, { recursive: true })
  writeCorpus(root, variant)
  return { ...variant, node, root, profile: path.join(own, 'app.prewarm') }
}

/** Where there are hooks of modules, as in staging and for a pack with ES modules, Node itself tells other things of these. */
const toldToHooks = ['resolutions', 'data: type', 'no-cjs-name']

/**
 * Before Node 24 a callback is called by async_hooks where contexts are in use, as a rehearsal does. On Node 20 the script that V8
 * has a cache of begins with the wrapper, which counts where a source has given itself another name.
 */
const otherFrames: Readonly<Record<string, readonly string[]>> = {
  20: ['frames: who asks later', 'url'],
  22: ['frames: who asks later'],
}

describe.each(nodeLines)('on Node %s', (line, node) => {
  describe.each(variants)('with $name', (variant) => {
    let cold: Document, recorded: Document, writing: Document, reading: Document
    beforeAll(async () => {
      const place = placeOf(line, node, variant)
      cold = await startCold(place)
      expect(differences(cold, await startCold(place)), 'a second cold start').toEqual([])
      recorded = await startRecorded(place)
      writing = await startWriting(place)
      reading = await startReplayed(place)
      const report = await reportOf(`${place.profile}.report.json`)
      expect(report).toMatchObject({ outcome: 'applied' })
      // What other tools have hooked before is theirs.
      if (!variant.flags.includes('--import')) expect(report.load?.applied).toBeGreaterThan(50)
    })

    it('modules see the same as without prewarm', () => {
      expect(cold.length).toBeGreaterThan(200)
      // On Node 20 hooks are in another thread, and what comes of ES modules has no order.
      const unordered = line === '20' ? ['calls'] : []
      const inStaging = { hasFrames: false, except: [...toldToHooks, ...unordered] }
      expect(differences(cold, recorded, inStaging), 'recorded').toEqual([])
      const inProduction = { hasFrames: false, except: unordered }
      expect(differences(cold, writing, inProduction), 'the start that writes').toEqual([])
      expect(differences(cold, reading, inStaging), 'the start that reads').toEqual([])
    })

    // V8 leaves inferred names out of caches that were compiled eagerly, which these have that others have hooked.
    if (variant.flags.includes('--import')) return
    it('stack traces have the same frames, and as many', () => {
      // Before there is a pack, modules that need our own compilation have it on their stack.
      const inProduction = { except: [...toldToHooks, ...(otherFrames[line] ?? [])] }
      expect(differences(cold, reading, inProduction), 'the start that reads').toEqual([])
    })
  })
})
