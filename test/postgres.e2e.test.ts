import { chmodSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recordShop, shop } from '../scripts/shop.mjs'
import { get, nodeLines, readProfile, replay, reportOf, scratchFolder } from './harness.ts'
import { startPostgres } from '../scripts/databases.mjs'

const folder = scratchFolder()
chmodSync(folder, 0o755)
const postgres = await startPostgres(folder)
afterAll(() => postgres?.stop())
if (postgres === undefined) {
  process.stderr.write(
    'no PostgreSQL here (Debian: apt-get install postgresql): its tests are left out\n',
  )
}

describe.runIf(postgres !== undefined).each(nodeLines)(
  'samples/shop on PostgreSQL, Node %s',
  (line, node) => {
    it('is recorded, and rehearsed against the database before the port opens', async () => {
      const profile = path.join(folder, `shop-${line}.prewarm`)
      const env = { DATABASE_URL: postgres?.url ?? '', NODE_ENV: 'production' }
      await recordShop(node, profile, 600, env)
      const { modules, requests } = readProfile(profile)
      expect(modules.some(({ id }) => id.startsWith('pg@'))).toBe(true)
      const service = await replay(node, path.join(shop, 'server.js'), profile, {
        ...env,
        PREWARM_ROUNDS: '20',
        PREWARM_BUDGET: '60s',
        PREWARM_REHEARSE: 'POST /graphql',
      })
      expect(await get(`${service.url}/api/products/7`)).toContain('"id":7')
      const report = await reportOf(`${profile}.report.json`)
      expect(await service.stop()).toBe(0)
      const exemplars = requests.routes.flatMap((route) => route.exemplars)
      expect(report.rehearsal.applied).toBe(
        exemplars.filter(({ use }) => use === 'rehearse').length,
      )
      expect(Object.keys(report.rehearsal.skipped)).toEqual(['HELD_OUT'])
      expect(report.codeCache.skipped).toEqual({})
    })
  },
)
