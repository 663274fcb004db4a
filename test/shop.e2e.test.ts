import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareReport } from '../formats/compare-report.ts'
import { recordShop, shop } from '../scripts/shop.mjs'
import {
  cli,
  get,
  nodeLines,
  prewarm,
  readProfile,
  reportOf,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const server = path.join(shop, 'server.js')
const env = { NODE_ENV: 'production', PORT: '0' }
const pages = ['/', '/products/7', '/help/shipping', '/api/products?query=lamp', '/api/products/7']

describe.each(nodeLines)('samples/shop on Node %s', (line, node) => {
  const profile = path.join(folder, `shop-${line}.prewarm`)

  it('is recorded under its traffic', async () => {
    const said = await recordShop(node, profile, 1500)
    expect(said).toMatch(/^prewarm: recorded \d+ modules, \d+ hot functions and 1500 requests on 8/)
    const { modules, requests } = readProfile(profile)
    expect(requests.routes.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([
      'GET /',
      'GET /api/products',
      'GET /api/products/:id',
      'GET /healthz',
      'GET /help/:slug',
      'GET /products/:id',
      'GET /products/:id/datasheet.pdf',
      'POST /graphql',
    ])
    const late = modules.filter((module) => module.phase === 'late')
    expect(late.some(({ id }) => id.startsWith('pdfkit@'))).toBe(true)
    // On Node 20 a module in which import() may be called does without.
    const uncached = modules.filter(
      ({ format, cacheBytes }) => format === 'cjs' && cacheBytes === 0,
    )
    expect(uncached.length).toBeLessThanOrEqual(line === '20' ? 5 : 0)
  })

  it('is replayed whole: every module hit, every case rehearsed, none rejected', async () => {
    const { modules, requests } = readProfile(profile)
    const run = [cli, 'run', '-p', profile, '--rounds', '20', '--budget', '60s']
    const args = [...run, '--rehearse', 'POST /graphql', '--verbose', '--', node, server]
    const service = await startService(process.execPath, args, env)
    const report = await reportOf(`${profile}.report.json`)
    const cold = await startService(node, [server], env)
    for (const page of pages) expect(await get(service.url + page)).toBe(await get(cold.url + page))
    await cold.stop()
    expect(await service.stop()).toBe(0)

    const cached = modules.filter(({ cacheBytes }) => cacheBytes > 0)
    const late = modules.filter(({ phase }) => phase === 'late')
    const exemplars = requests.routes.flatMap((route) => route.exemplars)
    const rehearsed = exemplars.filter(({ use }) => use === 'rehearse')
    expect(report.codeCache).toEqual({ applied: cached.length, skipped: {} })
    expect(report.preload).toEqual({ applied: late.length, skipped: {} })
    expect(report.rehearsal.applied).toBe(rehearsed.length)
    expect(report.rehearsal.skipped).toEqual({ HELD_OUT: exemplars.length - rehearsed.length })
    expect(report.rehearsal).toMatchObject({ rounds: 20, stopped: 'cap' })
    expect(service.stderr()).toMatch(/^prewarm: .* open after \d+ ms\n$/)
  })

  it('is compared, and the JSON has the promised shape', async () => {
    const args = ['compare', '-p', profile, '--runs', '2', '--rounds', '9', '--json']
    const condition = ['--fail-if', 'prewarm.firstRequestSumMs > 0ms']
    const route = ['--rehearse', 'POST /graphql']
    const ended = await prewarm([...args, ...condition, ...route, '--', node, server], env)
    expect(ended.code).toBe(3)
    const report = JSON.parse(ended.stdout) as CompareReport
    expect(report).toMatchObject({ schemaVersion: 1, runs: 2, rounds: 9 })
    expect(report.node).toMatch(new RegExp(`^v${line}\\.`))
    const arms = line === '20' ? ['cold', 'prewarm'] : ['cold', 'node-compile-cache', 'prewarm']
    expect(report.arms.map(({ name }) => name)).toEqual(arms)
    for (const { metrics } of report.arms) {
      expect(Object.keys(metrics)).toEqual(
        expect.arrayContaining([
          ...['timeToListenMs', 'firstRequestSumMs', 'timeLost10Ms', 'timeLost50Ms'],
          ...['timeLost200Ms', 'p99First10Ms', 'steadySumMs', 'cpuMs', 'rssBytes'],
        ]),
      )
      expect(metrics.firstRequestSumMs.median).toBeGreaterThan(0)
    }
    const first = report.ratios.find(
      ({ arm, against, metric }) =>
        arm === 'prewarm' && against === 'cold' && metric === 'firstRequestSumMs',
    )
    expect(first?.ratio).toBeGreaterThan(0)
  })

  it('is inspected: what was recorded, and that it fits the files on disk', async () => {
    const text = await prewarm(['inspect', profile, '--app', shop])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toContain('prewarm-sample-shop:server.js')
    expect(text.stdout).toContain('/products/:id/datasheet.pdf')
    const json = await prewarm(['inspect', profile, '--app', shop, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      freshness: { changed: [], missing: [] },
    })
  })
})
