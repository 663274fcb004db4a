/**
 * Wall and processor time of two commands on a part of this repository: without any code cache, with Node's own, and with prewarm; one after the other
 * in fresh processes, as often as told.
 * Usage: npm run commands -- [--node 24] [--runs 15] [--only tsc,eslint] [--json]
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { plainEnvironment } from './environment.mjs'
import { nodeOfLine } from './node-lines.mjs'
import { cli, root, run } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    runs: { type: 'string', default: '15' },
    only: { type: 'string', default: 'tsc,eslint' },
    json: { type: 'boolean', default: false },
  },
})

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { bootstrapMedian } = await import('../dist/dashboard/analysis/bootstrap.js')
const { seededRandom } = await import('../dist/dashboard/analysis/seeded-random.js')
const node = nodeOfLine(values.node)
const runs = Number(values.runs)
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-commands-'))
const project = path.join(folder, 'project')
copyProject()

/** What is run, and what it runs in node_modules. */
const commands = {
  tsc: ['typescript/bin/tsc', '--noEmit', '-p', '.'],
  eslint: ['eslint/bin/eslint.js', 'formats'],
}
const hasNodeCache = Number(values.node) >= 22
const results = values.only.split(',').map(measure)
rmSync(folder, { recursive: true, force: true })

if (values.json) console.log(JSON.stringify({ schemaVersion: 1, node, runs, results }, null, 2))
else await show()

/** The formats/ of this repository, without its tests, and what it takes to check them. */
function copyProject() {
  mkdirSync(project)
  cpSync(path.join(root, 'formats'), path.join(project, 'formats'), {
    recursive: true,
    filter: (file) => !/\.test\.ts$|fixtures/.test(file),
  })
  cpSync(path.join(root, 'eslint.config.js'), path.join(project, 'eslint.config.js'))
  writeFileSync(path.join(project, 'package.json'), '{"name":"part-of-prewarm","type":"module"}\n')
  const { compilerOptions } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
  const config = { compilerOptions, include: ['formats'] }
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify(config))
  symlinkSync(path.join(root, 'node_modules'), path.join(project, 'node_modules'))
}

function measure(name) {
  if (!(name in commands)) {
    throw new Error(`--only ${name}: choose of ${Object.keys(commands).join(', ')}`)
  }
  const [script, ...args] = commands[name]
  const command = [path.join(project, 'node_modules', script), ...args]
  const profile = path.join(folder, `${name}.prewarm`)
  const report = path.join(folder, `${name}.report.json`)
  const replay = path.join(root, 'dist', 'replay.mjs')
  // Both commands turn Node's cache on by themselves, below the folder for temporary files: each arm has one of its own.
  const arms = {
    cold: [[], { NODE_DISABLE_COMPILE_CACHE: '1' }],
    ...(hasNodeCache && {
      'node-compile-cache': [[], { NODE_COMPILE_CACHE: path.join(folder, `${name}-cache`) }],
    }),
    prewarm: [['--import', replay], { PREWARM_PROFILE: profile, PREWARM_REPORT: report }],
  }
  const start = (arm, flags, env) => {
    const temporary = path.join(folder, `${name}-${arm}`)
    mkdirSync(temporary, { recursive: true })
    const cpuBefore = childrenCpuMs()
    const begin = performance.now()
    const ended = spawnSync(node, [...flags, ...command], {
      cwd: project,
      env: { ...plainEnvironment(), TMPDIR: temporary, ...env },
      encoding: 'utf8',
    })
    const ms = performance.now() - begin
    const cpuMs = childrenCpuMs() - cpuBefore
    return { ms, cpuMs, said: `${ended.status}\n${ended.stdout}\n${ended.stderr}` }
  }

  progress(`${name}: recording`)
  const recorded = spawnSync(
    process.execPath,
    [cli, 'record', '-o', profile, '--force', '--quiet', '--', node, ...command],
    {
      cwd: project,
      env: { ...plainEnvironment(), NODE_DISABLE_COMPILE_CACHE: '1' },
      encoding: 'utf8',
    },
  )
  const expected = start('cold', ...arms.cold).said
  if (expected !== `${recorded.status}\n${recorded.stdout}\n${recorded.stderr}`) {
    throw new Error(`${name} says something else while it is recorded:\n${recorded.stderr}`)
  }
  const times = Object.fromEntries(Object.keys(arms).map((arm) => [arm, []]))
  const cpuTimes = Object.fromEntries(Object.keys(arms).map((arm) => [arm, []]))
  // The first round fills the caches and the page cache.
  for (let round = 0; round <= runs; round++) {
    progress(`${name}: run ${round} of ${runs}`)
    for (const [arm, [flags, env]] of Object.entries(arms)) {
      const { ms, cpuMs, said } = start(arm, flags, env)
      if (said !== expected) throw new Error(`${name} says something else with ${arm}:\n${said}`)
      if (round === 0) continue
      times[arm].push(ms)
      cpuTimes[arm].push(cpuMs)
    }
  }
  const { codeCache, outcome, reason, stages } = JSON.parse(readFileSync(report, 'utf8'))
  return {
    command: name,
    wall: evaluate(times),
    // Of a machine that has other work the better measure.
    cpu: Number.isNaN(cpuTimes.cold[0]) ? null : evaluate(cpuTimes),
    replay: { outcome, reason, codeCache, stages },
  }
}

/** Of all child processes so far that have ended, ms; NaN where the system does not tell. */
function childrenCpuMs() {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // cutime and cstime, in hundredths of a second.
    return 10 * (Number(fields[13]) + Number(fields[14]))
  } catch {
    return NaN
  }
}

/** Medians of each arm, and of what prewarm takes in relation to it in the same round; ms. */
function evaluate(samples) {
  const others = Object.keys(samples).filter((arm) => arm !== 'prewarm')
  return {
    ms: Object.fromEntries(Object.entries(samples).map(([arm, each]) => [arm, estimate(each)])),
    ratios: Object.fromEntries(
      others.map((arm) => [
        `prewarm/${arm}`,
        estimate(samples.prewarm.map((ms, round) => ms / samples[arm][round])),
      ]),
    ),
    samples,
  }
}

function estimate(samples) {
  return bootstrapMedian(samples, { random: seededRandom(1) })
}

function progress(text) {
  process.stderr.write(`${text}\n`)
}

async function show() {
  const { renderTable } = await import('../dist/cli/render/table.js')
  const within = ({ median, low, high }, digits) =>
    `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
  const right = (title) => ({ title, align: 'right' })
  const rows = results.flatMap(({ command, wall, cpu }) =>
    Object.keys(wall.ms).map((arm) => {
      const cells = [wall, cpu].flatMap((measure) => {
        if (measure === null) return ['-', '-']
        const ratio = measure.ratios[`prewarm/${arm}`]
        return [within(measure.ms[arm], 0), ratio === undefined ? '-' : within(ratio, 3)]
      })
      return [command, arm, ...cells]
    }),
  )
  const columns = [
    { title: 'command' },
    { title: 'arm' },
    right('wall time, ms'),
    right('prewarm / arm'),
    right('processor time, ms'),
    right('prewarm / arm'),
  ]
  console.log(renderTable(columns, rows))
  for (const { command, replay } of results) {
    const skipped = Object.entries(replay.codeCache.skipped).map(([reason, n]) => `${n} ${reason}`)
    const caches = [`${replay.codeCache.applied} code caches applied`, ...skipped].join(', ')
    console.log(`${command}: ${replay.reason ?? replay.outcome}, ${caches}`)
  }
  console.log(
    `\nMedians of ${runs} interleaved runs on ${node} and of their paired ratios, 95 % interval in brackets.`,
  )
}
