/**
 * How many functions of a profile are found again after a deploy: samples/shop with all its packages as one script of 5 MB is recorded,
 * 50 of the functions that it had optimised are edited in their sources, it is bundled again, and the old profile replayed.
 * Usage: npm run rebuild -- [--node 24] [--sample shop] [--edits 50] [--requests 3000] [--threshold 0.9] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { rebuild } from './rebuild/rebuild.mjs'
import { root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    sample: { type: 'string', default: 'shop' },
    edits: { type: 'string', default: '50' },
    requests: { type: 'string', default: '3000' },
    threshold: { type: 'string', default: '0.9' },
    json: { type: 'boolean', default: false },
  },
})

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-rebuild-'))
try {
  const {
    profile: _,
    first: __,
    ...result
  } = await rebuild({
    node: nodeOfLine(values.node),
    sample: path.join(root, 'samples', values.sample),
    folder,
    edits: Number(values.edits),
    requests: Number(values.requests),
    say: (text) => process.stderr.write(`${text}\n`),
  })
  const isEnough = result.share >= Number(values.threshold)
  if (values.json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...result })}\n`)
  else process.stdout.write(render(result))
  if (!isEnough) process.exitCode = 3
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function render({ bytes, wanted, edited, moved, others, before, after, share }) {
  const found = ({ found, applied }) => `${found} found, ${applied} optimised when the port opened`
  return [
    `bundle            ${(bytes / 1e6).toFixed(2)} MB`,
    `profile           ${wanted} optimised functions`,
    `the same bundle   ${found(before)}`,
    `edited            ${edited} functions, with those around them; ${moved} of the ${others} others moved`,
    `rebuilt bundle    ${found(after)}`,
    `of the others     ${(100 * share).toFixed(1)} % still match\n`,
  ].join('\n')
}
