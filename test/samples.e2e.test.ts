import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordSample } from '../scripts/shop.mjs'
import { entryOf, environmentOf, folderOf, prepareSample, samples } from '../scripts/samples.mjs'
import {
  cli,
  nodeLines,
  prewarm,
  readProfile,
  replay,
  reportOf,
  root,
  runToEnd,
  scratchFolder,
  startService,
} from './harness.ts'
import { answersOf, requestsOf } from './sample-answers.ts'

const folder = scratchFolder()
const requestCount = 400

/** Why a sample cannot be tried: its packages come from a registry. */
const reasons = new Map<string, string>()
// The shop has a test of its own, and Next.js is built in one.
const served = samples.filter(({ name }) => !['shop', 'next'].includes(name))
for (const sample of served) {
  try {
    await prepareSample(sample)
  } catch (error) {
    if (sample.install === undefined) throw error
    reasons.set(sample.name, (error as Error).message)
    process.stderr.write(`samples/${sample.name} cannot be installed, its tests are left out: `)
    process.stderr.write(`${(error as Error).message}\n`)
  }
}

// Each sample on two lines, in turn; what differs between all of them is seen on the shop.
const turns = served.flatMap((sample, index) =>
  nodeLines
    .filter((_, line) => line % 2 === index % 2)
    .map(([line, node]) => [sample.name, line, node, sample] as const),
)

describe.each(turns)('samples/%s on Node %s', (name, line, node, sample) => {
  const profile = path.join(folder, `${name}-${line}.prewarm`)

  it.runIf(!reasons.has(name))(
    'is recorded, replayed whole, and answers the same as without',
    async () => {
      const env = await environmentOf(sample)
      const said = await recordSample(
        folderOf(sample),
        node,
        profile,
        requestCount,
        env,
        sample.entry,
      )
      expect(said).toContain(` and ${requestCount} requests on `)
      const { modules, requests } = readProfile(profile)
      expect(modules.some(({ format }) => format === 'esm')).toBe(true)

      const warm = await replay(node, entryOf(sample), profile, {
        ...env,
        // Rare routes have no place in every round.
        PREWARM_ROUNDS: '30',
        PREWARM_REHEARSE: sample.rehearse?.join(',') ?? '',
      })
      const report = await reportOf(`${profile}.report.json`)
      const cold = await startService(node, [entryOf(sample)], env)
      const asked = await requestsOf(sample, 60)
      expect(await answersOf(warm.url, asked)).toEqual(await answersOf(cold.url, asked))
      expect(await warm.stop()).toBe(await cold.stop())
      expect(warm.stderr()).toBe('')

      const exemplars = requests.routes.flatMap((route) => route.exemplars)
      const rehearsed = exemplars.filter(({ use }) => use === 'rehearse')
      expect(report.outcome).toBe('applied')
      expect(report.codeCache.skipped).toEqual({})
      expect(report.preload.skipped).toEqual({})
      expect(report.rehearsal.applied).toBe(rehearsed.length)
      expect(report.rehearsal.skipped).toEqual({ HELD_OUT: exemplars.length - rehearsed.length })
      expect(report.flagsRestored).toBe(true)
    },
  )
})

describe.each(nodeLines.slice(-1))('samples/cli on Node %s', (line, node) => {
  const profile = path.join(folder, `cli-${line}.prewarm`)
  const sample = path.join(root, 'samples', 'cli')
  const script = path.join(sample, 'cli.js')
  const pages = ['index', 'sowing', 'watering', 'harvest'].map((page) =>
    path.join(sample, 'guide', `${page}.md`),
  )

  it('is recorded until it ends, and does the same with its profile', async () => {
    const out = path.join(folder, `site-${line}`)
    const recorded = await prewarm(['record', '-o', profile, '--', node, script, ...pages])
    expect(recorded).toMatchObject({ code: 0, stdout: '4 pages, 228 words\n' })
    const { modules } = readProfile(profile)
    expect(modules.map(({ path: file }) => file)).toContain('site.js')

    const run = [cli, 'run', '-p', profile, '--', node, script]
    const warm = await runToEnd(process.execPath, [...run, ...pages, '--out', out])
    expect(warm).toEqual({ code: 0, stdout: `4 pages, 228 words in ${out}\n`, stderr: '' })
  })

  it('fails the same with its profile', async () => {
    // Without the page that others link to.
    const some = pages.slice(0, -1)
    const cold = await runToEnd(node, [script, ...some])
    const warm = await prewarm(['run', '-p', profile, '--', node, script, ...some])
    expect(cold.code).toBe(1)
    expect(warm).toEqual(cold)
  })
})
