import type { RunReport } from './report.ts'
import type { ResultsPlan } from './results.ts'

/** The arms that `--arms` may name, in the order in which they are shown; users define others. */
export const armNames = ['cold', 'node-compile-cache', 'prewarm'] as const

export type ArmName = (typeof armNames)[number]

/** What `prewarm compare` measures of every run, in the order in which it is shown. */
export const metricNames = [
  'timeToListenMs',
  'firstRequestSumMs',
  'timeLost10Ms',
  'timeLost50Ms',
  'timeLost200Ms',
  'timeLost10PooledMs',
  'timeLost50PooledMs',
  'timeLost200PooledMs',
  'p99First10Ms',
  'steadySumMs',
  'cpuMs',
  'rssBytes',
] as const

export type MetricName = (typeof metricNames)[number]

/** Median over the runs with its 95 % bootstrap interval; under 3 runs both ends equal the median. */
export interface Estimate {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface ArmSummary {
  readonly name: string
  readonly metrics: Readonly<Record<MetricName, Estimate>>
}

/** Median of the ratios within the runs with its interval; null stands for infinity: the other arm had nothing to lose. */
export interface RatioEstimate {
  readonly arm: string
  readonly against: string
  readonly metric: MetricName
  readonly ratio: number | null
  readonly low: number | null
  readonly high: number | null
  /** Runs of both arms. */
  readonly pairs: number
  /**
   * Of what a verdict rests on, from 7 runs on: how likely the differences within the runs are where the arms are equal, and whether
   * that is so little that in 95 % of comparisons of equals no figure of the verdict, at no look, is.
   */
  readonly proof?: { readonly p: number; readonly holds: boolean }
}

/** Median of the differences within the runs, in the unit of the metric: what a ratio of small sums does not say. */
export interface DifferenceEstimate {
  readonly arm: string
  readonly against: string
  readonly metric: MetricName
  readonly difference: number
  readonly low: number
  readonly high: number
  /** Runs of both arms. */
  readonly pairs: number
}

/** What the replayer did in an arm: its last run, or the last one that stayed cold. */
export interface ReplaySummary {
  /** applied: in every run. */
  readonly outcome: 'applied' | 'cold'
  readonly reason: string | null
  readonly detail: string
  readonly coldRuns: number
  readonly modulesCached: number
  readonly modulesPreloaded: number
  readonly requestsRehearsed: number
  readonly rounds: number
  readonly stopped: string | null
  readonly stages: readonly { readonly name: string; readonly ms: number }[]
}

export interface ArmReplay {
  readonly arm: string
  readonly summary: ReplaySummary
  /** Rounds of rehearsal, median over the runs. */
  readonly medianRounds: number
  /** Of the run that the summary tells, as the replayer wrote it. */
  readonly report: RunReport
}

export interface Curve {
  readonly arm: string
  /** Median over the runs of the latency sum of each round, ms. */
  readonly roundSumMs: readonly number[]
}

/** Medians over the runs of the mean latency of a route's measured requests, ms. */
export interface RouteComparison {
  readonly route: string
  readonly arms: readonly {
    readonly name: string
    readonly firstMs: number
    readonly steadyMs: number
  }[]
}

/** How the processes of an arm warm up. Under 40 rounds there is no class. */
export interface ArmWarmup {
  readonly arm: string
  /** Of all runs but strays; inconsistent: they differ. */
  readonly class: WarmupClass | 'inconsistent' | null
  /** Runs of each class. */
  readonly counts: Readonly<Record<WarmupClass, number>> | null
  /** Before the steady state; null: too many runs have none. */
  readonly roundsToSteady: Estimate | null
  /** The same in ms of one connection that waits for each answer. */
  readonly msToSteady: Estimate | null
  /**
   * Share of the requests that a steady process would have served in the first 10 s to one connection, and this one did not.
   * What comes after the last measured round is taken to be steady.
   */
  readonly capacityLost: Estimate
}

/**
 * How the rounds of one process go: `flat`: as they end from the first; `warmup`: slower before they end as they do;
 * `slowdown`: faster at some time before; `no-steady-state`: still changing when the measurement ends.
 */
export const warmupClasses = ['flat', 'warmup', 'slowdown', 'no-steady-state'] as const
export type WarmupClass = (typeof warmupClasses)[number]

/** How the arms stand against an earlier measurement, which was not interleaved with this one. */
export interface BaselineComparison {
  /** Of the file, as it was given. */
  readonly name: string
  /** Of every arm, in the baseline. */
  readonly runs: number
  /**
   * Of the arms that both have: median here over median there, `against` is `baseline`. `pairs`: runs of the side with fewer;
   * 0 when the baseline is a report, which has no runs to resample and so no interval.
   */
  readonly ratios: readonly RatioEstimate[]
}

/** The JSON of `prewarm compare --json`. What may be absent is so in reports of 0.1.0. */
export interface CompareReport {
  readonly schemaVersion: 1
  /** `process.version` of the measured service. */
  readonly node: string
  /** Arms that ran on others. */
  readonly otherNodes?: readonly { readonly arm: string; readonly node: string }[]
  readonly load?: ResultsPlan['load']
  readonly machine?: ResultsPlan['machine']
  /** The command as it was given. */
  readonly app: string
  readonly runs: number
  readonly rounds: number
  readonly arms: readonly ArmSummary[]
  readonly ratios: readonly RatioEstimate[]
  /** Of the same pairs. */
  readonly differences: readonly DifferenceEstimate[]
  readonly requests: {
    /** `METHOD /path`, one round in order. */
    readonly list: readonly string[]
    /** How many of them the replayer rehearses too, so that they are not held out. */
    readonly alsoRehearsed: number
  }
  /** Of the `prewarm` arm; null without one. */
  readonly replay: ReplaySummary | null
  /** Of every arm that replays and wrote a run report, `prewarm` among them. */
  readonly replays: readonly ArmReplay[]
  readonly curves: readonly Curve[]
  readonly perRoute: readonly RouteComparison[]
  readonly warmups?: readonly ArmWarmup[]
  /** Share of the intervals that are meant to hold the truth; absent: 0.95. */
  readonly level?: number
  /** Absent: there was none to compare with. */
  readonly baseline?: BaselineComparison
  /** One sentence a line. */
  readonly verdict: string
  readonly warnings: readonly string[]
}
