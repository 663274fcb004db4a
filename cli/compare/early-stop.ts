import { mayStop, plannedLooks } from '../../dashboard/analysis/sequential-stop.ts'
import type { RatioEstimate } from '../../formats/compare-report.ts'
import { formatDuration } from '../option-values.ts'

/** How many runs there may be; both are the same unless a measurement may end early. */
export interface RunsRange {
  readonly fewest: number
  readonly most: number
}

/** Whether the figures are known well enough to end after so many runs of every arm. */
export type IsPrecise = (
  ratios: readonly RatioEstimate[],
  runs: number,
  range: RunsRange,
) => boolean

/** Looks are planned, and the width of the intervals alone decides. */
export const isPrecise: IsPrecise = (ratios, runs, { fewest, most }) =>
  mayStop({ ratios, runs, looks: plannedLooks(fewest, most) }).stop

export interface EndingOptions {
  readonly range: RunsRange
  /** null: there is no limit. */
  readonly timeBudgetMs: number | null
  /** Of the runs 1 to `runs`. */
  readonly ratiosAfter: (runs: number) => readonly RatioEstimate[]
  /** ms since the measurement began. */
  readonly elapsedMs: () => number
  readonly isPrecise: IsPrecise
}

/** Why a measurement ends after so many runs, as a sentence; null: it goes on, or ends as planned. */
export function endingAfter(runs: number, options: EndingOptions): string | null {
  const { range, timeBudgetMs, ratiosAfter, elapsedMs } = options
  if (runs >= range.most) return null
  const isLook = runs >= range.fewest
  if (isLook && options.isPrecise(ratiosAfter(runs), runs, range)) {
    return `The intervals are narrow after ${runs} runs; no more are needed.`
  }
  if (timeBudgetMs === null || elapsedMs() < timeBudgetMs) return null
  return `Ended after ${runs} of ${range.most} runs: the time budget of ${formatDuration(timeBudgetMs)} is spent.`
}
