/**
 * The whole loop on samples/shop: record it under traffic, then compare cold starts, Node's own compile cache and prewarm.
 * Usage: npm run demo -- [--node 24] [--runs 10] [--rounds 200] [--requests 4000] [--budget 2s] [--mode off] [--json]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { cli, recordShop, root, run, shop } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    runs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '200' },
    requests: { type: 'string', default: '4000' },
    budget: { type: 'string', default: '2s' },
    mode: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
})

const say = (text) => process.stderr.write(`${text}\n`)

const folder = path.join(root, '.demo')
mkdirSync(folder, { recursive: true })
const profile = path.join(folder, `shop-${values.node}.prewarm`)
const results = path.join(folder, `shop-${values.node}.results.jsonl`)
const relative = path.relative(root, profile)

say('1/3 building')
await run('npm', ['run', 'build', '--silent'], { cwd: root })
const node = nodeOfLine(values.node)

say(`2/3 recording samples/shop under ${values.requests} requests`)
say(`    ${await recordShop(node, profile, values.requests)}`)
say(`    look inside: npx prewarm inspect ${relative} --app samples/shop`)

say(`3/3 comparing, ${values.runs} fresh processes an arm`)
const server = path.relative(process.cwd(), path.join(shop, 'server.js'))
const compare = spawn(
  process.execPath,
  [
    ...[cli, 'compare', '-p', profile, '--runs', values.runs, '--rounds', values.rounds],
    ...['--budget', values.budget, '--mode', values.mode, '--rehearse', 'POST /graphql'],
    ...['--save', results, '--force'],
    ...(values.json ? ['--json'] : []),
    ...['--', node, server],
  ],
  { stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production', PORT: '0' } },
)
process.exitCode = (await once(compare, 'exit'))[0] ?? 1
if (process.exitCode === 0) {
  say('')
  say(
    `Curves, routes, what was applied and what not: npx prewarm dashboard ${path.relative(root, folder)}`,
  )
}
