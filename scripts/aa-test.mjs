/**
 * How often `prewarm compare` sees a difference where there is none: cold starts of a sample are measured beside cold starts, and
 * the comparison is repeated on many draws from them, with the two labels of each pair swapped at random.
 * Usage: npm run aa-test -- [--node 24] [--sample shop] [--starts 60] [--rounds 200] [--runs 10] [--repeats 100] [--seed 1]
 *          [--from .demo/aa-shop-24.results.jsonl] [--json]
 * --from repeats on starts that were measured before. Draws overlap, so that few starts make the rate uncertain: the output says
 * how many distinct ones there were.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeOfLine } from './node-lines.mjs'
import { cli, recordSample, root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    sample: { type: 'string', default: 'shop' },
    starts: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '200' },
    runs: { type: 'string', default: '10' },
    repeats: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const say = (text) => process.stderr.write(`${text}\n`)
const folder = path.join(root, '.demo')

async function measureStarts() {
  mkdirSync(folder, { recursive: true })
  const node = nodeOfLine(values.node)
  const profile = path.join(folder, `${values.sample}-${values.node}.prewarm`)
  const results = path.join(folder, `aa-${values.sample}-${values.node}.results.jsonl`)
  const sample = path.join(root, 'samples', values.sample)
  say(`recording samples/${values.sample}`)
  await recordSample(sample, node, profile, '2000')
  say(`measuring ${values.starts} cold starts beside ${values.starts} cold starts`)
  await run(
    process.execPath,
    [
      ...[cli, 'compare', '-p', profile, '--arms', 'cold', '--arm', 'again=cold'],
      ...[
        '--runs',
        values.starts,
        '--rounds',
        values.rounds,
        '--save',
        results,
        '--force',
        '--json',
      ],
      ...['--', node, path.join('samples', values.sample, 'server.js')],
    ],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production', PORT: '0' } },
  )
  return results
}

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { parseResults } = await import('../dist/formats/results.js')
const { evaluate, measuredArms } = await import('../dist/dashboard/analysis/evaluate.js')
const { changeOf, outcomeOf } = await import('../dist/dashboard/analysis/verdict.js')
const { seededRandom } = await import('../dist/dashboard/analysis/seeded-random.js')

const file = values.from ?? (await measureStarts())
const results = parseResults(readFileSync(file, 'utf8'))
const [cold, again] = measuredArms(results)
const runs = Number(values.runs)
const starts = cold?.runs.length ?? 0
if (again === undefined || starts < runs) {
  throw new Error(`${file}: ${starts} starts of two arms, where a repeat takes ${runs}`)
}

const random = seededRandom(Number(values.seed))
const metrics = ['firstRequestSumMs', 'timeLost50Ms', 'steadySumMs', 'timeToListenMs', 'cpuMs']
const alarms = Object.fromEntries(metrics.map((metric) => [metric, 0]))
const outcomes = { same: 0, better: 0, worse: 0, unknown: 0 }
const repeats = Number(values.repeats)
for (let repeat = 0; repeat < repeats; repeat++) {
  const places = Array.from({ length: starts }, (_, place) => [random(), place])
    .sort(([a], [b]) => a - b)
    .slice(0, runs)
    .map(([, place]) => place)
  const drawn = places.flatMap((place, index) => {
    const pair = [cold.runs[place], again.runs[place]]
    if (random() < 0.5) pair.reverse()
    return pair.map((each, side) => ({
      ...each,
      arm: side === 0 ? cold.name : again.name,
      run: index + 1,
    }))
  })
  const report = evaluate({ ...results, runs: drawn, plan: { ...results.plan, seed: repeat } })
  const pair = { arm: again.name, against: cold.name }
  outcomes[outcomeOf(pair, report.ratios)]++
  for (const metric of metrics) {
    const ratio = report.ratios.find((each) => each.metric === metric && each.arm === pair.arm)
    if (changeOf(ratio) !== 'same') alarms[metric]++
  }
}

const share = (count) => `${((100 * count) / repeats).toFixed(1)} %`
if (values.json) {
  console.log(JSON.stringify({ file, starts, runs, repeats, outcomes, alarms }, null, 2))
} else {
  const { renderTable } = await import('../dist/cli/render/table.js')
  console.log(
    [
      `cold against cold, ${repeats} comparisons of ${runs} runs each, drawn from ${starts} starts of either arm`,
      '',
      `verdict "no difference": ${share(outcomes.same)}; better: ${share(outcomes.better)}; worse: ${share(outcomes.worse)}`,
      '',
      renderTable(
        [{ title: 'single figure' }, { title: 'false alarms', align: 'right' }],
        metrics.map((metric) => [metric, share(alarms[metric])]),
      ),
      '',
    ].join('\n'),
  )
}
process.exitCode = outcomes.same >= 0.95 * repeats ? 0 : 3
