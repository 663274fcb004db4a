import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CompareReport } from '../formats/compare-report.ts'
import { parseResults, type Results } from '../formats/results.ts'
import {
  app,
  ask,
  cli,
  nodeLines,
  prewarm,
  record,
  runToEnd,
  scratchFolder,
  until,
} from './harness.ts'

const folder = scratchFolder()
const inFolder = (name: string): string => path.join(folder, name)
const script = app('bare.cjs')
const [line, node] = nodeLines[0] ?? ['', '']
const requests = inFolder('requests.json')
const env = { PORT: '0' }

beforeAll(() => {
  const paths = ['/', '/late']
  writeFileSync(requests, JSON.stringify(paths.map((each) => ({ method: 'GET', path: each }))))
})

/** Two arms that are the same. */
const plain = ['--arms', 'cold', '--arm', 'again=cold', '--requests', requests, '--rounds', '5']

function compare(...args: readonly string[]): ReturnType<typeof prewarm> {
  return prewarm(['compare', ...args], env)
}

function saved(file: string): Results {
  return parseResults(readFileSync(file, 'utf8'))
}

describe('a measurement that is saved', () => {
  const file = inFolder('results.jsonl')
  const measured = [...plain, '--runs', '3', '--save', file]
  const service = ['--', node, script]

  it('survives Ctrl-C and a torn line, and is resumed without repeating a start', async () => {
    const child = spawn(process.execPath, [cli, 'compare', ...measured, ...service], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += String(text)))
    const ended = once(child, 'close')
    await until(() => existsSync(file) && readFileSync(file, 'utf8').split('\n').length >= 4)
    child.kill('SIGINT')
    expect((await ended)[1]).toBe('SIGINT')
    const { runs: early } = saved(file)
    expect(stderr).toContain(`${early.length} of 6 starts are in ${file}: go on with`)
    expect(early.length).toBeGreaterThanOrEqual(2)
    expect(early.length).toBeLessThan(6)

    appendFileSync(file, '{"type":"run","arm":"cold","run":3,')
    const resumed = await compare(...measured, '--resume', ...service)
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain(`${early.length} starts saved earlier.`)
    const { runs } = saved(file)
    expect(runs.slice(0, early.length)).toEqual(early)
    expect(runs.map(({ run, arm }) => `${run} ${arm}`)).toEqual([
      ...['1 cold', '1 again', '2 again', '2 cold', '3 cold', '3 again'],
    ])
    expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true)
  })

  it('may ask for more runs, and ends when its time is spent', async () => {
    const more = [...plain, '--runs', '9', '--save', file, '--resume', '--time-budget', '1ms']
    const { code, stdout, stderr } = await compare(...more, ...service)
    expect(code).toBe(0)
    expect(stderr).toContain('Ended after 4 of 9 runs: the time budget of 1ms is spent.')
    expect(stdout).toContain('warning: 4 of 9 runs of every arm were measured.')
    expect(saved(file).runs).toHaveLength(8)
  })

  it('is neither overwritten nor mixed with another one', async () => {
    const before = readFileSync(file)
    const again = await compare(...measured, ...service)
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toContain('ERR_PREWARM_CLI_EXISTS')
    const other = await compare(...measured, '--runs', '9', '--rounds', '6', '--resume', ...service)
    expect(other).toMatchObject({ code: 2, stdout: '' })
    expect(other.stderr).toContain('rounds: 5 there, 6 here')
    expect(readFileSync(file)).toEqual(before)
  })

  it('is shown again without a command, as table and as every export', async () => {
    const files = ['csv', 'json', 'md', 'junit', 'html'].map((format) => inFolder(`r.${format}`))
    const exports = files.flatMap((each) => ['--export', `${path.extname(each).slice(1)}=${each}`])
    const { code, stdout } = await compare('--from', file, ...exports)
    expect(code).toBe(0)
    expect(stdout).toContain(`${node} ${script} on Node v`)
    const [csv = '', json = '', md, junit, html] = files.map((each) => readFileSync(each, 'utf8'))
    expect(csv.trim().split('\r\n')).toHaveLength(9)
    expect(md).toContain('| time to listen |')
    expect(junit).toContain('<testcase classname="prewarm.verdict" name="again"')
    expect(html).toContain('<!doctype html>')
    const printed = await compare('--from', file, '--json')
    expect(printed.stdout).toBe(json)
    const { arms, runs } = JSON.parse(json) as CompareReport
    expect(arms.map(({ name }) => name)).toEqual(['cold', 'again'])
    expect(runs).toBe(4)
    const alone = await compare('--from', file, '--export', 'csv')
    expect(alone.stdout).toBe(csv)
  })

  it('is evaluated otherwise where that is asked for', async () => {
    const condition = ['--fail-if', 'cold.timeToListenMs/again > 0.0001']
    const { code, stderr } = await compare('--from', file, '--against', 'again', ...condition)
    expect(stderr).toContain('✗ fail if cold.timeToListenMs/again > 0.0001: ')
    expect(code).toBe(3)
  })

  it('is a baseline for another one, and so is its report', async () => {
    const against = ['--fail-if', 'cold.timeToListenMs/baseline > 1.5']
    const same = await compare('--from', file, '--baseline', file, ...against)
    expect(same.code).toBe(0)
    expect(same.stdout).toMatch(/time to listen +x1\.00 \(/)
    expect(same.stderr).toContain('✓ fail if cold.timeToListenMs/baseline > 1.5: 1.00 (')
    const report = await compare('--from', file, '--baseline', inFolder('r.json'), ...against)
    expect(report.stderr).toContain('✓ fail if cold.timeToListenMs/baseline > 1.5: 1.00\n')
  })
})

it.runIf(process.platform === 'linux')(
  'a disk that is full under way costs the start that no longer fits, and no other',
  async () => {
    const file = inFolder('full.jsonl')
    const options = [...plain, '--rounds', '600', '--runs', '2', '--save', file]
    const args = ['compare', ...options, '--', node, script]
    // Blocks of 512 bytes: the plan and one start are about 7 KB.
    const limited = ['-c', 'ulimit -f 20; exec "$@"', 'sh', process.execPath, cli, ...args]
    const full = await runToEnd('sh', limited, env)
    expect(full).toMatchObject({ code: 1, stdout: '' })
    expect(full.stderr).toContain('1 of 4 starts are in')
    expect(full.stderr).toContain('ERR_PREWARM_CLI_WRITE')
    expect(full.stderr).toContain('go on with --resume')
    expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true)
    const [first] = saved(file).runs
    expect((await compare(...options, '--resume', '--', node, script)).code).toBe(0)
    const { runs } = saved(file)
    expect(runs).toHaveLength(4)
    expect(runs[0]).toEqual(first)
  },
)

it('where no arm can be measured, that is an error and not an empty table', async () => {
  const options = ['compare', '--arms', 'node-compile-cache', '--requests', requests]
  const { code, stdout, stderr } = await prewarm([...options, '--', node, script], {
    ...env,
    NODE_DISABLE_COMPILE_CACHE: '1',
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/No arm can be measured. node-compile-cache: Node.* compile cache/)
})

it('an open loop is a load of its own, and says how late it sent', async () => {
  const file = inFolder('open.jsonl')
  const options = ['--runs', '1', '--rate', '200', '--save', file]
  const { code, stdout, stderr } = await compare(...plain, ...options, '--', node, script)
  expect(code).toBe(0)
  expect(stderr).toContain('Open loop: the requests of a start take 50.0 ms.')
  expect(stdout).toContain('open loop at 200 requests a second')
  const { plan, runs } = saved(file)
  expect(plan.load).toEqual({ kind: 'open', ratePerSecond: 200 })
  for (const { sendDelayP99Ms, latenciesMs, statuses } of runs) {
    expect(sendDelayP99Ms).not.toBeNull()
    expect(latenciesMs.every((ms) => ms > 0)).toBe(true)
    expect(new Set(statuses)).toEqual(new Set([200]))
  }
})

it('cold starts with variables, commands, other profiles and other Nodes are arms', async () => {
  const profile = inFolder('bare.prewarm')
  await record(node, script, profile, (url) => ask(url, ['/', '/late']))
  const wrapper = inFolder('wrapper.cjs')
  writeFileSync(wrapper, `require(${JSON.stringify(script)})`)
  const [other] = nodeLines.filter(([each]) => each !== line)
  const file = inFolder('arms.jsonl')
  const arms = [
    ...['--arm', 'lite=cold NODE_OPTIONS=--max-old-space-size=256'],
    ...['--arm', `own=-- ${node} '${wrapper}'`],
    ...['--arm', `same=PREWARM_PROFILE=${path.relative(process.cwd(), profile)}`],
    ...(other === undefined ? [] : ['--arm', `other=-- ${other[1]} ${script}`]),
  ]
  const options = ['--runs', '2', '--rounds', '5', '--save', file, '--json']
  const { code, stdout } = await compare(
    ...['-p', profile, '--arms', 'cold', ...arms, ...options, '--', node, script],
  )
  expect(code).toBe(0)
  const { plan, runs } = saved(file)
  expect(plan.arms.map(({ name, kind, setting }) => [name, kind, setting])).toEqual([
    ['cold', 'cold', ''],
    ['lite', 'cold', 'cold NODE_OPTIONS=--max-old-space-size=256'],
    ['own', 'command', `-- ${node} '${wrapper}'`],
    ['same', 'replay', `PREWARM_PROFILE=${path.relative(process.cwd(), profile)}`],
    ...(other === undefined ? [] : [['other', 'command', `-- ${other[1]} ${script}`]]),
  ])
  const reported = new Set(runs.filter(({ report }) => report !== null).map(({ arm }) => arm))
  expect([...reported]).toEqual(['same'])
  const { replays, otherNodes, warnings } = JSON.parse(stdout) as CompareReport
  expect(replays.map(({ arm, summary }) => [arm, summary.outcome])).toEqual([['same', 'applied']])
  if (other === undefined) return
  expect(otherNodes).toEqual([{ arm: 'other', node: expect.any(String) as string }])
  expect(warnings.join('\n')).toContain('Not all runs are on one Node: cold, lite, own, same on v')
})
