import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  record,
  replay,
  replayer,
  reportOf,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()

describe.each(nodeLines)('on Node %s', (line, node) => {
  const profile = path.join(folder, `trouble-${line}.prewarm`)
  const report = `${profile}.report.json`

  beforeAll(async () => {
    await record(node, app('trouble.cjs'), profile, (url) => ask(url, ['/', '/other']))
  })

  /** A start with a trouble: the service has to be there afterwards, and silent. */
  const survive = async (
    trouble: string,
    env: NodeJS.ProcessEnv = {},
    whileServing?: (url: string) => Promise<void>,
  ): Promise<RunReport> => {
    const own = path.join(folder, `${trouble}-${line}.json`)
    const service = await replay(node, app('trouble.cjs'), profile, {
      TROUBLE: trouble,
      PREWARM_BUDGET: '60s',
      PREWARM_ROUNDS: '6',
      PREWARM_REPORT: own,
      ...env,
    })
    expect(await get(service.url)).toBe('ok')
    await whileServing?.(service.url)
    const written = await reportOf(own)
    expect(await service.stop()).toBe('SIGTERM')
    expect(service.stderr()).toBe('')
    return written
  }

  it('what fails in the background after a rehearsed answer does not end the process', async () => {
    const { rehearsal } = await survive('aftermath', {}, async (url) => {
      for (;;) {
        const [failed, rehearsed] = (await get(`${url}/failed`)).split(' of ')
        if (failed === rehearsed) break
      }
    })
    expect(rehearsal.requests).toBeGreaterThan(0)
  })

  it('process.exit under a name of its own does not end the process', async () => {
    const { rehearsal } = await survive('exit')
    expect(rehearsal).toMatchObject({ applied: 0, stopped: 'REQUEST_FAILED' })
  })

  it('monitors of uncaught exceptions do not hear of those of a rehearsal', async () => {
    const { rehearsal } = await survive('monitor')
    expect(rehearsal.requests).toBeGreaterThan(0)
  })

  it('where errors cannot be contained, nothing is rehearsed, and the port opens', async () => {
    const { rehearsal } = await survive('readonly')
    expect(rehearsal).toMatchObject({ applied: 0, rounds: 0, stopped: 'INTERNAL_ERROR' })
  })

  it('one pause of the machine drops no request', async () => {
    const { rehearsal } = await survive('pause')
    expect(rehearsal).toMatchObject({ applied: 2, skipped: {}, stopped: 'cap' })
  })

  it('a service that is not ready at first is rehearsed when it is', async () => {
    const { rehearsal } = await survive('unready', { PREWARM_ROUNDS: '1000' })
    expect(rehearsal).toMatchObject({ applied: 2, skipped: {} })
  })

  it('modules are left to Node once the application turns source maps on', async () => {
    const { codeCache } = await survive('source maps')
    // From Node 22 on all of them are Node's, with our cache.
    expect(codeCache).toEqual(
      line === '20' ? { applied: 1, skipped: { NOT_LOADED: 1 } } : { applied: 2, skipped: {} },
    )
  })

  it('a signal ends the process when the application no longer listens to it', async () => {
    const child = spawn(node, ['--import', replayer, app('trouble.cjs')], {
      env: { ...process.env, TROUBLE: 'signal', PORT: '0', PREWARM_PROFILE: profile },
    })
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM'])
  })

  it('helpers that inherit the environment are left alone, in strict mode too', async () => {
    // Not Node itself: all Node processes below get the replayer, as with `npm start`.
    const run = [cli, 'run', '-p', profile, '--mode', 'strict', '--rounds', '1', '--budget', '60s']
    const service = await startService(process.execPath, [
      ...[...run, '--', 'env', node, app('wrapper.cjs'), 'trouble.cjs'],
    ])
    const before = await reportOf(report)
    expect(JSON.parse(await get(`${service.url}/helper`))).toEqual([0, '1\n', ''])
    expect(await reportOf(report)).toEqual(before)
    expect(before).toMatchObject({ mode: 'strict', outcome: 'applied' })
    await service.stop()
  })

  it('a cluster worker that takes requests only after listen() is not held', async () => {
    const late = path.join(folder, `late-${line}.prewarm`)
    const script = app('cluster-late.cjs')
    await record(node, script, late, (url) => ask(url, ['/']), { PORT: String(await freePort()) })
    const service = await replay(node, script, late, { PORT: String(await freePort()) })
    expect(await get(service.url)).toBe('ok')
    await service.stop()
    expect(service.stderr()).toBe('')
  })
})

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
