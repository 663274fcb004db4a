/**
 * Every sample that serves, on one Node line: recorded under its own traffic, compared cold, with Node's compile cache and with
 * prewarm, and started 20 times with and without prewarm in turn. Ends with 1 when what prewarm promises does not hold.
 * Usage: npm run matrix -- [--node 24] [--runs 10] [--rounds 50] [--requests 1000] [--budget 2s] [--only NAME,..] [--reuse] [--json]
 * --only takes some samples; --reuse the profiles of an earlier call; --json prints all of it, with the report of every comparison.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { alternate, countHits } from './matrix/starts.mjs'
import { nodeOfLine } from './node-lines.mjs'
import {
  entryOf,
  environmentOf,
  folderOf,
  prepareSample,
  sampleNamed,
  samples,
  withoutServer,
} from './samples.mjs'
import { cli, recordSample, root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    runs: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '50' },
    requests: { type: 'string', default: '1000' },
    budget: { type: 'string', default: '2s' },
    only: { type: 'string' },
    reuse: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** What must show: the ratio of the first requests to those of a cold start, and the share of modules with a cache. */
const mostOfCold = 0.3
const leastHitShare = 0.95
/** Before, ES modules can have no cache, and Node has none to be compared with. */
const hasNodeCache = values.node !== '20'

const say = (line) => process.stderr.write(`${line}\n`)
const chosen = values.only?.split(',').map(sampleNamed) ?? samples
const node = nodeOfLine(values.node)
const folder = path.join(root, '.demo', 'matrix')
mkdirSync(folder, { recursive: true })

say('building')
await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { decodeProfile } = await import('../dist/formats/index.js')
const { formatRatio } = await import('../dist/dashboard/analysis/verdict.js')
const { formatMs, formatShare } = await import('../dist/dashboard/analysis/units.js')
const { renderTable } = await import('../dist/cli/render/table.js')

async function measure(sample) {
  const { name, rehearse = [] } = sample
  const own = path.join(folder, `${name}-${values.node}`)
  mkdirSync(own, { recursive: true })
  const profile = path.join(own, `${name}.prewarm`)
  say(`${name}: preparing`)
  await prepareSample(sample)
  const env = await environmentOf(sample)
  if (!values.reuse || !existsSync(profile)) {
    say(`${name}: recording ${values.requests} requests`)
    say(
      await recordSample(...[folderOf(sample), node, profile, values.requests, env], sample.entry),
    )
  }
  const { modules } = decodeProfile(readFileSync(profile))
  const moduleCount = modules.filter(({ format }) => format === 'cjs' || format === 'esm').length
  say(`${name}: comparing, ${values.runs} fresh processes an arm`)
  const report = await compare(sample, profile, env, path.join(own, `${name}.results.jsonl`))
  const subject = {
    node,
    entry: entryOf(sample),
    traffic: path.join(folderOf(sample), 'traffic.js'),
    profile,
    env,
    rehearse,
    budget: values.budget,
    folder: own,
    hasNodeCache,
  }
  const cache = await countHits(subject, moduleCount)
  say(`${name}: starting with and without prewarm in turn`)
  // What is at stake are caches, not warmth.
  const alternation = await alternate({ ...subject, budget: '500ms' })
  return { name, report, cache, alternation }
}

/** The report of `prewarm compare --json`. */
async function compare({ rehearse = [], ...sample }, profile, env, results) {
  const options = [
    ...[cli, 'compare', '-p', profile, '--runs', values.runs, '--rounds', values.rounds],
    ...['--budget', values.budget, '--save', results, '--force', '--json'],
    ...rehearse.flatMap((route) => ['--rehearse', route]),
  ]
  const command = [node, path.relative(process.cwd(), entryOf(sample))]
  const child = spawn(process.execPath, [...options, '--', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`prewarm compare ended with ${code}`)
  return JSON.parse(json)
}

const ratioOf = ({ ratios }, metric, against) =>
  ratios.find(
    (each) => each.arm === 'prewarm' && each.metric === metric && each.against === against,
  )
const medianOf = ({ arms }, name, metric) =>
  arms.find((arm) => arm.name === name)?.metrics[metric].median

/** What does not hold of what must; one sentence each. */
function shortcomings({ report, cache, alternation }) {
  const ratio = ratioOf(report, 'firstRequestSumMs', 'cold')?.ratio ?? Infinity
  const rejected = cache.rejections
  return [
    ...(ratio > mostOfCold
      ? [`first requests take ${ratio.toFixed(2)} of cold ones, more than ${mostOfCold}`]
      : []),
    ...(hasNodeCache && cache.hits < leastHitShare * cache.total
      ? [`${cache.hits} of ${cache.total} modules have a cache, less than ${100 * leastHitShare} %`]
      : []),
    ...(rejected > 0 ? [`${rejected} caches were refused`] : []),
    ...alternation.faults,
  ]
}

const shownRatio = (ratio) => (ratio === undefined ? '-' : formatRatio(ratio))

function rowOf(result) {
  const { name, error } = result
  if (error !== undefined) return [name, ...Array(7).fill('-'), 'failed']
  const { report, cache, alternation } = result
  const listen = ['cold', 'prewarm'].map((arm) => formatMs(medianOf(report, arm, 'timeToListenMs')))
  return [
    name,
    shownRatio(ratioOf(report, 'firstRequestSumMs', 'cold')),
    shownRatio(ratioOf(report, 'firstRequestSumMs', 'node-compile-cache')),
    shownRatio(ratioOf(report, 'timeLost50Ms', 'cold')),
    listen.join(' / '),
    `${formatShare(cache.hits, cache.total)} of ${cache.total}`,
    `${cache.rejections}`,
    alternation.faults.length === 0 ? 'clean' : `${alternation.faults.length} faults`,
    result.missed.length === 0 ? 'holds' : 'missed',
  ]
}

const columns = [
  'sample',
  'first requests / cold',
  "/ Node's cache",
  'time lost / cold',
  'listens, cold / prewarm',
  'cache hits',
  'refused',
  '20 starts',
  'must show',
].map((title) => ({ title }))

const measured = []
for (const sample of chosen) {
  try {
    const result = await measure(sample)
    measured.push({ ...result, missed: shortcomings(result) })
  } catch (error) {
    say(`${sample.name}: ${error.message}`)
    const [first = ''] = error.message.split('\n')
    measured.push({ name: sample.name, error: first, missed: [`failed: ${first}`] })
  }
}

if (values.json) {
  const version = { schemaVersion: 1, node: values.node, budget: values.budget }
  console.log(JSON.stringify({ ...version, runs: Number(values.runs), samples: measured }))
} else {
  console.log(renderTable(columns, measured.map(rowOf)))
  console.log(
    `\nNode ${values.node}, budget ${values.budget}, ${values.runs} interleaved runs; medians of ratios with 95 % intervals.`,
  )
  for (const { name, missed } of measured)
    for (const each of missed) console.log(`${name}: ${each}`)
  if (values.only === undefined) {
    for (const [name, reason] of Object.entries(withoutServer)) {
      console.log(`not measured: ${name}, ${reason}`)
    }
  }
}
process.exitCode = measured.some(({ missed }) => missed.length > 0) ? 1 : 0
