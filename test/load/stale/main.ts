/**
 * Shows that a start never sees what is no longer there: edits files of an application between two starts, and compares the
 * second with a start without prewarm. Exit code 1: something was not noticed.
 * Usage: npm run stale -- [--node 24] [--cases 1000] [--seed 1] [--only 'kind: edit']
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from '../../../scripts/node-lines.mjs'
import { root, run } from '../../../scripts/shop.mjs'
import { describeFound, runStale } from './run.ts'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] ?? '' },
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
})

const { node, cases, seed, only } = values
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-stale-'))
try {
  await run('npm', ['run', 'build', '--silent'], { cwd: root })
  process.env['PREWARM_STATE_DIR'] = '/nowhere'
  const { found, changed } = await runStale({
    ...{ node: nodeOfLine(node), folder, count: Number(cases), seed: Number(seed), only },
    onRound(done) {
      process.stderr.write(`${done} of ${cases} edits\n`)
    },
  })
  for (const each of found.slice(0, 20)) process.stdout.write(`${describeFound(each)}\n`)
  const again = found.find(({ isAlone }) => isAlone)
  if (found.length > 0) {
    process.exitCode = 1
    const whole = `--cases ${cases} --seed ${seed}`
    const short = again === undefined ? whole : `--cases 1 --only '${again.name}'`
    process.stdout.write(
      `${found.length} edits of ${cases} were not noticed, seed ${seed}. Again: npm run stale -- --node ${node} ${short}\n`,
    )
  } else {
    process.stdout.write(
      `None of ${cases} edits was missed, ${changed} of them change what is loaded; seed ${seed}.\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
