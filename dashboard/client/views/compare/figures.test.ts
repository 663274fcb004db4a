import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../analysis/evaluate.ts'
import { formatRatio } from '../../../analysis/verdict.ts'
import type { Results, ResultsRun } from '../../../../formats/results.ts'
import { pairFiguresOf, ratioParts } from './key-figures.ts'
import { formatInterval, metricRows } from './metric-rows.ts'
import { replayStart } from './replay-links.ts'
import { routeRows } from './route-rows.ts'

/** Two routes over three rounds; `slow` is added to the first request of the first route. */
function runOf(arm: string, run: number, slow: number): ResultsRun {
  return {
    arm,
    run,
    at: `2026-01-01T00:00:0${run}.000Z`,
    node: 'v24.0.0',
    timeToListenMs: 100 + run,
    cpuMs: 50,
    rssBytes: 1e8,
    load1: null,
    sendDelayP99Ms: null,
    latenciesMs: Float64Array.of(10 + slow, 5, 10, 4, 10 + run / 100, 4),
    statuses: new Uint16Array(6).fill(200),
    report: null,
  }
}

function resultsOf(runs: number): Results {
  return {
    plan: {
      type: 'prewarm-results',
      schemaVersion: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      prewarm: '0.1.0',
      command: ['node', 'app.js'],
      runs,
      rounds: 3,
      seed: 1,
      against: null,
      load: { kind: 'closed', ratePerSecond: null },
      requests: [
        { route: 'GET /a', method: 'GET', path: '/a', recordedStatus: 200 },
        { route: 'GET /b', method: 'GET', path: '/b', recordedStatus: 200 },
      ],
      alsoRehearsed: 0,
      arms: (['cold', 'prewarm'] as const).map((name) => ({
        name,
        kind: name === 'cold' ? ('cold' as const) : ('replay' as const),
        mayStayCold: 'yes' as const,
        setting: '',
      })),
      profile: null,
      machine: { platform: 'linux', arch: 'x64', cpu: '', cores: 2, memoryBytes: 1 },
      notes: [],
    },
    runs: Array.from({ length: runs }, (_, index) => [
      runOf('cold', index + 1, 90 + index),
      runOf('prewarm', index + 1, 0),
    ]).flat(),
    leftOut: [],
  }
}

describe('key figures', () => {
  it('have the digits of the command line', () => {
    const [pair] = pairFiguresOf(evaluate(resultsOf(5)))
    const [first] = pair?.figures ?? []
    expect(pair).toMatchObject({ arm: 'prewarm', against: 'cold' })
    expect(pair?.figures.map(({ title }) => title)).toEqual([
      'First requests',
      'Time lost, 3 rounds',
      'Steady level',
      'Time to listen',
    ])
    expect(first).toMatchObject({ change: 'less', from: '107 ms', to: '15.0 ms' })
    if (first === undefined) return
    const { value, interval } = ratioParts(first.ratio)
    expect(`${value.slice(1)} (${interval?.replace('–', '-') ?? ''})`).toBe(
      formatRatio(first.ratio),
    )
  })

  it('say that a ratio of 1 is no difference', () => {
    const [pair] = pairFiguresOf(evaluate(resultsOf(5)))
    expect(pair?.figures.at(-1)).toMatchObject({ title: 'Time to listen', change: 'same' })
  })

  it('have no interval and no verdict under three runs', () => {
    const [pair] = pairFiguresOf(evaluate(resultsOf(2)))
    const [first] = pair?.figures ?? []
    expect(first?.change).toBe('unknown')
    expect(first && ratioParts(first.ratio).interval).toBeNull()
  })

  it('keep a minus in an interval apart from its dash', () => {
    const base = { arm: 'a', against: 'b', metric: 'timeLost50Ms', pairs: 5 } as const
    expect(ratioParts({ ...base, ratio: 0.2, low: -0.06, high: 0.91 })).toEqual({
      value: '×0.20',
      interval: '-0.06 to 0.91',
    })
    expect(ratioParts({ ...base, ratio: null, low: 0.5, high: null })).toEqual({
      value: '×∞',
      interval: '0.50–∞',
    })
  })
})

describe('rows of all figures', () => {
  it('do not repeat time lost beyond the rounds that were measured', () => {
    const titles = (rounds: number): string[] =>
      metricRows({ rounds })
        .map(({ title }) => title)
        .filter((title) => title.startsWith('Time lost'))
    expect(titles(30)).toEqual(['Time lost, first 10 rounds', 'Time lost, first 30 rounds'])
    expect(titles(500)).toHaveLength(3)
  })

  it('show no interval where both ends are equal', () => {
    expect(formatInterval('cpuMs', { median: 1, low: 1, high: 1 })).toBeNull()
    expect(formatInterval('rssBytes', { median: 1, low: 1024, high: 2048 })).toBe('1.00 – 2.00 KiB')
    expect(formatInterval('cpuMs', { median: 1, low: 899, high: 1100 })).toBe('899 ms – 1.10 s')
  })
})

describe('rows of routes', () => {
  it('have the route that gains most first', () => {
    const rows = routeRows(evaluate(resultsOf(3)))
    expect(rows.map(({ route, share }) => [route, share])).toEqual([
      ['GET /a', 1],
      ['GET /b', 0],
    ])
    expect(rows[0]?.savedMs).toBe(91)
  })
})

describe('replayStart', () => {
  it('is null for an arm without a report', () => {
    const results = resultsOf(1)
    const runs = results.runs.map(({ latenciesMs, statuses, ...facts }) => ({
      ...facts,
      firstRequestSumMs: latenciesMs.length + statuses.length,
      steadySumMs: 0,
    }))
    const view = { ...results, name: 'a', report: evaluate(results), runs }
    expect(replayStart(view, 'prewarm')).toBeNull()
  })
})
