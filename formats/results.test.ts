import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appliedReport } from './fixtures/run-report.ts'
import {
  formatLeftOut,
  formatPlan,
  formatRun,
  looksLikeResults,
  parseResults,
  toWholeMicros,
  type ResultsPlan,
  type ResultsRun,
} from './results.ts'

const plan: ResultsPlan = {
  type: 'prewarm-results',
  schemaVersion: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  prewarm: '0.1.0',
  command: ['node', 'app.js'],
  runs: 2,
  rounds: 2,
  seed: 1,
  against: null,
  load: { kind: 'closed', ratePerSecond: null },
  requests: [
    { route: 'GET /', method: 'GET', path: '/', recordedStatus: 200 },
    { route: 'GET /b', method: 'GET', path: '/b?c', recordedStatus: null },
  ],
  alsoRehearsed: 1,
  arms: [
    { name: 'cold', kind: 'cold', mayStayCold: 'yes', setting: '' },
    { name: 'prewarm', kind: 'replay', mayStayCold: 'no', setting: '' },
  ],
  profile: { name: 'app.prewarm', digest: 'ab'.repeat(32), mode: 'auto', budgetMs: 2000 },
  machine: { platform: 'linux', arch: 'x64', cpu: 'a CPU', cores: 2, memoryBytes: 1e9 },
  notes: ['One request was left out.'],
}

function runOf(arm: string, run: number, rest: Partial<ResultsRun> = {}): ResultsRun {
  return {
    arm,
    run,
    at: '2026-01-01T00:00:01.000Z',
    node: 'v24.0.0',
    timeToListenMs: 312.25,
    cpuMs: 900,
    rssBytes: 80e6,
    load1: 0.5,
    sendDelayP99Ms: null,
    latenciesMs: Float64Array.of(20.001, 3, 1.5, 0.999),
    statuses: Uint16Array.of(200, 200, 200, 404),
    report: arm === 'prewarm' ? appliedReport : null,
    ...rest,
  }
}

const runs = [runOf('cold', 1), runOf('prewarm', 1), runOf('prewarm', 2), runOf('cold', 2)]
const file = formatPlan(plan) + runs.map(formatRun).join('')

test('gives back what was written', () => {
  expect(looksLikeResults(file)).toBe(true)
  expect(parseResults(file)).toEqual({ plan, runs, leftOut: [] })
  const leftOut = [{ arm: 'prewarm', why: 'it would not start' }]
  expect(parseResults(formatPlan(plan) + leftOut.map(formatLeftOut).join(''))).toEqual({
    plan,
    runs: [],
    leftOut,
  })
})

test('a range of runs and the load of the client are kept where there are any', () => {
  const open = { ...plan, fewestRuns: 1, load: { kind: 'open', ratePerSecond: 0.5 } } as const
  const run = runOf('cold', 1, { sendDelayP99Ms: 0.25, clientCores: 0.1 })
  expect(parseResults(formatPlan(open) + formatRun(run))).toEqual({
    plan: open,
    runs: [run],
    leftOut: [],
  })
})

test('loses the last line only when a write broke off, wherever that was', () => {
  const whole = file.length - formatRun(runOf('cold', 2)).length
  fc.assert(
    fc.property(fc.integer({ min: whole + 1, max: file.length - 2 }), (end) => {
      expect(parseResults(file.slice(0, end)).runs).toEqual(runs.slice(0, 3))
    }),
  )
})

test('leaves out lines that are not what the plan says', () => {
  const short = formatRun(runOf('cold', 3, { latenciesMs: Float64Array.of(1, 2, 3) }))
  const fewStatuses = formatRun(runOf('cold', 3, { statuses: Uint16Array.of(200) }))
  const manyStatuses = formatRun(runOf('cold', 3)).replace('[200,3]', '[200,4000000000]')
  const foreign = formatRun(runOf('other', 3))
  const lines = [short, fewStatuses, manyStatuses, foreign, 'null\n', '[]\n', '{"type":"run"}\n']
  expect(parseResults(file + lines.join('')).runs).toEqual(runs)
})

test('a plan of more rounds than there is memory for has no runs', () => {
  const huge = formatPlan({ ...plan, rounds: 1e15 })
  expect(parseResults(huge + formatRun(runOf('cold', 1))).runs).toEqual([])
})

test('takes the later of two lines for the same start', () => {
  const again = runOf('cold', 1, { cpuMs: 1000 })
  expect(parseResults(file + formatRun(again)).runs[0]).toEqual(again)
})

test('a report that is none is no report', () => {
  const lying = formatRun(runOf('cold', 1)).replace('"report":null', '"report":{"schemaVersion":1}')
  expect(parseResults(formatPlan(plan) + lying).runs[0]?.report).toBeNull()
})

test('refuses a file without a plan, and one of a later version', () => {
  const codeOf = (content: string): unknown => {
    try {
      return parseResults(content)
    } catch (error) {
      return (error as { readonly code?: unknown }).code
    }
  }
  expect(codeOf('')).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf('{"type":"prewarm-results"}\n')).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf(formatRun(runOf('cold', 1)))).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf(formatPlan({ ...plan, schemaVersion: 2 }))).toBe('ERR_PREWARM_FMT_VERSION')
})

test('whole microseconds survive the file exactly', () => {
  fc.assert(
    fc.property(fc.float64Array({ min: 0, max: 1e5, noNaN: true, maxLength: 4 }), (values) => {
      const latenciesMs = new Float64Array(4)
      latenciesMs.set(values)
      const kept = toWholeMicros(latenciesMs)
      const [run] = parseResults(
        formatPlan(plan) + formatRun(runOf('cold', 1, { latenciesMs: kept })),
      ).runs
      expect(run?.latenciesMs).toEqual(kept)
    }),
  )
})
