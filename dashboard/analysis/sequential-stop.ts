import type { MetricName, RatioEstimate } from '../../formats/compare-report.ts'

/** What has to be known precisely before a measurement may end early; one sentence of the verdict has all three. */
export const watchedMetrics = [
  'firstRequestSumMs',
  'timeLost50Ms',
  'steadySumMs',
] as const satisfies readonly MetricName[]

/** Fewer runs give no 95 % interval of a median: that of the sample holds it with 1 - 2^(1 - n). */
export const minLookRuns = 6

/** Run counts at which the figures are looked at, between the least and the most. */
const usualLooks = [10, 15, 20, 30, 40] as const

/** Half of an interval, in shares of the larger of the ratio and 1, at which it is precise enough. */
export const defaultTarget = 0.1

/**
 * Two-sided nominal levels of Pocock, "Group sequential methods in the design and analysis of clinical trials", Biometrika
 * 64 (1977), for 5 % over 1, 2, ... looks; as in Jennison and Turnbull, "Group Sequential Methods" (1999), table 2.1.
 */
const pocockAlphas = [0.05, 0.0294, 0.0221, 0.0182, 0.0158, 0.0142, 0.013] as const

/**
 * Run counts at which `compare` may end: `minRuns` ({@link minLookRuns} at least), 10, 15, 20, 30 and 40 as far as they are
 * between, and `maxRuns`. They are few and planned, since every look at the figures is one more chance to take noise for
 * a difference.
 */
export function plannedLooks(minRuns: number, maxRuns: number): readonly number[] {
  const first = Math.min(Math.max(minRuns, minLookRuns), maxRuns)
  const between = usualLooks.filter((runs) => runs > first && runs < maxRuns)
  return first === maxRuns ? [maxRuns] : [first, ...between, maxRuns]
}

/** The first of the planned run counts after `runs`; null when there is none. */
export function nextLook(looks: readonly number[], runs: number): number | null {
  return looks.find((look) => look > runs) ?? null
}

/**
 * Share of intervals that are meant to hold the truth, for each interval at each look, so that in 95 % of measurements all
 * watched ones of the report do: Pocock's level for so many looks, and that divided by the number of intervals (Bonferroni).
 * Whoever may end early has to use it for every interval of the report, the last look's too.
 *
 * It is exact for equally spaced looks at a normal mean and an end by significance. Ours are at medians, closer together at
 * first, and end by width; `npm run calibrate` counts the wrong alarms.
 */
export function levelOfLooks(
  looks: readonly number[],
  intervals: number = watchedMetrics.length,
): number {
  const alpha = pocockAlphas[Math.min(looks.length, pocockAlphas.length) - 1] ?? 0.05
  return 1 - alpha / intervals
}

export type StopDecision =
  | {
      readonly stop: true
      /** precise: all watched intervals are narrow enough; spent: it was the last look. */
      readonly why: 'precise' | 'spent'
    }
  | {
      readonly stop: false
      readonly nextLook: number
      /** The ratio that is known worst; null between looks. */
      readonly widest: RatioEstimate | null
    }

export interface StopQuestion {
  /** Of all pairs and metrics; those that are not watched are passed over. Intervals of {@link levelOfLooks}. */
  readonly ratios: readonly RatioEstimate[]
  /** Runs of every arm so far. */
  readonly runs: number
  readonly looks: readonly number[]
  readonly target?: number
}

/**
 * Whether a measurement may end after so many runs. The width alone decides, never on which side of 1 an interval lies:
 * to end as soon as there is a difference would find one too often.
 */
export function mayStop({
  ratios,
  runs,
  looks,
  target = defaultTarget,
}: StopQuestion): StopDecision {
  const next = nextLook(looks, runs)
  if (next === null) return { stop: true, why: 'spent' }
  if (!looks.includes(runs)) return { stop: false, nextLook: next, widest: null }
  const watched = ratios.filter(({ metric }) =>
    (watchedMetrics as readonly MetricName[]).includes(metric),
  )
  const [widest = null] = watched.toSorted((one, other) => halfWidth(other) - halfWidth(one))
  return widest !== null && halfWidth(widest) <= target
    ? { stop: true, why: 'precise' }
    : { stop: false, nextLook: next, widest }
}

/**
 * Half of the interval in shares of the ratio, or of 1 for ratios below: they are shares of what the other arm takes, so
 * that 0.05 +- 0.02 is known as well as anybody needs. Infinite where an end is.
 */
export function halfWidth({
  ratio,
  low,
  high,
}: Pick<RatioEstimate, 'ratio' | 'low' | 'high'>): number {
  if (ratio === null || low === null || high === null) return Infinity
  return (high - low) / 2 / Math.max(1, Math.abs(ratio))
}
