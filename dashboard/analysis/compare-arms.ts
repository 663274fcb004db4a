import {
  armNames,
  metricNames,
  type ArmSummary,
  type Curve,
  type DifferenceEstimate,
  type Estimate,
  type MetricName,
  type RatioEstimate,
  type RouteComparison,
} from '../../formats/compare-report.ts'
import { bootstrapMedian } from './bootstrap.ts'
import { median } from './quantile.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { levelOfLooks, watchedMetrics } from './sequential-stop.ts'
import { minTestedPairs, signedRankP } from './signed-rank.ts'
import {
  pooledLevels,
  roundSums,
  steadyLevels,
  warmupMetrics,
  type RunSample,
} from './warmup-metrics.ts'

/** The runs of one arm; run `i` of every arm was measured next to run `i` of the others. */
export interface ArmRuns {
  readonly name: string
  readonly runs: readonly RunSample[]
}

export interface ArmPair {
  readonly arm: string
  readonly against: string
}

/**
 * The comparisons that are made: every other arm with `against` where that was measured. Else prewarm with cold and Node's own
 * cache, that cache with cold, and what users have defined with prewarm and cold, or with the first arm where there is neither.
 */
export function pairsOf(measured: readonly string[], against?: string): readonly ArmPair[] {
  const pair = (arm: string, other: string): readonly ArmPair[] =>
    arm !== other && [arm, other].every((name) => measured.includes(name))
      ? [{ arm, against: other }]
      : []
  if (against !== undefined && measured.includes(against)) {
    return measured.flatMap((arm) => pair(arm, against))
  }
  const defined = measured.filter((name) => !(armNames as readonly string[]).includes(name))
  const usual = ['prewarm', 'cold'].filter((name) => measured.includes(name))
  const references = usual.length > 0 ? usual : measured.slice(0, 1)
  return [
    ...pair('prewarm', 'cold'),
    ...pair('prewarm', 'node-compile-cache'),
    ...pair('node-compile-cache', 'cold'),
    ...defined.flatMap((arm) => references.flatMap((reference) => pair(arm, reference))),
  ]
}

/** Those that people are shown: what the first arm is compared with is not compared with anything itself. */
export function shownPairs(ratios: readonly ArmPair[]): readonly ArmPair[] {
  const pairs = new Map(ratios.map(({ arm, against }) => [`${arm}/${against}`, { arm, against }]))
  const references = new Set(
    ratios.filter(({ arm }) => arm === ratios[0]?.arm).map(({ against }) => against),
  )
  return [...pairs.values()].filter(({ arm }) => !references.has(arm))
}

/**
 * Medians per arm, ratios and differences per pair, with bootstrap intervals that depend on nothing but `seed`; `level` is the
 * share of them that are meant to hold the truth, `jointLevel` what is asked of each figure of a verdict, so that it holds as a whole.
 */
export function compareArms(
  arms: readonly ArmRuns[],
  seed: number,
  against?: string,
  level = 0.95,
  jointLevel = levelOfLooks([0]),
): {
  readonly arms: readonly ArmSummary[]
  readonly ratios: readonly RatioEstimate[]
  readonly differences: readonly DifferenceEstimate[]
} {
  const random = seededRandom(seed)
  const metrics = metricsByArm(arms)
  const pairs = pairsOf(
    arms.map((arm) => arm.name),
    against,
  )
  const proof = (
    metric: MetricName,
    numerators: readonly number[],
    denominators: readonly number[],
  ): Pick<RatioEstimate, 'proof'> => {
    const isWatched = (watchedMetrics as readonly MetricName[]).includes(metric)
    if (!isWatched || numerators.length < minTestedPairs) return {}
    const p = signedRankP(numerators.map((value, run) => value - (denominators[run] ?? NaN)))
    return { proof: { p, holds: p < 1 - jointLevel } }
  }
  const ratios = pairs.flatMap((pair) =>
    metricNames.map((metric) => {
      const numerators = valuesOf(metrics, pair.arm, metric)
      const denominators = valuesOf(metrics, pair.against, metric)
      const ratio = pairedRatio(numerators, denominators, random, level)
      return { ...pair, metric, ...ratio, ...proof(metric, numerators, denominators) }
    }),
  )
  const summaries = arms.map(({ name }) => ({
    name,
    metrics: Object.fromEntries(
      metricNames.map((metric) => [
        metric,
        bootstrapMedian(valuesOf(metrics, name, metric), { random, level }),
      ]),
    ) as Record<MetricName, Estimate>,
  }))
  const differences = pairs.flatMap((pair) =>
    metricNames.map((metric) => {
      const others = valuesOf(metrics, pair.against, metric)
      const values = valuesOf(metrics, pair.arm, metric).map(
        (value, run) => value - (others[run] ?? NaN),
      )
      const { median: difference, low, high } = bootstrapMedian(values, { random, level })
      return { ...pair, metric, difference, low, high, pairs: values.length }
    }),
  )
  return { arms: summaries, ratios, differences }
}

/**
 * Median of the ratios within the runs, so that what slows a whole run down cancels out. No run is left out: time lost can
 * be negative, and without the runs in which the other arm lost nothing its bad ones alone would be compared.
 * `level`: share of intervals that are meant to hold the truth.
 */
export function pairedRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  random: Random,
  level = 0.95,
): Pick<RatioEstimate, 'ratio' | 'low' | 'high' | 'pairs'> {
  const ratios = numerators.map((numerator, run) => ratioOf(numerator, denominators[run] ?? NaN))
  const { median: ratio, low, high } = bootstrapMedian(ratios, { random, level })
  return {
    ratio: finiteOrNull(ratio),
    low: finiteOrNull(low),
    high: finiteOrNull(high),
    pairs: ratios.length,
  }
}

/** Infinite against an arm that lost nothing; 1 when neither did. */
export function ratioOf(numerator: number, denominator: number): number {
  if (denominator > 0) return numerator / denominator
  return numerator > 0 ? Infinity : 1
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Per arm, the median over the runs of every round's latency sum. */
export function medianCurves(arms: readonly ArmRuns[]): readonly Curve[] {
  return arms.map(({ name, runs }) => {
    const sums = runs.map(roundSums)
    const rounds = sums[0]?.length ?? 0
    return {
      arm: name,
      roundSumMs: Array.from({ length: rounds }, (_, round) =>
        medianOf(sums.map((run) => run[round] ?? NaN)),
      ),
    }
  })
}

/** First and steady latency per route; `routes` names the route of every measured request, in order. */
export function compareRoutes(
  arms: readonly ArmRuns[],
  routes: readonly string[],
): readonly RouteComparison[] {
  return [...new Set(routes)].map((route) => {
    const mine = routes.flatMap((name, index) => (name === route ? [index] : []))
    const mean = (latencies: Float64Array): number =>
      mine.reduce((sum, index) => sum + (latencies[index] ?? NaN), 0) / mine.length
    return {
      route,
      arms: arms.map(({ name, runs }) => ({
        name,
        firstMs: medianOf(runs.map((run) => mean(run.latenciesMs))),
        steadyMs: medianOf(runs.map((run) => mean(steadyLevels(run)))),
      })),
    }
  })
}

/** By the name of the arm, all metrics of each of its runs. */
export type MetricsByArm = ReadonlyMap<string, readonly Readonly<Record<MetricName, number>>[]>

export function metricsByArm(arms: readonly ArmRuns[]): MetricsByArm {
  const runs = arms[0]?.runs.length ?? 0
  const pooled = Array.from({ length: runs }, (_, run) =>
    pooledLevels(arms.flatMap((arm) => arm.runs.slice(run, run + 1)).map(steadyLevels)),
  )
  return new Map(
    arms.map((arm) => [
      arm.name,
      arm.runs.map((run, index) => warmupMetrics(run, pooled[index] ?? new Float64Array(0))),
    ]),
  )
}

function valuesOf(metrics: MetricsByArm, arm: string, metric: MetricName): readonly number[] {
  return (metrics.get(arm) ?? []).map((run) => run[metric])
}

/** Whole microseconds are enough for a reader of the JSON. */
function medianOf(values: readonly number[]): number {
  return Math.round(median(values) * 1000) / 1000
}
