/**
 * What the replayer costs before the application starts: whole-process time of an application that does nothing. With the profile, of
 * starts that come after an earlier one.
 * Usage: npm run startup -- [--node 24] [--runs 25] [--json]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { recordShop, root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    runs: { type: 'string', default: '25' },
    json: { type: 'boolean', default: false },
  },
})

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { bootstrapMedian } = await import('../dist/dashboard/analysis/bootstrap.js')
const { seededRandom } = await import('../dist/dashboard/analysis/seeded-random.js')
const node = nodeOfLine(values.node)
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-startup-'))
const profile = path.join(folder, 'shop.prewarm')
await recordShop(node, profile, 1500)
const nothing = path.join(folder, 'nothing.cjs')
const empty = path.join(folder, 'empty.mjs')
for (const file of [nothing, empty]) writeFileSync(file, '')

const replay = path.join(root, 'dist', 'replay.mjs')
/** The identity under which shop was recorded, so that its profile is read and matched in full. */
const shopLike = path.join(folder, 'server.js')
writeFileSync(path.join(folder, 'package.json'), '{"name":"prewarm-sample-shop"}')
const env = { PREWARM_PROFILE: profile, PREWARM_REPORT: 'off' }
// What the first start keeps for those after it, it keeps a second after it has opened.
const server = `require('node:http').createServer(() => {}).listen(0)
setTimeout(() => process.exit(), 3000)`
writeFileSync(shopLike, server)
const first = { ...process.env, ...env, PREWARM_BUDGET: '0' }
spawnSync(node, ['--import', replay, shopLike], { env: first })
writeFileSync(shopLike, '')
const arms = {
  'no preload': [[nothing], {}],
  'empty preload': [['--import', empty, nothing], {}],
  'replayer, off': [['--import', replay, nothing], { PREWARM_MODE: 'off' }],
  'replayer, no profile': [['--import', replay, nothing], {}],
  'replayer, profile of samples/shop': [['--import', replay, shopLike], env],
  'the same, no budget': [['--import', replay, shopLike], { ...env, PREWARM_BUDGET: '0' }],
}

const times = Object.fromEntries(Object.keys(arms).map((arm) => [arm, []]))
for (let round = 0; round < Number(values.runs) + 2; round++) {
  for (const [arm, [args, env]] of Object.entries(arms)) {
    const start = performance.now()
    spawnSync(node, args, { env: { ...process.env, ...env } })
    // The first two rounds fill the page cache.
    if (round > 1) times[arm].push(performance.now() - start)
  }
}
rmSync(folder, { recursive: true, force: true })

const rows = Object.entries(times).map(([arm, samples]) => ({
  arm,
  ms: bootstrapMedian(samples, { random: seededRandom(1) }),
  added: bootstrapMedian(
    samples.map((ms, round) => ms - times['no preload'][round]),
    { random: seededRandom(1) },
  ),
}))
if (values.json) console.log(JSON.stringify({ schemaVersion: 1, node, rows }, null, 2))
else {
  const { renderTable } = await import('../dist/cli/render/table.js')
  const show = ({ median, low, high }) =>
    `${median.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`
  const right = (title) => ({ title, align: 'right' })
  console.log(
    renderTable(
      [{ title: 'preload' }, right('whole process, ms'), right('added, ms')],
      rows.map(({ arm, ms, added }) => [arm, show(ms), show(added)]),
    ),
  )
  console.log(
    `\nMedians of ${values.runs} interleaved starts on ${node}, 95 % interval in brackets.`,
  )
}
