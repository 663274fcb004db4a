/**
 * Shows that neither a profile nor its guard can bring a service down: kills, aborts, damaged and lying profiles, traffic of other
 * shapes, disks that are slow, full or read-only. In every case all requests are answered rightly, and the guard's verdict is right.
 * Usage: npm run chaos -- [--node 24] [--only starts,profiles,traffic,disks,'a full disk'] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const node = nodeOfLine(values.node)
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-chaos-'))
const results = []
try {
  await run('npm', ['run', 'build', '--silent'], { cwd: root })
  // It reads what is built.
  const { caseGroups, runChaos } = await import('./chaos/run.mjs')
  const known = [...Object.keys(caseGroups), ...Object.values(caseGroups).flat()]
  const wanted = values.only?.split(',') ?? Object.keys(caseGroups)
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: choose of ${known.join(', ')}`)
  await runChaos(node, folder, wanted, (result) => {
    const { name, problems, facts, skipped, ms } = result
    results.push(result)
    if (problems.length > 0) process.exitCode = 1
    const verdict = problems.length > 0 ? 'NOT SAFE' : (skipped ?? 'safe')
    const lines = [...problems.slice(0, 10).map((each) => `\n  ${each}`)].join('')
    process.stderr.write(`${name}: ${verdict}, ${(ms / 1000).toFixed(1)} s${lines}\n`)
    const hasFacts = Object.keys(facts).length > 0
    if (!values.json && hasFacts) process.stdout.write(`  ${JSON.stringify(facts)}\n`)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (values.json)
  process.stdout.write(`${JSON.stringify({ node: values.node, results }, null, 2)}\n`)
