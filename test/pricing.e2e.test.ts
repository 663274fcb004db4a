import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { pricing, recordSample } from '../scripts/shop.mjs'
import {
  get,
  nodeLines,
  readProfile,
  replay,
  reportOf,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const server = path.join(pricing, 'server.js')
const { generateRequests } = createRequire(import.meta.url)('../samples/pricing/requests.js') as {
  generateRequests: (seed: number, count: number) => { path: string }[]
}
// Other requests than those of the recording.
const paths = generateRequests(2, 200).map((request) => request.path)

// What differs between the lines is seen on the shop.
describe.each(nodeLines.slice(0, 2))('samples/pricing on Node %s', (line, node) => {
  const profile = path.join(folder, `pricing-${line}.prewarm`)

  it('is recorded under its traffic', async () => {
    const said = await recordSample(pricing, node, profile, 1000)
    expect(said).toMatch(/^prewarm: recorded \d+ modules, \d+ hot functions and 1000 requests on 9/)
    const { requests } = readProfile(profile)
    expect(requests.routes.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([
      'GET /annuities/:id',
      'GET /applicants/:id/decision',
      'GET /healthz',
      'GET /life-insurance/:id',
      'GET /loans/:id/schedule',
      'GET /policies/:id/changes',
      'GET /portfolios/:id/risk-matrix',
      'GET /premiums',
      'GET /projections/:id',
    ])
  })

  it('has every route rehearsed, and answers the same as without', async () => {
    const { requests } = readProfile(profile)
    const warm = await replay(node, server, profile, { PREWARM_ROUNDS: '40' })
    const report = await reportOf(`${profile}.report.json`)
    const cold = await startService(node, [server])
    for (const each of paths) expect(await get(warm.url + each)).toBe(await get(cold.url + each))
    expect(await cold.stop()).toBe(0)
    expect(await warm.stop()).toBe(0)

    const exemplars = requests.routes.flatMap((route) => route.exemplars)
    const rehearsed = exemplars.filter(({ use }) => use === 'rehearse')
    for (const { exemplars } of requests.routes) {
      expect(exemplars.some(({ use }) => use === 'rehearse')).toBe(true)
    }
    expect(report.rehearsal.applied).toBe(rehearsed.length)
    expect(report.rehearsal.skipped).toEqual({ HELD_OUT: exemplars.length - rehearsed.length })
    expect(report.rehearsal).toMatchObject({ rounds: 40, stopped: 'cap' })
  })
})
