import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../../formats/report.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  record,
  replay,
  reportOf,
  scratchFolder,
} from '../harness.ts'

const folder = scratchFolder()
const url = '/?price=1&price=2'
/** With hooks, ES modules come out of a pack as well. */
const hasImports = (line: string): boolean => line !== '20'

interface Subject {
  readonly node: string
  readonly script: string
  readonly profile: string
}

async function recorded(node: string, name: string): Promise<Subject> {
  const copy = path.join(folder, name)
  cpSync(app('modules'), copy, { recursive: true })
  const script = path.join(copy, 'server.js')
  const profile = path.join(copy, 'app.prewarm')
  await record(node, script, profile, (base) => ask(base, [url], 10))
  return { node, script, profile }
}

async function start(
  { node, script, profile }: Subject,
  env: NodeJS.ProcessEnv = {},
): Promise<{ answer: string; report: RunReport }> {
  const service = await replay(node, script, profile, { PREWARM_ROUNDS: '1', ...env })
  const answer = await get(service.url + url)
  const report = await reportOf(`${profile}.report.json`)
  await service.stop()
  return { answer, report }
}

function packOf({ profile }: Subject): string {
  const cache = `${profile}.cache`
  const names = existsSync(cache)
    ? readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.pack'),
      )
    : []
  expect(names.length).toBeLessThan(2)
  return names[0] === undefined ? '' : path.join(cache, names[0])
}

/** The first start writes it once it has served for a while. */
async function written(subject: Subject): Promise<string> {
  const { node, script, profile } = subject
  const service = await replay(node, script, profile, { PREWARM_ROUNDS: '1' })
  while (packOf(subject) === '') await pause(50)
  await service.stop()
  return packOf(subject)
}

/** Of the same length, and with the times of before. */
function edit(file: string, from: string, to: string): void {
  const { atime, mtime } = statSync(file)
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
  utimesSync(file, atime, mtime)
}

describe.each(nodeLines)('the load pack on Node %s', (line, node) => {
  it('is written by the first start and used by the next one, which finds nothing stale', async () => {
    const subject = await recorded(node, `used-${line}`)
    const first = await start(subject, { PREWARM_LOAD_PACK: 'off' })
    expect(first.report.load).toBeUndefined()
    await written(subject)
    const { answer, report } = await start(subject)
    expect(answer).toBe(first.answer)
    expect(report.load).toEqual({ applied: expect.any(Number) as number, skipped: {} })
    // One CommonJS module; and the ES modules beside the entry.
    expect(report.load?.applied).toBeGreaterThanOrEqual(hasImports(line) ? 3 : 1)
    expect(report.stages.map(({ name }) => name)).toContain('load')
  })

  it('an edit is seen whatever times and size say, unless the image is trusted', async () => {
    const subject = await recorded(node, `edited-${line}`)
    await written(subject)
    const before = await start(subject)
    edit(path.join(path.dirname(subject.script), 'rates.cjs'), 'percent(20)', 'percent(30)')
    edit(path.join(path.dirname(subject.script), 'cart.js'), 'decimals = 2', 'decimals = 3')
    const trusted = await start(subject, { PREWARM_TRUST_BAKED: '1' })
    expect(trusted.report.load?.skipped).toEqual({})
    const after = await start(subject)
    expect(before.answer).toContain('3.60')
    expect(after.answer).toContain('3.900')
    expect(after.report.load?.skipped.LOAD_STALE).toBeGreaterThan(0)
    if (hasImports(line)) expect(trusted.answer).toBe(before.answer)
  })

  it('a damaged one is no harm', async () => {
    const subject = await recorded(node, `damaged-${line}`)
    const pack = await written(subject)
    const { answer } = await start(subject)
    const whole = readFileSync(pack)
    const damages: readonly (readonly [string, Buffer])[] = [
      ['empty', Buffer.alloc(0)],
      ['cut off in its head', whole.subarray(0, 20)],
      ['cut off in its index', whole.subarray(0, 400)],
      ['cut off in a module', whole.subarray(0, whole.length - 600)],
      ['zeros', Buffer.alloc(whole.length)],
      [
        'another byte in each kilobyte',
        Buffer.from(whole.map((byte, at) => (at % 1024 === 777 ? byte ^ 0xff : byte))),
      ],
    ]
    for (const [name, bytes] of damages) {
      writeFileSync(pack, bytes)
      const damaged = await start(subject)
      expect(damaged.answer, name).toBe(answer)
      expect(damaged.report.outcome, name).toBe('applied')
    }
  })

  it('baked, the first start uses it', async () => {
    const subject = await recorded(node, `baked-${line}`)
    const { script, profile } = subject
    const baked = await prewarm(['bake', '-p', profile, '--json', '--', node, script])
    expect(baked.code).toBe(0)
    const { pack } = JSON.parse(baked.stdout) as { pack: { file: string; modules: number } }
    expect(pack.file).toBe(packOf(subject))
    expect(pack.modules).toBeGreaterThan(0)
    const { report } = await start(subject)
    expect(report.load?.applied).toBeGreaterThan(0)
  })

  // To give the file to somebody else takes root.
  it.runIf(process.getuid?.() === 0)('what others could have written is not run', async () => {
    const subject = await recorded(node, `others-${line}`)
    const pack = await written(subject)
    expect(spawnSync('chown', ['65533', pack]).status).toBe(0)
    const { report } = await start(subject)
    expect(report.outcome).toBe('applied')
    expect(report.load).toBeUndefined()
  })
})
