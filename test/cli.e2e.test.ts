import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  prewarm,
  record,
  replayer,
  reportOf,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const node = process.execPath
const profile = path.join(folder, 'cli.prewarm')

describe('prewarm run: options go before the environment, the environment before defaults', () => {
  beforeAll(async () => {
    await record(node, app('bare.cjs'), profile, async (url) => {
      await ask(url, ['/'])
      await fetch(`${url}/orders`, { method: 'POST' })
    })
  })

  /** The report of a service that was started so, or undefined when nothing was replayed. */
  const reportWith = async (
    options: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<RunReport | undefined> => {
    const args = [cli, 'run', '-p', profile, ...options, '--', node, app('bare.cjs')]
    const report = env['PREWARM_REPORT'] ?? `${profile}.report.json`
    rmSync(report, { force: true })
    const service = await startService(node, args, { PREWARM_ROUNDS: '2', ...env })
    await get(service.url)
    const isCold = !options.includes('auto') && env['PREWARM_MODE'] === 'off'
    const result = isCold ? undefined : await reportOf(report)
    expect(await service.stop()).toBe(0)
    expect(existsSync(report)).toBe(!isCold)
    return result
  }

  it('PREWARM_MODE=off is a kill switch, and preloads nothing', async () => {
    expect(await reportWith([], { PREWARM_MODE: 'off' })).toBeUndefined()
    const print = ['--', node, '-p', 'process.execArgv.includes("--import")']
    const preloads = async (options: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
      (await prewarm(['run', '-p', profile, ...options, ...print], env)).stdout.trim()
    expect(await preloads([], {})).toBe('true')
    expect(await preloads([], { PREWARM_MODE: 'off' })).toBe('false')
    expect(await preloads(['--mode', 'off'], { PREWARM_MODE: 'auto' })).toBe('false')
  })

  it('PREWARM_PROFILE is enough, and -p overrides it', async () => {
    const used = async (options: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
      const print = ['--', node, '-p', 'process.env.PREWARM_PROFILE']
      return (await prewarm(['run', ...options, ...print], env)).stdout.trim()
    }
    const other = path.join(folder, 'other.prewarm')
    expect(await used([], { PREWARM_PROFILE: profile })).toBe(profile)
    expect(await used(['-p', other], { PREWARM_PROFILE: profile })).toBe(other)
    expect((await prewarm(['run', '--', node, '-p', '1'])).code).toBe(2)
  })

  it('a variable that does not exist is told by every command, and by no service', async () => {
    const env = { PREWARM_BUGDET: '1s', PREWARM_PROFILE: profile }
    const warning = 'prewarm: there is no variable PREWARM_BUGDET. Did you mean PREWARM_BUDGET?\n'
    const print = ['--', node, '-p', '1']
    const out = path.join(folder, 'none.prewarm')
    for (const args of [['plan'], ['run', ...print], ['record', '--quiet', '-o', out, ...print]])
      expect(await prewarm(args, env)).toMatchObject({ code: 0, stderr: warning })
    const service = await startService(node, ['--import', replayer, app('bare.cjs')], env)
    expect(await service.stop()).toBe(0)
    expect(service.stderr()).toBe('')
  })

  it('--mode overrides PREWARM_MODE', async () => {
    const report = await reportWith(['--mode', 'auto'], { PREWARM_MODE: 'off' })
    expect(report?.outcome).toBe('applied')
  })

  it('PREWARM_MODE=strict is not softened to auto', async () => {
    const missing = path.join(folder, 'missing.prewarm')
    const { code, stderr } = await prewarm(['run', '-p', missing, '--', node, app('bare.cjs')], {
      PREWARM_MODE: 'strict',
    })
    expect(code).toBe(1)
    expect(stderr).toContain('ERR_PREWARM_RPL_STRICT: NO_PROFILE')
  })

  it('PREWARM_REHEARSE counts unless --rehearse is given', async () => {
    const skipped = async (options: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
      (await reportWith(options, env))?.rehearsal.skipped.UNSAFE_METHOD ?? 0
    expect(await skipped([], {})).toBe(1)
    expect(await skipped([], { PREWARM_REHEARSE: 'POST /orders' })).toBe(0)
    expect(await skipped(['--rehearse', 'POST /x'], { PREWARM_REHEARSE: 'POST /orders' })).toBe(1)
    expect(await skipped(['--rehearse', 'POST /x', '--rehearse', 'POST /orders'], {})).toBe(0)
  })

  it('PREWARM_ROUNDS and PREWARM_REPORT count as they do without the command', async () => {
    const report = path.join(folder, 'elsewhere.json')
    const env = { PREWARM_ROUNDS: '3', PREWARM_REPORT: report }
    expect((await reportWith([], env))?.rehearsal.rounds).toBe(3)
    expect((await reportWith(['--rounds', '1'], env))?.rehearsal.rounds).toBe(1)
  })
})

describe('what cannot be used on the command line', () => {
  const never = ['--', node, '-e', 'console.log("started")']
  it.each([
    ['run', '--budget', 'banana'],
    ['run', '--rounds', 'x'],
    ['record', '--stop-after', '36000m'],
    ['record', '--stop-after', '0s'],
    ['compare', '--rounds', '99999999999'],
  ])('prewarm %s %s %s ends with 2 and the name of the option', async (command, option, value) => {
    const { code, stdout, stderr } = await prewarm([command, option, value, ...never])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`prewarm: ERR_PREWARM_CLI_USAGE: option '${option} <`)
  })

  it.each([
    ['inspect', 'nope'],
    ['compare', '-p', 'nope', ...never],
    ['compare', '--requests', 'nope', '--arms', 'cold', ...never],
  ])('a file that is missing ends with 1: %s %s', async (...args) => {
    const { code, stdout, stderr } = await prewarm(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('ERR_PREWARM_FMT_UNREADABLE: Cannot read nope: there is no such file')
  })
})

describe('prewarm record hands on what it was given', () => {
  const seen = async (options: readonly string[], name: string): Promise<string> => {
    const out = ['-o', path.join(folder, 'handed-on.prewarm'), '--force', '--quiet']
    const print = ['--', node, '-p', `process.env.${name}`]
    return (await prewarm(['record', ...out, ...options, ...print])).stdout.trim()
  }

  it('every --redact', async () => {
    const names = await seen(['--redact', 'x-a,b', '--redact', 'c'], 'PREWARM_REDACT')
    expect(names.split(',').filter((name) => name !== '')).toEqual(['x-a', 'b', 'c'])
  })

  it('--stop-after in whole milliseconds', async () => {
    expect(await seen(['--stop-after', '4.1m'], 'PREWARM_STOP_AFTER_MS')).toBe('246000')
  })
})

describe('ends as its command ends', () => {
  const command = (script: string): readonly string[] => {
    const options = ['run', '-p', profile, '--mode', 'off']
    return [node, cli, ...options, '--', 'sh', '-c', script]
  }
  const end = ([executable = '', ...args]: readonly string[]): object => {
    const { status, signal } = spawnSync(executable, args, { stdio: 'ignore' })
    return { status, signal }
  }

  it('with its exit code', () => {
    expect(end(command('exit 0'))).toEqual({ status: 0, signal: null })
    expect(end(command('exit 3'))).toEqual({ status: 3, signal: null })
  })

  it('by the signal that ended it', () => {
    expect(end(command('kill -KILL $$'))).toEqual({ status: null, signal: 'SIGKILL' })
    expect(end(command('kill -TERM $$'))).toEqual({ status: null, signal: 'SIGTERM' })
  })

  it('with 128 and the number of a signal that cannot end prewarm itself', () => {
    // Node ignores SIGPIPE.
    expect(end(command('kill -PIPE $$'))).toEqual({ status: 128 + 13, signal: null })
  })

  const unshare = ['unshare', '--pid', '--fork']
  const canBeProcess1 = spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0
  it.runIf(canBeProcess1)('as process 1 of a container, with 128 and the number', () => {
    const asProcess1 = (script: string): object => end([...unshare, ...command(script)])
    expect(asProcess1('kill -KILL $$')).toEqual({ status: 128 + 9, signal: null })
    expect(asProcess1('kill -TERM $$')).toEqual({ status: 128 + 15, signal: null })
    expect(asProcess1('exit 0')).toEqual({ status: 0, signal: null })
  })
})

describe.runIf(process.platform !== 'win32')('hands signals on', () => {
  /** Ends with 7 when it gets the signal, and with 1 if it never does. */
  const service = `
    process.on(process.argv[1], () => process.exit(7))
    setTimeout(() => process.exit(1), 60_000)
    console.log('http://ready')`

  it.each([
    'SIGABRT',
    'SIGALRM',
    'SIGCONT',
    'SIGHUP',
    'SIGINT',
    'SIGQUIT',
    'SIGTERM',
    'SIGUSR1',
    'SIGUSR2',
    'SIGWINCH',
  ] as const)('%s', async (signal) => {
    const options = ['run', '-p', profile, '--mode', 'off']
    const { stop } = await startService(node, [cli, ...options, '--', node, '-e', service, signal])
    expect(await stop(signal)).toBe(7)
  })
})

it.runIf(process.platform !== 'win32')('a signal that ends compare ends the service', async () => {
  const pidFile = path.join(folder, 'pid')
  const requests = path.join(folder, 'requests.json')
  writeFileSync(requests, '[{ "method": "GET", "path": "/" }]')
  // Written under another name first, so that nobody reads half of it.
  const service = `
    const fs = require('node:fs')
    fs.writeFileSync(process.argv[1] + '.tmp', String(process.pid))
    fs.renameSync(process.argv[1] + '.tmp', process.argv[1])
    setTimeout(() => {}, 60_000)`
  const options = ['compare', '--requests', requests, '--arms', 'cold', '--listen-timeout', '2m']
  // Where core files are written, they go with the folder.
  const compare = spawn(node, [cli, ...options, '--', node, '-e', service, pidFile], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = once(compare, 'exit')
  await expect.poll(() => existsSync(pidFile), { timeout: 60_000 }).toBe(true)
  compare.kill('SIGQUIT')
  expect(await ended).toEqual([null, 'SIGQUIT'])
  expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH')
})
