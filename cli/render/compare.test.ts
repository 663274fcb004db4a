import { expect, test } from 'vitest'
import {
  metricNames,
  type ArmReplay,
  type ArmSummary,
  type CompareReport,
  type MetricName,
  type RatioEstimate,
  type ReplaySummary,
} from '../../formats/compare-report.ts'
import { renderCompare } from './compare.ts'

const cold: Readonly<Record<MetricName, number>> = {
  timeToListenMs: 312,
  firstRequestSumMs: 226,
  timeLost10Ms: 241,
  timeLost50Ms: 386,
  timeLost200Ms: 443,
  timeLost10PooledMs: 240,
  timeLost50PooledMs: 380,
  timeLost200PooledMs: 440,
  p99First10Ms: 72.1,
  steadySumMs: 20.9,
  cpuMs: 3400,
  rssBytes: 137e6,
}

function armOf(name: string, factor: number): ArmSummary {
  const metrics = Object.fromEntries(
    metricNames.map((metric) => {
      const median = cold[metric] * factor
      return [metric, { median, low: median * 0.9, high: median * 1.1 }]
    }),
  )
  return { name, metrics: metrics as ArmSummary['metrics'] }
}

function ratiosOf(against: string, factor: number, arm = 'prewarm'): readonly RatioEstimate[] {
  return metricNames.map((metric) => {
    const ratio = metric === 'steadySumMs' ? 1.01 : factor
    const [low, high] = [ratio * 0.9, ratio * 1.1]
    return { arm, against, metric, ratio, low, high, pairs: 10 }
  })
}

const replay: ReplaySummary = {
  outcome: 'applied',
  reason: null,
  detail: '',
  coldRuns: 0,
  modulesCached: 412,
  modulesPreloaded: 9,
  requestsRehearsed: 17,
  rounds: 96,
  stopped: 'BUDGET_SPENT',
  stages: [
    { name: 'codecache', ms: 12.3 },
    { name: 'rehearse', ms: 1850 },
  ],
}

function replayOf(arm: string, changes: Partial<ReplaySummary> = {}): ArmReplay {
  const summary = { ...replay, ...changes }
  return { arm, medianRounds: summary.rounds, summary, report: {} as ArmReplay['report'] }
}

const report: CompareReport = {
  schemaVersion: 1,
  node: 'v24.21.0',
  app: 'node server.js',
  runs: 10,
  rounds: 200,
  arms: [armOf('cold', 1), armOf('node-compile-cache', 0.95), armOf('prewarm', 0.14)],
  ratios: [
    ...ratiosOf('cold', 0.14),
    ...ratiosOf('node-compile-cache', 0.147),
    ...ratiosOf('cold', 0.95, 'node-compile-cache'),
  ],
  differences: [],
  requests: { list: ['GET /', 'GET /items/7', 'POST /graphql'], alsoRehearsed: 1 },
  replay,
  replays: [replayOf('prewarm')],
  curves: [],
  perRoute: [],
  verdict: 'prewarm: the first requests take 0.14 (0.13-0.15) of cold.',
  warnings: ['GET /items/7 is answered with 500 in every arm.'],
}

test('shows one table with a legend, what the replayer did, warnings and the verdict', () => {
  expect(renderCompare(report)).toMatchInlineSnapshot(`
    "node server.js on Node v24.21.0: 10 runs of every arm, 200 rounds of 3 requests each

                                    cold  node-compile-cache   prewarm  prewarm / cold       prewarm / node-compile-cache
    ---------------------------  -------  ------------------  --------  -------------------  ----------------------------
    time to listen                312 ms              296 ms   43.7 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    first requests, sum           226 ms              215 ms   31.6 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    p99 of the first 10 rounds   72.1 ms             68.5 ms   10.1 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    time lost, first 10 rounds    241 ms              229 ms   33.7 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    time lost, first 50 rounds    386 ms              367 ms   54.0 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    time lost, first 200 rounds   443 ms              421 ms   62.0 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
      first 50, common level      380 ms              361 ms   53.2 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    steady level, per round      20.9 ms             19.9 ms   2.93 ms  x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =
    CPU of the whole run          3.40 s              3.23 s    476 ms  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)
    memory at the end            131 MiB             124 MiB  18.3 MiB  x0.14 (0.13-0.15)    x0.15 (0.13-0.16)

    Medians over the runs; x0.25 means a quarter of the other arm, in brackets the 95 % interval; = marks no difference.
    first requests: the sum of the first latency of every distinct request.
    time lost: latency above the steady level, summed; what a start costs the users of those rounds.
    steady level: mean of the last third of the rounds, summed over the requests of a round.
    common level: the mean of the arms' steady levels, so that no arm wins by ending slow.
    1 of the 3 requests are also rehearsed, so that prewarm has practised them; the others it has never seen.

    replay: 412 modules from the code cache, 9 preloaded, 17 requests rehearsed for 96 rounds (codecache 12.3 ms, rehearse 1.85 s)

    warning: GET /items/7 is answered with 500 in every arm.

    prewarm: the first requests take 0.14 (0.13-0.15) of cold.
    "
  `)
})

test('does not repeat spans that the rounds do not reach, and says when there are no intervals', () => {
  const single = ratiosOf('cold', 0.2).map((ratio) => ({
    ...ratio,
    low: ratio.ratio,
    high: ratio.ratio,
    pairs: 1,
  }))
  const text = renderCompare({
    ...report,
    runs: 1,
    rounds: 30,
    arms: report.arms.filter(({ name }) => name !== 'node-compile-cache'),
    ratios: single.map((ratio) =>
      ratio.metric === 'timeLost10Ms' ? { ...ratio, ratio: null, low: null, high: null } : ratio,
    ),
    replay: null,
    replays: [],
    warnings: [],
  })
  expect(text.split('\n').slice(0, 13).join('\n')).toMatchInlineSnapshot(`
    "node server.js on Node v24.21.0: 1 run of every arm, 30 rounds of 3 requests each

                                   cold   prewarm  prewarm / cold
    --------------------------  -------  --------  --------------
    time to listen               312 ms   43.7 ms  x0.20
    first requests, sum          226 ms   31.6 ms  x0.20
    p99 of the first 10 rounds  72.1 ms   10.1 ms  x0.20
    time lost, first 10 rounds   241 ms   33.7 ms  x∞
    time lost, first 30 rounds   386 ms   54.0 ms  x0.20
      first 30, common level     380 ms   53.2 ms  x0.20
    steady level, per round     20.9 ms   2.93 ms  x1.01
    CPU of the whole run         3.40 s    476 ms  x0.20
    memory at the end           131 MiB  18.3 MiB  x0.20"
  `)
  expect(text).toContain('no intervals: too few runs')
  expect(text).not.toContain('replay:')
  expect(text).not.toContain('warning:')
})

test('says in one line that the replayer stayed cold', () => {
  const replays = [replayOf('prewarm', { outcome: 'cold', reason: 'TAG_MISMATCH' })]
  expect(renderCompare({ ...report, replays })).toContain('\nreplay: cold (TAG_MISMATCH)\n')
})

test('many arms have a table of ratios for each that they are compared with', () => {
  const names = ['cold', 'node-compile-cache', 'prewarm', 'cache', 'natives', 'natives+short']
  const text = renderCompare({
    ...report,
    arms: names.map((name, index) => armOf(name, 1 / (index + 1))),
    ratios: [
      ...report.ratios,
      ...names.slice(3).flatMap((name) => ratiosOf('prewarm', 0.9, name)),
      ...names.slice(3).flatMap((name) => ratiosOf('cold', 0.13, name)),
    ],
    replays: [replayOf('prewarm'), replayOf('natives')],
    verdict: 'prewarm: well.\nnatives: well.',
  })
  expect(text).toMatchInlineSnapshot(`
    "node server.js on Node v24.21.0: 10 runs of every arm, 200 rounds of 3 requests each

                                    cold  node-compile-cache   prewarm     cache   natives  natives+short
    ---------------------------  -------  ------------------  --------  --------  --------  -------------
    time to listen                312 ms              156 ms    104 ms   78.0 ms   62.4 ms        52.0 ms
    first requests, sum           226 ms              113 ms   75.3 ms   56.5 ms   45.2 ms        37.7 ms
    p99 of the first 10 rounds   72.1 ms             36.0 ms   24.0 ms   18.0 ms   14.4 ms        12.0 ms
    time lost, first 10 rounds    241 ms              121 ms   80.3 ms   60.3 ms   48.2 ms        40.2 ms
    time lost, first 50 rounds    386 ms              193 ms    129 ms   96.5 ms   77.2 ms        64.3 ms
    time lost, first 200 rounds   443 ms              222 ms    148 ms    111 ms   88.6 ms        73.8 ms
      first 50, common level      380 ms              190 ms    127 ms   95.0 ms   76.0 ms        63.3 ms
    steady level, per round      20.9 ms             10.4 ms   6.97 ms   5.22 ms   4.18 ms        3.48 ms
    CPU of the whole run          3.40 s              1.70 s    1.13 s    850 ms    680 ms         567 ms
    memory at the end            131 MiB            65.3 MiB  43.6 MiB  32.7 MiB  26.1 MiB       21.8 MiB

    against cold                 prewarm              cache                natives              natives+short
    ---------------------------  -------------------  -------------------  -------------------  -------------------
    time to listen               x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    first requests, sum          x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    p99 of the first 10 rounds   x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    time lost, first 10 rounds   x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    time lost, first 50 rounds   x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    time lost, first 200 rounds  x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
      first 50, common level     x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    steady level, per round      x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =
    CPU of the whole run         x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)
    memory at the end            x0.14 (0.13-0.15)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)    x0.13 (0.12-0.14)

    against node-compile-cache   prewarm
    ---------------------------  -------------------
    time to listen               x0.15 (0.13-0.16)
    first requests, sum          x0.15 (0.13-0.16)
    p99 of the first 10 rounds   x0.15 (0.13-0.16)
    time lost, first 10 rounds   x0.15 (0.13-0.16)
    time lost, first 50 rounds   x0.15 (0.13-0.16)
    time lost, first 200 rounds  x0.15 (0.13-0.16)
      first 50, common level     x0.15 (0.13-0.16)
    steady level, per round      x1.01 (0.91-1.11) =
    CPU of the whole run         x0.15 (0.13-0.16)
    memory at the end            x0.15 (0.13-0.16)

    against prewarm              cache                natives              natives+short
    ---------------------------  -------------------  -------------------  -------------------
    time to listen               x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    first requests, sum          x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    p99 of the first 10 rounds   x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    time lost, first 10 rounds   x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    time lost, first 50 rounds   x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    time lost, first 200 rounds  x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
      first 50, common level     x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    steady level, per round      x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =
    CPU of the whole run         x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)
    memory at the end            x0.90 (0.81-0.99)    x0.90 (0.81-0.99)    x0.90 (0.81-0.99)

    Medians over the runs; x0.25 means a quarter of the other arm, in brackets the 95 % interval; = marks no difference.
    first requests: the sum of the first latency of every distinct request.
    time lost: latency above the steady level, summed; what a start costs the users of those rounds.
    steady level: mean of the last third of the rounds, summed over the requests of a round.
    common level: the mean of the arms' steady levels, so that no arm wins by ending slow.
    1 of the 3 requests are also rehearsed, so that prewarm has practised them; the others it has never seen.

    replay: 412 modules from the code cache, 9 preloaded, 17 requests rehearsed for 96 rounds (codecache 12.3 ms, rehearse 1.85 s)
    replay of natives: 412 modules from the code cache, 9 preloaded, 17 requests rehearsed for 96 rounds (codecache 12.3 ms, rehearse 1.85 s)

    warning: GET /items/7 is answered with 500 in every arm.

    prewarm: well.
    natives: well.
    "
  `)
})

test('the heading has the other Nodes and the load, the tables the baseline', () => {
  const baseline = {
    name: 'main.jsonl',
    runs: 12,
    ratios: [...ratiosOf('baseline', 1.3), ...ratiosOf('baseline', 1, 'cold')],
  }
  const otherNodes = [{ arm: 'old', node: 'v22.1.0' }]
  const load = { kind: 'open', ratePerSecond: 200 } as const
  const lines = renderCompare({ ...report, otherNodes, load, baseline }).split('\n')
  expect(lines[0]).toBe(
    'node server.js on Node v24.21.0 (old on v22.1.0): 10 runs of every arm, 200 rounds of 3 requests each, open loop at 200 requests a second',
  )
  const from = lines.findIndex((line) => line.startsWith('against the baseline'))
  expect(lines.slice(from, from + 11).join('\n')).toMatchInlineSnapshot(`
    "against the baseline        cold                 prewarm
    --------------------------  -------------------  -------------------
    time to listen              x1.00 (0.90-1.10) =  x1.30 (1.17-1.43)
    first requests, sum         x1.00 (0.90-1.10) =  x1.30 (1.17-1.43)
    time lost, first 50 rounds  x1.00 (0.90-1.10) =  x1.30 (1.17-1.43)
    steady level, per round     x1.01 (0.91-1.11) =  x1.01 (0.91-1.11) =

    Medians over the runs; x0.25 means a quarter of the other arm, in brackets the 95 % interval; = marks no difference.
    The baseline is main.jsonl, 12 runs of every arm, at another time.
    Latencies run from when a request was due, so that what waits behind a slow one counts.
    first requests: the sum of the first latency of every distinct request."
  `)
})

test('nothing in it steers a terminal', () => {
  const text = renderCompare({ ...report, app: 'node \u001b[2J', warnings: ['a\u0007b'] })
  expect(text).toMatch(/^node \?\[2J on/)
  expect(text).toContain('warning: a?b')
})
