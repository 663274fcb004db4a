/**
 * What each part of a start with prewarm gives: a sample is recorded under its traffic, then compared with parts left out and
 * levers of optimisation added, all at the same budget, which and not the number of rounds ends rehearsal.
 * Usage: npm run ablation -- [--node 24] [--sample shop] [--budget 500ms,2s] [--runs 8] [--rounds 200] [--arms cold,natives]
 *          [--rounds-cap 999999] [--requests 4000] [--rehearse 'POST /route'] [--reuse] [--json]
 * Arms: cold, cache, rehearsal, thresholds, natives, both, and again, which is rehearsal once more, for the noise.
 * --reuse takes the profile of an earlier call; --json prints the report of `prewarm compare --json`, one line a budget.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { cli, recordSample, root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    sample: { type: 'string', default: 'shop' },
    budget: { type: 'string', default: '500ms' },
    runs: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '200' },
    arms: { type: 'string' },
    'rounds-cap': { type: 'string', default: '999999' },
    requests: { type: 'string', default: '4000' },
    rehearse: { type: 'string', multiple: true, default: [] },
    reuse: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** What the others are compared with. */
const reference = 'rehearsal'
const many = `PREWARM_ROUNDS=${values['rounds-cap']}`
/** Variables of each arm; `cold` is without prewarm. How `again` differs from the reference is noise of the machine. */
const armVariables = {
  cold: null,
  cache: 'PREWARM_ROUNDS=0 PREWARM_TIER_UP=off',
  [reference]: `${many} PREWARM_TIER_UP=off`,
  thresholds: `${many} PREWARM_TIER_UP=thresholds`,
  natives: `${many} PREWARM_TIER_UP=natives`,
  both: `${many} PREWARM_TIER_UP=both`,
  again: `${many} PREWARM_TIER_UP=off`,
}
/** Routes that change nothing in spite of their method. */
const safeRoutes = { shop: ['POST /graphql'] }

const usual = Object.keys(armVariables).filter((arm) => arm !== 'again')
const chosen = values.arms?.split(',') ?? usual
const unknown = chosen.find((arm) => !Object.hasOwn(armVariables, arm))
if (unknown !== undefined) {
  throw new Error(`--arms ${unknown}: choose of ${Object.keys(armVariables).join(', ')}`)
}
const arms = Object.keys(armVariables).filter((arm) => arm === reference || chosen.includes(arm))
const rehearse = [...(safeRoutes[values.sample] ?? []), ...values.rehearse]

const sample = path.join(root, 'samples', values.sample)
const server = path.join(sample, 'server.js')
if (!existsSync(server)) throw new Error(`--sample ${values.sample}: there is no ${server}`)
const folder = path.join(root, '.demo')
mkdirSync(folder, { recursive: true })
const profile = path.join(folder, `${values.sample}-${values.node}.prewarm`)
const say = (line) => process.stderr.write(`${line}\n`)

say('building')
await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { changeOf, formatRatio } = await import('../dist/dashboard/analysis/verdict.js')
const { renderTable } = await import('../dist/cli/render/table.js')
const { formatCount, formatMs } = await import('../dist/dashboard/analysis/units.js')
const node = nodeOfLine(values.node)

if (values.reuse && existsSync(profile)) say(`taking ${path.relative(root, profile)}`)
else {
  say(`recording samples/${values.sample} under ${values.requests} requests`)
  say(await recordSample(sample, node, profile, values.requests))
}

/** The report of `prewarm compare --json`; undefined when it failed, and has said why. */
async function compare(budget) {
  const options = [
    ...[cli, 'compare', '-p', profile, '--runs', values.runs, '--rounds', values.rounds],
    ...['--budget', budget, '--against', reference, '--json'],
    ...['--arms', arms.includes('cold') ? 'cold' : 'none'],
    ...arms
      .filter((arm) => armVariables[arm] !== null)
      .flatMap((arm) => ['--arm', `${arm}=${armVariables[arm]}`]),
    ...rehearse.flatMap((route) => ['--rehearse', route]),
  ]
  const child = spawn(
    process.execPath,
    [...options, '--', node, path.relative(process.cwd(), server)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production', PORT: '0' },
    },
  )
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code === 0) return JSON.parse(json)
  process.exitCode = code ?? 1
}

const spans = [10, 50, 200].filter((_, index, all) => (all[index - 1] ?? 0) < values.rounds)
const lost = (suffix) =>
  spans.map((span) => [`  ${Math.min(span, values.rounds)} rounds`, `timeLost${span}${suffix}`])
const rows = [
  ['time to listen', 'timeToListenMs'],
  ['first requests, sum', 'firstRequestSumMs'],
  ['time lost, own level'],
  ...lost('Ms'),
  ['time lost, common level'],
  ...lost('PooledMs'),
  ['steady level, per round', 'steadySumMs'],
  ['CPU of the whole run', 'cpuMs'],
]

const mark = (isSame) => (isSame ? ' =' : '')

/** The ratio to the reference; of time lost, which may be next to nothing there, the difference. */
function comparison({ ratios, differences }, name, metric) {
  const isIt = (each) => each.arm === name && each.metric === metric
  if (metric === undefined) return ''
  if (!metric.startsWith('timeLost')) {
    const ratio = ratios.find(isIt)
    return `x${formatRatio(ratio)}${mark(changeOf(ratio) === 'same')}`
  }
  const { difference, low, high } = differences.find(isIt)
  const shown = `${difference > 0 ? '+' : ''}${difference.toFixed(1)} ms`
  if (low === high) return shown
  return `${shown} (${low.toFixed(1)} to ${high.toFixed(1)})${mark(low <= 0 && high >= 0)}`
}

/** Two tables: what was measured, and how it compares with the reference. */
function render(report, budget) {
  const { arms: measured, replays, requests, warnings } = report
  const heading = `samples/${values.sample} on Node ${report.node}, budget ${budget}: ${report.runs} runs of every arm, ${report.rounds} rounds of ${requests.list.length} requests each`
  const replayOf = ({ name }) => replays.find(({ arm }) => arm === name)
  const optimisedIn = (arm) => {
    const counts = replayOf(arm)?.report.tierUp
    if (counts === undefined) return '-'
    const skipped = Object.values(counts.skipped).reduce((sum, count) => sum + count, 0)
    return `${counts.applied} of ${counts.applied + skipped}`
  }
  const medians = [
    ...rows.map(([title, metric]) => [
      title,
      ...measured.map(({ metrics }) => (metric ? formatMs(metrics[metric].median) : '')),
    ]),
    ['rehearsed rounds', ...measured.map((arm) => formatCount(replayOf(arm)?.medianRounds ?? 0))],
    ['optimised, last run', ...measured.map(optimisedIn)],
  ]
  const others = measured.map(({ name }) => name).filter((name) => name !== reference)
  const compared = rows.map(([title, metric]) => [
    title,
    ...others.map((name) => comparison(report, name, metric)),
  ])
  const column = (title) => ({ title })
  return [
    heading,
    '',
    renderTable(
      [column(''), ...measured.map(({ name }) => ({ title: name, align: 'right' }))],
      medians,
    ),
    ...(others.length === 0
      ? []
      : ['', renderTable([`against ${reference}`, ...others].map(column), compared)]),
    '',
    'Medians over the runs, in brackets 95 % intervals; = marks no difference.',
    ...warnings.map((warning) => `warning: ${warning}`),
    '',
  ].join('\n')
}

for (const budget of values.budget.split(',')) {
  say(`comparing ${arms.join(', ')} with a budget of ${budget}`)
  const report = await compare(budget)
  if (report === undefined) break
  console.log(values.json ? JSON.stringify(report) : render(report, budget))
}
