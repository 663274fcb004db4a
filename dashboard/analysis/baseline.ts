import {
  metricNames,
  type BaselineComparison,
  type CompareReport,
  type MetricName,
  type RatioEstimate,
} from '../../formats/compare-report.ts'
import type { Results } from '../../formats/results.ts'
import { minBootstrapValues } from './bootstrap.ts'
import { metricsByArm, ratioOf, type MetricsByArm } from './compare-arms.ts'
import { evaluate, measuredArms } from './evaluate.ts'
import { median, quantileOfSorted } from './quantile.ts'
import { seededRandom, type Random } from './seeded-random.ts'

/** What of a report a comparison with it needs; reports of 0.1.0 have it, too. */
export type BaselineReport = Pick<
  CompareReport,
  'node' | 'app' | 'runs' | 'rounds' | 'load' | 'machine'
> & {
  readonly requests: Pick<CompareReport['requests'], 'list'>
  readonly arms: readonly {
    readonly name: string
    readonly metrics: Readonly<Partial<Record<MetricName, { readonly median: number }>>>
  }[]
}

/** An earlier measurement: its runs, or the report that was made of them. */
export type Baseline = { readonly name: string } & (
  | { readonly kind: 'results'; readonly results: Results }
  | { readonly kind: 'report'; readonly report: BaselineReport }
)

const resamples = 2000

/**
 * The report with how its arms stand against `baseline`, and with warnings of what else is different. Both were measured at other
 * times, so that nothing is paired: medians are divided, and both sides resampled on their own (Efron and Tibshirani, "An
 * Introduction to the Bootstrap" (1993), chapter 8).
 */
export function withBaseline(
  report: CompareReport,
  results: Results,
  baseline: Baseline,
): CompareReport {
  const { name } = baseline
  const there = baseline.kind === 'results' ? evaluate(baseline.results) : baseline.report
  const known = new Set(there.arms.map((arm) => arm.name))
  const arms = report.arms.map((arm) => arm.name).filter((arm) => known.has(arm))
  const ratios =
    baseline.kind === 'results'
      ? resampledRatios(arms, metricsOf(results), metricsOf(baseline.results), results.plan.seed)
      : plainRatios(arms, report, baseline.report)
  const compared: BaselineComparison = { name, runs: there.runs, ratios }
  return {
    ...report,
    baseline: compared,
    warnings: [...report.warnings, ...warningsOf(report, there)],
  }
}

function metricsOf(results: Results): MetricsByArm {
  return metricsByArm(measuredArms(results))
}

function resampledRatios(
  arms: readonly string[],
  here: MetricsByArm,
  there: MetricsByArm,
  seed: number,
): readonly RatioEstimate[] {
  const random = seededRandom(seed)
  return arms.flatMap((arm) =>
    metricNames.map((metric) => {
      const of = (metrics: MetricsByArm): readonly number[] =>
        (metrics.get(arm) ?? []).map((run) => run[metric])
      return { arm, against: 'baseline', metric, ...unpairedRatio(of(here), of(there), random) }
    }),
  )
}

function plainRatios(
  arms: readonly string[],
  here: CompareReport,
  there: BaselineReport,
): readonly RatioEstimate[] {
  return arms.flatMap((arm) =>
    metricNames.flatMap((metric) => {
      const numerator = here.arms.find(({ name }) => name === arm)?.metrics[metric].median
      const denominator = there.arms.find(({ name }) => name === arm)?.metrics[metric]?.median
      if (numerator === undefined || denominator === undefined) return []
      const ratio = finiteOrNull(ratioOf(numerator, denominator))
      return [{ arm, against: 'baseline', metric, ratio, low: ratio, high: ratio, pairs: 0 }]
    }),
  )
}

/** Ratio of the medians with its 95 % percentile bootstrap interval; with too few runs of a side both ends equal it. */
export function unpairedRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  random: Random,
): Pick<RatioEstimate, 'ratio' | 'low' | 'high' | 'pairs'> {
  const pairs = Math.min(numerators.length, denominators.length)
  const centre = finiteOrNull(ratioOf(median(numerators), median(denominators)))
  if (pairs < minBootstrapValues) return { ratio: centre, low: centre, high: centre, pairs }
  const ratios = Float64Array.from({ length: resamples }, () =>
    ratioOf(resampledMedian(numerators, random), resampledMedian(denominators, random)),
  ).sort()
  return {
    ratio: centre,
    low: finiteOrNull(quantileOfSorted(ratios, 0.025)),
    high: finiteOrNull(quantileOfSorted(ratios, 0.975)),
    pairs,
  }
}

function resampledMedian(values: readonly number[], random: Random): number {
  return median(values.map(() => values[Math.floor(random() * values.length)] ?? NaN))
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** What is different besides the service, each as a sentence. */
function warningsOf(here: CompareReport, there: BaselineReport): readonly string[] {
  const warnings: string[] = []
  const differ = (what: string, now: string, then: string): void => {
    if (now !== then)
      warnings.push(`The baseline was measured ${what} ${then}, this ${what} ${now}.`)
  }
  if (there.machine === undefined) {
    warnings.push(
      'The baseline does not tell its machine: if it was another one, ratios mean little.',
    )
  } else differ('on', machineOf(here.machine), machineOf(there.machine))
  differ('on Node', here.node, there.node)
  differ('with', loadOf(here.load), loadOf(there.load))
  differ('over', `${here.rounds} rounds`, `${there.rounds} rounds`)
  if (here.requests.list.join('\n') !== there.requests.list.join('\n')) {
    warnings.push('The baseline was measured with other requests, so that sums cannot be compared.')
  }
  const missing = here.arms
    .map(({ name }) => name)
    .filter((name) => !there.arms.some((arm) => arm.name === name))
  if (missing.length > 0) warnings.push(`Not in the baseline: ${missing.join(', ')}.`)
  return warnings
}

function machineOf(machine: CompareReport['machine']): string {
  if (machine === undefined) return 'an unknown machine'
  const { platform, arch, cpu, cores } = machine
  return `${platform} ${arch}, ${cores} x ${cpu === '' ? 'unknown processor' : cpu}`
}

function loadOf(load: CompareReport['load']): string {
  const rate = load?.ratePerSecond ?? null
  return rate === null ? 'a closed loop' : `${rate} requests a second`
}
