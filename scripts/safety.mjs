/**
 * Shows that rehearsal is safe: on samples/shop with a real PostgreSQL, a real Redis and a dead upstream; on an application that does
 * harm on every GET; and through many restarts under load.
 * Usage: npm run safety -- [--node 24] [--starts 1000] [--runs 5] [--only shop,hostile,handover] [--json]
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { restartUnderLoad } from './safety/handover.mjs'
import { rehearseHostile } from './safety/hostile.mjs'
import { rehearseShop } from './safety/shop.mjs'
import { root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    starts: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: 'shop,hostile,handover' },
    json: { type: 'boolean', default: false },
  },
})

const node = nodeOfLine(values.node)
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-safety-'))
// PostgreSQL runs as another user.
chmodSync(folder, 0o755)
const say = (text) => process.stderr.write(`${text}\n`)

const parts = {
  async shop() {
    const result = await rehearseShop(node, path.join(folder, 'shop'), Number(values.runs))
    if (result !== undefined) return result
    return { problems: ['PostgreSQL or Redis is not installed'], facts: {} }
  },
  async hostile() {
    const own = path.join(folder, 'hostile')
    mkdirSync(own)
    const results = await rehearseHostile(node, own)
    return {
      problems: results.flatMap(({ name, problems }) => problems.map((each) => `${name}: ${each}`)),
      facts: Object.fromEntries(results.map(({ name, skipped }) => [name, skipped])),
    }
  },
  async handover() {
    const own = path.join(folder, 'handover')
    mkdirSync(own)
    return restartUnderLoad({ node, folder: own, starts: Number(values.starts), way: 'supervisor' })
  },
}

const report = {}
try {
  await run('npm', ['run', 'build', '--silent'], { cwd: root })
  for (const name of values.only.split(',')) {
    if (parts[name] === undefined)
      throw new Error(`--only ${name}: choose of ${Object.keys(parts)}`)
    say(`${name} ...`)
    report[name] = await parts[name]()
    const { problems, facts } = report[name]
    say(problems.length === 0 ? `${name}: safe` : `${name}: NOT SAFE\n  ${problems.join('\n  ')}`)
    if (!values.json) process.stdout.write(`${JSON.stringify({ [name]: facts }, null, 2)}\n`)
    if (problems.length > 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
