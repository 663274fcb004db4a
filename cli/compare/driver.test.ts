import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appliedReport } from '../../formats/fixtures/run-report.ts'
import type { MeasureOptions, Measurement } from './driver.ts'
import type { MeasuredRequest } from './messages.ts'

// The probe and the client are processes of their own, so that the built files are what is tested.
const built = new URL('../../dist/cli/compare/driver.js', import.meta.url).href
const { measure } = (await import(built)) as typeof import('./driver.ts')

const hasCompileCache = Number(process.versions.node.split('.')[0]) >= 22

/** A metrics server listens first, the service itself second; a raw TCP listener is no HTTP server. */
const service = `
const http = require('node:http')
const answer = (request, response) => {
  let length = 0
  request.on('data', (chunk) => (length += chunk.length))
  request.on('end', () => {
    if (request.url === '/crash') {
      process.stderr.write('out of luck\\n', () => process.exit(7))
      return
    }
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.end(request.method + length)
  })
}
require('node:net').createServer().listen(0, '127.0.0.1', () => {
  http.createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1', () => {
    if (process.env.SOCKET) require('node:fs').rmSync(process.env.SOCKET, { force: true })
    http.createServer(answer).listen(process.env.SOCKET || 0)
  })
})
`

let folder = ''
let app = ''
let workDir = ''

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-test-'))
  workDir = mkdtempSync(path.join(tmpdir(), 'prewarm-work-'))
  app = path.join(folder, 'app.cjs')
  writeFileSync(app, service)
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(workDir, { recursive: true, force: true })
})

function request(method: string, target: string, body: string | null = null): MeasuredRequest {
  return {
    route: `${method} ${target}`,
    method,
    path: target,
    headers: {},
    body: body === null ? null : Buffer.from(body),
    recordedStatus: null,
  }
}

function optionsWith(rest: Partial<MeasureOptions> = {}): MeasureOptions {
  return {
    command: [process.execPath, app],
    env: process.env,
    arms: [{ name: 'cold', env: {}, preloads: [] }],
    requests: [request('GET', '/'), request('POST', '/', 'hello'), request('GET', '/missing')],
    serverOrdinal: 1,
    runs: 2,
    rounds: 5,
    ratePerSecond: null,
    listenTimeoutMs: 20_000,
    workDir,
    signal: new AbortController().signal,
    ...rest,
  }
}

function runsOf({ runs }: Measurement, name: string): Measurement['runs'] {
  return runs.filter(({ arm }) => arm === name)
}

test('measures two arms in turn, each run in a fresh process', async () => {
  const started: string[] = []
  const finished: string[] = []
  const measurement = await measure(
    optionsWith({
      arms: [
        { name: 'cold', env: {}, preloads: [] },
        { name: 'cold again', env: {}, preloads: [] },
      ],
      onStart: (run, arm) => started.push(`${run} ${arm}`),
      onFinish: ({ run, arm }) => finished.push(`${run} ${arm}`),
    }),
  )
  expect(measurement.leftOut).toEqual([])
  expect(started).toEqual(['1 cold', '1 cold again', '2 cold again', '2 cold'])
  expect(finished).toEqual(started)
  for (const name of ['cold', 'cold again']) {
    const runs = runsOf(measurement, name)
    expect(runs.map(({ run }) => run)).toEqual([1, 2])
    for (const run of runs) {
      expect(run.node).toBe(process.version)
      expect(run.report).toBeNull()
      expect(run.sendDelayP99Ms).toBeNull()
      expect(run.latenciesMs).toHaveLength(15)
      expect(run.latenciesMs.every((ms) => ms > 0 && Number.isFinite(ms))).toBe(true)
      expect(run.timeToListenMs).toBeGreaterThan(5)
      expect(run.cpuMs).toBeGreaterThan(5)
      expect(run.rssBytes).toBeGreaterThan(10e6)
      expect([...run.statuses.subarray(0, 6)]).toEqual([200, 200, 404, 200, 200, 404])
    }
  }
  expect(readdirSync(workDir)).toEqual([])
})

test('keeps what an arm reports, and no run finds what another one left', async () => {
  const arm = (name: string): MeasureOptions['arms'][number] => {
    const own = path.join(workDir, name)
    const reportFile = path.join(own, 'report.json')
    return { name, env: { OWN: own, REPORT: reportFile }, preloads: [], folder: own, reportFile }
  }
  const reporting = path.join(folder, 'reporting.cjs')
  writeFileSync(
    reporting,
    `const fs = require('node:fs')
    const found = fs.readdirSync(process.env.OWN).join()
    fs.writeFileSync(process.env.REPORT, JSON.stringify({ ...${JSON.stringify(appliedReport)}, detail: found }))
    ${service}`,
  )
  const measurement = await measure(
    optionsWith({ command: [process.execPath, reporting], arms: [arm('a'), arm('b')] }),
  )
  for (const name of ['a', 'b']) {
    const nothingFound = { ...appliedReport, detail: '' }
    expect(runsOf(measurement, name).map(({ report }) => report)).toEqual([
      nothingFound,
      nothingFound,
    ])
    rmSync(path.join(workDir, name), { recursive: true })
  }
})

test('starts that are done are not repeated, and keep their places', async () => {
  const cold = { env: {}, preloads: [] }
  const started: string[] = []
  const options = optionsWith({
    arms: ['a', 'b'].map((name) => ({ ...cold, name })),
    runs: 3,
    onStart: (run, arm) => started.push(`${run} ${arm}`),
    isDone: (run, arm) => run === 1 || (run === 2 && arm === 'b'),
  })
  const { runs } = await measure(options)
  expect(started).toEqual(['2 a', '3 a', '3 b'])
  expect(runs.map(({ run, arm }) => `${run} ${arm}`)).toEqual(started)
  const enough = await measure({ ...options, isEnough: (run, isNew) => run === 1 && !isNew })
  expect(enough.runs).toEqual([])
  expect(await measure({ ...options, isDone: () => true })).toEqual({ runs: [], leftOut: [] })
})

test('ends after the run that is enough', async () => {
  const { runs } = await measure(optionsWith({ runs: 5, isEnough: (run) => run === 2 }))
  expect(runs.map(({ run }) => run)).toEqual([1, 2])
})

test('an arm may have a command of its own, and its variables', async () => {
  const other = path.join(folder, 'other.cjs')
  writeFileSync(other, `if (process.env.OTHER !== 'yes') process.exit(1)\n${service}`)
  const { runs } = await measure(
    optionsWith({
      command: ['/no/such/node'],
      arms: [
        { name: 'own', command: [process.execPath, other], env: { OTHER: 'yes' }, preloads: [] },
      ],
      runs: 1,
    }),
  )
  expect(runs).toHaveLength(1)
})

test('sends at a rate when it is told to, and keeps how late it was', async () => {
  const { runs } = await measure(optionsWith({ runs: 1, ratePerSecond: 300 }))
  const [run] = runs
  expect(run?.latenciesMs).toHaveLength(15)
  expect([...(run?.statuses.subarray(0, 3) ?? [])]).toEqual([200, 200, 404])
  expect(run?.sendDelayP99Ms).toBeGreaterThanOrEqual(0)
  expect(run?.clientCores).toBeGreaterThanOrEqual(0)
})

test('asks the server with the given ordinal', async () => {
  const { runs } = await measure(optionsWith({ serverOrdinal: 0, runs: 1 }))
  expect([...(runs[0]?.statuses.subarray(0, 3) ?? [])]).toEqual([503, 503, 503])
})

test.runIf(process.platform !== 'win32')(
  'measures a service on a unix socket behind a script',
  async () => {
    const socket = path.join(folder, 'app.sock')
    const { runs } = await measure(
      optionsWith({
        command: ['sh', '-c', `"${process.execPath}" "${app}"; exit $?`],
        env: { ...process.env, SOCKET: socket },
        runs: 2,
      }),
    )
    expect(runs).toHaveLength(2)
    expect(runs[1]?.statuses[0]).toBe(200)
  },
)

test('fills the compile cache of Node first, or leaves the arm out with the reason', async () => {
  const compileCacheDir = path.join(folder, 'compile-cache')
  const { runs, leftOut } = await measure(
    optionsWith({
      arms: [
        { name: 'cold', env: {}, preloads: [] },
        {
          name: 'node-compile-cache',
          env: { NODE_COMPILE_CACHE: compileCacheDir },
          preloads: [],
          compileCacheDir,
        },
      ],
      runs: 1,
    }),
  )
  if (hasCompileCache) {
    expect(runs).toHaveLength(2)
    expect(readdirSync(compileCacheDir).length).toBeGreaterThan(0)
  } else {
    expect(runs).toHaveLength(1)
    expect(leftOut).toEqual([
      {
        arm: 'node-compile-cache',
        why: `Node ${process.version} has no compile cache of its own`,
      },
    ])
  }
})

test('a service that dies under way is a coded error with its last words', async () => {
  const requests = [request('GET', '/'), request('GET', '/crash')]
  await expect(measure(optionsWith({ requests }))).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_MEASURE',
    message: expect.stringContaining('out of luck') as string,
  })
})

test('a command that cannot be started, ends at once or never listens is a coded error', async () => {
  await expect(measure(optionsWith({ command: ['/no/such/node'] }))).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_SPAWN',
  })
  const throwing = [process.execPath, '-e', 'throw new Error("no database")']
  await expect(measure(optionsWith({ command: throwing }))).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_MEASURE',
    message: expect.stringContaining('no database') as string,
  })
  const idle = [process.execPath, '-e', 'setInterval(() => {}, 1000)']
  await expect(measure(optionsWith({ command: idle, listenTimeoutMs: 500 }))).rejects.toMatchObject(
    { code: 'ERR_PREWARM_CLI_NO_LISTEN' },
  )
})

test('an abort ends the service and the measurement', async () => {
  const abort = new AbortController()
  const reason = new Error('enough')
  const measuring = measure(
    optionsWith({
      rounds: 1_000_000,
      signal: abort.signal,
      onStart: () => {
        setTimeout(() => {
          abort.abort(reason)
        }, 300)
      },
    }),
  )
  await expect(measuring).rejects.toThrow('enough')
  expect(readdirSync(workDir)).toEqual([])
})
