/**
 * samples/shop on a real PostgreSQL, a real Redis and a warehouse that it asks over HTTP: recorded with all three, replayed with the
 * warehouse dead, and compared with a cold start.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import net from 'node:net'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { startPostgres, startRedis } from '../databases.mjs'
import { cli, recordShop, root, shop, startService } from '../shop.mjs'

const { createWarehouse } = createRequire(import.meta.url)(path.join(shop, 'warehouse.js'))
const rehearse = { PREWARM_REHEARSE: 'POST /graphql' }

/**
 * @param {string} node binary
 * @param {string} folder
 * @param {number} runs of the comparison; 0: it is not compared
 * @returns {Promise<{ problems: string[], facts: Record<string, unknown> } | undefined>} undefined: a server is not installed
 */
export async function rehearseShop(node, folder, runs) {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  const postgres = await startPostgres(folder)
  const redis = await startRedis(folder)
  const stop = [postgres, redis]
  try {
    if (postgres === undefined || redis === undefined) return undefined
    const warehouse = await startWarehouse()
    stop.push(warehouse)
    const env = {
      ...rehearse,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.socket,
      WAREHOUSE_URL: `http://127.0.0.1:${warehouse.port}`,
    }
    const profile = path.join(folder, 'shop.prewarm')
    const recorded = await recordShop(node, profile, 1000, env)
    const dead = await replayWithout(warehouse, node, profile, env, folder)
    if (runs === 0) return { problems: dead.problems, facts: { recorded, ...dead.facts } }
    const report = await compare(node, profile, runs, env)
    const ratio = report.ratios.find(
      ({ arm, against, metric }) =>
        arm === 'prewarm' && against === 'cold' && metric === 'firstRequestSumMs',
    )
    const problems = [...dead.problems]
    if (!(ratio.ratio <= 0.25)) problems.push(`first requests / cold is ${ratio.ratio}, over 0.25`)
    return { problems, facts: { recorded, ...dead.facts, firstRequests: ratio } }
  } finally {
    for (const each of stop) await each?.stop()
  }
}

/** A start of the shop while nobody answers for the warehouse; who tries it is counted. */
async function replayWithout(warehouse, node, profile, env, folder) {
  await warehouse.stop()
  let calls = 0
  const decoy = net.createServer((socket) => {
    calls++
    socket.destroy()
  })
  decoy.listen(warehouse.port, '127.0.0.1')
  await once(decoy, 'listening')
  const before = await checksums(folder)
  const service = await startService(
    node,
    ['--import', path.join(root, 'dist', 'replay.mjs'), path.join(shop, 'server.js')],
    { ...env, PREWARM_PROFILE: profile, PREWARM_BUDGET: '60s', PREWARM_ROUNDS: '40' },
  )
  const pool = Number(
    await psql(
      folder,
      `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    ),
  )
  const after = await checksums(folder)
  decoy.close()
  await once(decoy, 'close')
  await warehouse.start()
  const product = await (await fetch(`${service.url}/api/products/7`)).json()
  const code = await service.stop()
  const report = JSON.parse(readFileSync(`${profile}.report.json`, 'utf8'))
  const { applied, skipped, requests } = report.rehearsal
  const { HELD_OUT: heldOut = 0, ...left } = skipped
  const problems = []
  if (Object.keys(left).length > 0) {
    problems.push(
      `not all was rehearsed: ${JSON.stringify(left)} ${JSON.stringify(report.skipped.slice(0, 3))}`,
    )
  }
  if (applied === 0) problems.push('nothing was rehearsed')
  if (calls > 0) problems.push(`${calls} calls to the dead warehouse`)
  if (before !== after) problems.push(`rows changed:\n${before}\n${after}`)
  if (pool === 0) problems.push('the pool is cold')
  if (product.stockCount === undefined || product.promotion !== '3 for 2') {
    problems.push(`the service answers ${JSON.stringify(product).slice(0, 200)}`)
  }
  if (code !== 0) problems.push(`the service ended with ${code}`)
  return {
    problems,
    facts: { applied, heldOut, requests, upstreamCalls: calls, pooledConnections: pool },
  }
}

async function compare(node, profile, runs, env) {
  const args = [cli, 'compare', '-p', profile, '--runs', `${runs}`, '--rounds', '50', '--json']
  const options = ['--arms', 'cold,prewarm', '--rehearse', 'POST /graphql', '--', node]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, ...options, path.join(shop, 'server.js')],
    { env: { ...process.env, NODE_ENV: 'production', PORT: '0', ...env }, maxBuffer: 2 ** 26 },
  )
  return JSON.parse(stdout)
}

/** One line a table: its name and a hash of all its rows. */
async function checksums(folder) {
  const tables = await psql(
    folder,
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const lines = []
  for (const table of tables.split('\n')) {
    const hash = await psql(
      folder,
      `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} t`,
    )
    lines.push(`${table} ${hash}`)
  }
  return lines.join('\n')
}

async function psql(folder, query) {
  const args = ['-h', folder, '-U', 'shop', '-d', 'postgres', '-Atc', query]
  return (await promisify(execFile)('psql', args)).stdout.trim()
}

async function startWarehouse() {
  let server
  const warehouse = {
    port: 0,
    async start() {
      server = createWarehouse().listen(warehouse.port, '127.0.0.1')
      await once(server, 'listening')
      warehouse.port = server.address().port
    },
    async stop() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  await warehouse.start()
  return warehouse
}
