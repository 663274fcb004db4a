import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  prewarm,
  readProfile,
  record,
  replayer,
  reportOf,
  root,
  runToEnd,
  scratchFolder,
  startService,
  type Ended,
} from './harness.ts'

const scratch = scratchFolder()
const recorder = pathToFileURL(path.join(root, 'dist', 'recorder', 'preload.js')).href

describe.each(nodeLines)('on Node %s', (line, node) => {
  const folder = path.join(scratch, line)
  const script = path.join(folder, 'bare.cjs')
  const profile = path.join(folder, 'app.prewarm')
  const configNames = ['prewarm.config.js', 'prewarm.config.mjs', 'prewarm.config.json']

  beforeAll(async () => {
    mkdirSync(folder)
    for (const name of ['bare.cjs', 'late.cjs', 'package.json']) {
      copyFileSync(app(name), path.join(folder, name))
    }
    await record(node, script, profile, (url) => ask(url, ['/', '/items/1']))
  })
  beforeEach(() => {
    for (const name of configNames) rmSync(path.join(folder, name), { force: true })
  })

  const write = (name: string, content: string): void => {
    writeFileSync(path.join(folder, name), content)
  }
  const start = (env: NodeJS.ProcessEnv = {}): ReturnType<typeof startService> =>
    startService(node, ['--import', replayer, script], env)
  const reportWith = async (env: NodeJS.ProcessEnv = {}): Promise<RunReport> => {
    // That of an earlier start could be taken for that of this one.
    rmSync(`${profile}.report.json`, { force: true })
    const service = await start(env)
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(service.stderr()).toBe('')
    return report
  }
  /** What a service that was started so says on stderr; it serves. */
  const complaintWith = async (env: NodeJS.ProcessEnv = {}): Promise<string> => {
    rmSync(`${profile}.report.json`, { force: true })
    const service = await start(env)
    expect(await get(service.url)).toContain('"url":"/"')
    await service.stop()
    expect(existsSync(`${profile}.report.json`)).toBe(false)
    return service.stderr()
  }
  const runStrict = (env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    runToEnd(node, ['--import', replayer, script], { PORT: '0', ...env })

  it.each([
    ['prewarm.config.js', "module.exports = { replay: { profile: 'app.prewarm', rounds: 3 } }"],
    [
      'prewarm.config.mjs',
      "const rounds = 1 + 2\nexport default { replay: { profile: './app.prewarm', rounds } }",
    ],
    ['prewarm.config.json', '{ "replay": { "profile": "app.prewarm", "rounds": 3 } }'],
  ])('%s beside the package.json is enough, and the environment overrides it', async (...file) => {
    write(...file)
    expect(await reportWith()).toMatchObject({ outcome: 'applied', rehearsal: { rounds: 3 } })
    expect((await reportWith({ PREWARM_ROUNDS: '2' })).rehearsal.rounds).toBe(2)
  })

  it('PREWARM_CONFIG names a file elsewhere, and its paths start there', async () => {
    write('prewarm.config.json', '{ "replay": { "rounds": 3 } }')
    const elsewhere = path.join(scratch, `elsewhere-${line}.json`)
    const named = path.join(line, 'app.prewarm')
    writeFileSync(elsewhere, JSON.stringify({ replay: { profile: named, rounds: 2 } }))
    expect((await reportWith({ PREWARM_CONFIG: elsewhere })).rehearsal.rounds).toBe(2)
  })

  it('mode off in the file touches nothing, unless the environment has another', async () => {
    write('prewarm.config.json', '{ "replay": { "profile": "app.prewarm", "mode": "off" } }')
    expect(await complaintWith()).toBe('')
    expect((await reportWith({ PREWARM_MODE: 'auto' })).outcome).toBe('applied')
  })

  it.each([
    ['{ "replay": { "rehears": [] } }', 'there is no setting replay.rehears', 'mean rehearse?'],
    ['{ "replay": { "budget": "soon" } }', 'replay.budget: soon cannot be used', '500ms, 2s or 1m'],
    ['{ "replay": ', 'prewarm.config.json: ', 'names another file'],
  ])('%s: cold with a warning, and no start in strict mode', async (content, ...texts) => {
    write('prewarm.config.json', content)
    const env = { PREWARM_PROFILE: profile }
    const complaint = await complaintWith(env)
    expect(complaint).toContain('PREWARM_CONFIG_INVALID')
    const strict = await runStrict({ ...env, PREWARM_MODE: 'strict' })
    expect(strict).toMatchObject({ code: 1, stdout: '' })
    expect(strict.stderr).toContain('ERR_PREWARM_RPL_STRICT: CONFIG_INVALID')
    for (const text of texts) {
      expect(complaint).toContain(text)
      expect(strict.stderr).toContain(text)
    }
  })

  it('a file that asks for strict mode gets it for its own mistakes', async () => {
    write('prewarm.config.mjs', "export default { replay: { mode: 'strict', bugdet: '2s' } }")
    expect(await runStrict()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Did you mean budget?') as unknown,
    })
    expect(await complaintWith({ PREWARM_MODE: 'auto' })).toContain('Did you mean budget?')
  })

  it('a file that throws, or would have to be waited for, does not keep the service from starting', async () => {
    write('prewarm.config.mjs', "throw new Error('disk on fire')")
    expect(await complaintWith({ PREWARM_PROFILE: profile })).toContain('disk on fire')
    write('prewarm.config.mjs', 'await new Promise(() => {})\nexport default {}')
    expect(await complaintWith({ PREWARM_PROFILE: profile })).toContain('top-level await')
  })

  it('the recorder takes its section, and records nothing when there is a mistake', async () => {
    const out = path.join(folder, 'recorded.prewarm')
    rmSync(out, { force: true })
    const recordOnce = async (): Promise<string> => {
      const service = await startService(node, ['--import', recorder, script])
      await ask(service.url, ['/?tenant=acme'])
      await service.stop()
      return service.stderr()
    }
    write('prewarm.config.json', '{ "record": { "out": "recorded.prewarm", "quite": true } }')
    expect(await recordOnce()).toContain('ERR_PREWARM_CFG_KEY')
    expect(existsSync(out)).toBe(false)
    const record = { out: 'recorded.prewarm', quiet: true, redact: ['tenant'] }
    write('prewarm.config.json', JSON.stringify({ record }))
    expect(await recordOnce()).toBe('')
    expect(readProfile(out).meta.redactedKeys).toContain('tenant')
    expect(readProfile(out).modules.map(({ id }) => id)).not.toContain('prewarm.config.json')
  })

  it('the command line finds the file of the application that it runs', async () => {
    const out = path.join(folder, 'told.prewarm')
    rmSync(out, { force: true })
    write(
      'prewarm.config.mjs',
      "export default { record: { out: 'told.prewarm' }, replay: { profile: 'told.prewarm' } }",
    )
    const print = ['--', node, script]
    const service = await startService(process.execPath, [cli, 'record', ...print])
    await ask(service.url, ['/'])
    await service.stop()
    expect(existsSync(out)).toBe(true)
    expect(await prewarm(['record', ...print])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`ERR_PREWARM_CLI_EXISTS: ${out} exists`) as unknown,
    })
    const plan = await prewarm(['plan', '--app', folder, '--json', '--allow', 'unknown'])
    expect(JSON.parse(plan.stdout)).toMatchObject({ profile: out, rehearsedShare: 1 })
    const refused = await prewarm([
      'plan',
      '--app',
      folder,
      '--skip',
      'GET /*',
      '--min-rehearsed=1%',
    ])
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('0.0%') as unknown })
    const env = { PREWARM_ROUNDS: '2', PORT: '0' }
    const run = await startService(process.execPath, [cli, 'run', ...print], env)
    expect((await reportOf(`${out}.report.json`)).outcome).toBe('applied')
    await run.stop()
  })
})
