import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordSample } from '../scripts/shop.mjs'
import {
  entryOf,
  environmentOf,
  folderOf,
  prepareSample,
  sampleNamed,
} from '../scripts/samples.mjs'
import { nodeLines, readProfile, replay, reportOf, scratchFolder, startService } from './harness.ts'
import { answersOf, requestsOf } from './sample-answers.ts'

const folder = scratchFolder()
const sample = sampleNamed('next')
const server = entryOf(sample)

/** Undefined: it is there and built. Its packages come from a registry, and are the size of all others together. */
const obstacle = await prepareSample(sample).then(
  () => undefined,
  (error: unknown) => (error as Error).message,
)
if (obstacle !== undefined) {
  process.stderr.write(`samples/next cannot be built, its tests are left out: ${obstacle}\n`)
}

// One line: building and starting it takes as long as ten other samples.
const lines = nodeLines.filter(([line]) => line === '24')

describe.runIf(obstacle === undefined).each(lines)('samples/next on Node %s', (line, node) => {
  const profile = path.join(folder, `next-${line}.prewarm`)

  it('is recorded, has all caches and late modules, and answers the same as without', async () => {
    const env = await environmentOf(sample)
    await recordSample(folderOf(sample), node, profile, 200, env, sample.entry)
    const { modules, requests } = readProfile(profile)
    expect(requests.routes.map(({ method, route }) => `${method} ${route}`)).toContain('GET /')

    const warm = await replay(node, server, profile, { ...env, PREWARM_ROUNDS: '3' })
    const report = await reportOf(`${profile}.report.json`)
    const asked = await requestsOf(sample, 30)
    const warmAnswers = await answersOf(warm.url, asked)
    const warmEnd = await warm.stop()
    const cold = await startService(node, [server], env)
    expect(warmAnswers).toEqual(await answersOf(cold.url, asked))
    expect(warmEnd).toBe(await cold.stop())

    const cached = modules.filter(({ cacheBytes }) => cacheBytes > 0)
    expect(report.outcome).toBe('applied')
    expect(report.rehearsal).toMatchObject({ rounds: 3, stopped: 'cap' })
    expect(report.codeCache).toEqual({ applied: cached.length, skipped: {} })
    expect(report.preload.applied).toBeGreaterThan(100)
    expect(report.preload.skipped).toEqual({})
  })
})
