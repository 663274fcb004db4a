import { evaluate, measuredArms, type MeasuredArm } from '../analysis/evaluate.ts'
import { latencyHistogram, bucketRange } from '../analysis/latency-histogram.ts'
import { quantileOfSorted } from '../analysis/quantile.ts'
import { roundSums, steadyLevels } from '../analysis/warmup-metrics.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Results, ResultsPlan, ResultsRun } from '../../formats/results.ts'
import type { LatencyWindow, ResultsView, RunFacts, WindowsView } from '../api.ts'

export function resultsView(name: string, results: Results): ResultsView {
  const { plan, leftOut, runs } = results
  return {
    name,
    plan,
    report: evaluate(results),
    leftOut,
    runs: [...runs]
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map((run) => factsOf(run, plan.requests.length)),
  }
}

function factsOf(run: ResultsRun, requestCount: number): RunFacts {
  const { arm, at, node, timeToListenMs, cpuMs, rssBytes, load1, sendDelayP99Ms, report } = run
  const measured = { timeToListenMs, cpuMs, rssBytes, load1, sendDelayP99Ms }
  const sample = { ...run, requestCount }
  return {
    arm,
    run: run.run,
    at,
    node,
    ...measured,
    report,
    firstRequestSumMs: roundSums(sample)[0] ?? 0,
    steadySumMs: steadyLevels(sample).reduce((sum, level) => sum + level, 0),
  }
}

/** Windows double in length, since most happens at the beginning: round 1, 2 and 3, 4 to 7, and so on. */
export function windowsView(results: Results, route: string | null): WindowsView {
  const requests = requestsOf(results.plan, route)
  return {
    route,
    arms: measuredArms(results).map((arm) => ({
      arm: arm.name,
      windows: windowsOf(arm, results.plan.rounds, requests),
    })),
  }
}

/** Indices of a route's requests within a round. Throws `ERR_PREWARM_DSH_NOT_FOUND` for a route that has none. */
export function requestsOf({ requests }: ResultsPlan, route: string | null): readonly number[] {
  const found = requests.flatMap((request, index) =>
    route === null || request.route === route ? [index] : [],
  )
  if (route !== null && found.length === 0) {
    throw new PrewarmError('ERR_PREWARM_DSH_NOT_FOUND', `No request was measured of ${route}`)
  }
  return found
}

function windowsOf(
  { runs }: MeasuredArm,
  rounds: number,
  requests: readonly number[],
): readonly LatencyWindow[] {
  const windows: LatencyWindow[] = []
  if (runs.length === 0 || requests.length === 0) return windows
  for (let from = 0; from < rounds; from = 2 * from + 1) {
    const to = Math.min(rounds, 2 * from + 1)
    const latencies = new Float64Array(runs.length * (to - from) * requests.length)
    let filled = 0
    for (const { latenciesMs, requestCount } of runs) {
      for (let round = from; round < to; round++) {
        for (const request of requests) {
          latencies[filled++] = latenciesMs[round * requestCount + request] ?? NaN
        }
      }
    }
    latencies.sort()
    windows.push({
      from: from + 1,
      to,
      count: latencies.length,
      p50Ms: quantileOfSorted(latencies, 0.5),
      p90Ms: quantileOfSorted(latencies, 0.9),
      p99Ms: quantileOfSorted(latencies, 0.99),
      maxMs: latencies.at(-1) ?? NaN,
      histogram: latencyHistogram(latencies).map(
        ([index, count]) => [bucketRange(index).toMs, count] as const,
      ),
    })
  }
  return windows
}
