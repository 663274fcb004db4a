/**
 * How far the statistics of warm-up are to be trusted, on simulated runs of which the truth is known: how often the class
 * and the round of the steady state are found, how often there is a false alarm, how often an interval holds the truth, and
 * how often a comparison of equals that may end early finds a difference.
 * Usage: npm run calibrate -- [--repeats 60] [--rounds 200] [--seed 1] [--machines quiet,usual,noisy]
 *          [--tolerance 0.05] [--standard-errors 3] [--steady-share 0.25] [--interruption-share 0.05] [--outlier-window 100]
 *          [--penalty-factor 15] [--sweep] [--json]
 * --repeats: runs of each shape on each machine, and measurements of each kind; --sweep: the shapes alone, under other
 * values of each parameter; --json prints the figures instead of tables.
 */
import { parseArgs } from 'node:util'
import { machines, normal, shapes, simulateRounds } from './calibrate/simulated-runs.mjs'
import { root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    machines: { type: 'string', default: Object.keys(machines).join(',') },
    tolerance: { type: 'string' },
    'standard-errors': { type: 'string' },
    'steady-share': { type: 'string' },
    'interruption-share': { type: 'string' },
    'outlier-window': { type: 'string' },
    'penalty-factor': { type: 'string' },
    sweep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const wholeAbove0 = (name) => {
  const number = Number(values[name])
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${name} ${values[name]}: give a whole number above 0`)
}
const repeats = wholeAbove0('repeats')
const rounds = wholeAbove0('rounds')
const seed = wholeAbove0('seed')
const chosen = values.machines.split(',')
const unknown = chosen.find((name) => !Object.hasOwn(machines, name))
if (unknown !== undefined) {
  throw new Error(`--machines ${unknown}: choose of ${Object.keys(machines).join(', ')}`)
}
const parameters = {
  tolerance: 'tolerance',
  'standard-errors': 'standardErrors',
  'steady-share': 'steadyShare',
  'interruption-share': 'interruptionShare',
  'outlier-window': 'outlierWindow',
  'penalty-factor': 'penaltyFactor',
}
const given = Object.fromEntries(
  Object.entries(parameters).flatMap(([option, name]) =>
    values[option] === undefined ? [] : [[name, Number(values[option])]],
  ),
)

process.stderr.write('building\n')
await run('npm', ['run', 'build', '--silent'], { cwd: root })
const analysis = (name) => import(`../dist/dashboard/analysis/${name}.js`)
const { seededRandom } = await analysis('seeded-random')
const { steadyStateOf } = await analysis('steady-state')
const { pairedRatio } = await analysis('compare-arms')
const { changeOf } = await analysis('verdict')
const { warmupMetrics, steadyLevels } = await analysis('warmup-metrics')
const { levelOfLooks, mayStop, plannedLooks, watchedMetrics } = await analysis('sequential-stop')
const { median } = await analysis('quantile')
const { renderTable } = await import('../dist/cli/render/table.js')

const random = () => seededRandom(seed)
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index))
const shareOf = (items, holds) => items.filter(holds).length / items.length

/** How often class and steady round of a shape are found. */
function detection(shape, machine, options) {
  const source = random()
  const found = times(repeats, () => {
    const truth = shapes[shape](source, rounds)
    const roundMs = simulateRounds(source, rounds, truth.levelOf, machines[machine])
    return { truth, state: steadyStateOf(roundMs, options) }
  })
  const near = ({ truth, state }) =>
    state !== null &&
    (truth.steadyFrom === null
      ? state.steadyFrom === null
      : state.steadyFrom !== null && Math.abs(state.steadyFrom - truth.steadyFrom) <= rounds / 10)
  const classes = {}
  for (const { state } of found) {
    const name = state?.class ?? 'none'
    classes[name] = (classes[name] ?? 0) + 1 / repeats
  }
  return {
    shape,
    machine,
    right: shareOf(found, ({ truth, state }) => state?.class === truth.class),
    near: shareOf(found, near),
    classes,
  }
}

/** A cold start that loses much, and one that loses a fifth of it, on a machine that is as busy for both. */
function pairOfRuns(source, machine, isEqual) {
  const load = Math.exp(0.2 * normal(source))
  const measured = (height, fast) => {
    const tau = 12 * Math.exp(0.1 * normal(source))
    const peak = height * Math.exp(0.1 * normal(source))
    const levelOf = (round) => 1 + peak * Math.exp(-round / tau) + fast * Math.exp(-round)
    const latenciesMs = simulateRounds(source, rounds, levelOf, machines[machine])
    const sample = {
      ...{ timeToListenMs: 0, cpuMs: 0, rssBytes: 0, requestCount: 1 },
      latenciesMs: latenciesMs.map((ms) => ms * load),
    }
    return warmupMetrics(sample, steadyLevels(sample))
  }
  const cold = measured(8, 40)
  return [isEqual ? measured(8, 40) : measured(1.6, 8), cold]
}

const ratiosOf = (pairs, metric) => [0, 1].map((side) => pairs.map((pair) => pair[side][metric]))

/** How often the interval of a paired ratio holds the ratio that very many runs have. */
function coverage(machine) {
  const source = random()
  const many = times(5000, () => pairOfRuns(source, machine, false))
  return watchedMetrics.flatMap((metric) => {
    const truth = median(many.map(([one, other]) => one[metric] / other[metric]))
    return [5, 10, 20].map((runs) => {
      const held = times(repeats, () => {
        const [one, other] = ratiosOf(
          times(runs, () => pairOfRuns(source, machine, false)),
          metric,
        )
        const { low, high } = pairedRatio(one, other, source)
        return low !== null && low <= truth && (high === null || high >= truth)
      })
      return { machine, metric, runs, truth, held: shareOf(held, Boolean) }
    })
  })
}

/** How often a comparison of equals, or of what differs, finds a difference, and after how many runs it ends. */
function sequential(machine, isEqual) {
  const source = random()
  const looks = plannedLooks(10, 40)
  const level = levelOfLooks(looks)
  const ended = times(repeats, () => {
    const pairs = times(looks.at(-1), () => pairOfRuns(source, machine, isEqual))
    for (const runs of looks) {
      const ratios = watchedMetrics.map((metric) => {
        const [one, other] = ratiosOf(pairs.slice(0, runs), metric)
        return { arm: 'one', against: 'other', metric, ...pairedRatio(one, other, source, level) }
      })
      if (mayStop({ ratios, runs, looks }).stop) return { runs, ratios }
    }
  })
  const differs = (metric) => (end) =>
    changeOf(end.ratios.find((ratio) => ratio.metric === metric)) !== 'same'
  return {
    machine,
    isEqual,
    runs: median(ended.map((end) => end.runs)),
    early: shareOf(ended, (end) => end.runs < looks.at(-1)),
    differs: Object.fromEntries(
      watchedMetrics.map((metric) => [metric, shareOf(ended, differs(metric))]),
    ),
    any: shareOf(ended, (end) => watchedMetrics.some((metric) => differs(metric)(end))),
  }
}

const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`
const right = (title) => ({ title, align: 'right' })
const overShapes = (options) =>
  Object.keys(shapes).flatMap((shape) =>
    chosen.map((machine) => detection(shape, machine, options)),
  )

function detectionTable(found) {
  const classes = ['flat', 'warmup', 'slowdown', 'no-steady-state']
  return renderTable(
    [
      { title: 'shape' },
      { title: 'machine' },
      ...['class found', 'round within 10 %', ...classes].map(right),
    ],
    found.map((each) => [
      each.shape,
      each.machine,
      percent(each.right),
      percent(each.near),
      ...classes.map((name) => (each.classes[name] ? percent(each.classes[name]) : '-')),
    ]),
  )
}

function measure() {
  return {
    rounds,
    repeats,
    seed,
    detection: overShapes(given),
    coverage: chosen.flatMap(coverage),
    sequential: chosen.flatMap((machine) => [
      sequential(machine, true),
      sequential(machine, false),
    ]),
  }
}

function render(figures) {
  return [
    `${repeats} runs of ${rounds} rounds of each shape`,
    '',
    detectionTable(figures.detection),
    '',
    '95 % intervals of a paired ratio that hold the truth',
    '',
    renderTable(
      [{ title: 'metric' }, { title: 'machine' }, ...['true ratio', 'runs', 'held'].map(right)],
      figures.coverage.map((each) => [
        each.metric,
        each.machine,
        each.truth.toFixed(3),
        String(each.runs),
        percent(each.held),
      ]),
    ),
    '',
    'comparisons that may end after 10, 15, 20, 30 or 40 runs: how many find a difference',
    '',
    renderTable(
      [
        { title: 'arms' },
        { title: 'machine' },
        ...['runs, median', 'ended early', ...watchedMetrics, 'any of them'].map(right),
      ],
      figures.sequential.map((each) => [
        each.isEqual ? 'equal' : 'a fifth lost',
        each.machine,
        String(each.runs),
        percent(each.early),
        ...watchedMetrics.map((metric) => percent(each.differs[metric])),
        percent(each.any),
      ]),
    ),
  ].join('\n')
}

const sweeps = {
  tolerance: [0.02, 0.05, 0.1, 0.15],
  standardErrors: [2, 3, 4],
  steadyShare: [0.15, 0.25, 0.35],
  interruptionShare: [0, 0.05, 0.1],
  outlierWindow: [50, 100, 200],
  penaltyFactor: [5, 8, 15],
}

/** One row a value: how often the class of each shape is found, over all machines. */
function sweep() {
  const rows = Object.entries(sweeps).flatMap(([name, candidates]) =>
    candidates.map((value) => {
      const found = overShapes({ ...given, [name]: value })
      const shares = Object.keys(shapes).map((shape) => {
        const mine = found.filter((each) => each.shape === shape)
        return mine.reduce((sum, each) => sum + each.right / mine.length, 0)
      })
      const near = found.reduce((sum, each) => sum + each.near / found.length, 0)
      return { name, value, shares, near }
    }),
  )
  if (values.json) return JSON.stringify(rows)
  return renderTable(
    [{ title: 'parameter' }, ...['value', ...Object.keys(shapes), 'round within 10 %'].map(right)],
    rows.map(({ name, value, shares, near }) => [
      name,
      String(value),
      ...shares.map(percent),
      percent(near),
    ]),
  )
}

if (values.sweep) console.log(sweep())
else {
  const figures = measure()
  console.log(values.json ? JSON.stringify(figures) : render(figures))
}
