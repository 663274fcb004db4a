import type { ArmReplay, ReplaySummary } from '../../formats/compare-report.ts'
import type { RunReport } from '../../formats/report.ts'
import { median } from './quantile.ts'

/**
 * What the replayer reported over the runs of an arm: the last run, or the last cold one when there was any,
 * since a single cold run spoils the medians. Null when no run has a report.
 */
export function replayOf(arm: string, reports: readonly (RunReport | null)[]): ArmReplay | null {
  const parsed = reports.filter((report) => report !== null)
  const cold = parsed.filter((report) => report.outcome === 'cold')
  const report = cold.at(-1) ?? parsed.at(-1)
  if (report === undefined) return null
  return {
    arm,
    medianRounds: median(parsed.map(({ rehearsal }) => rehearsal.rounds)),
    summary: summarise(report, cold.length),
    report,
  }
}

function summarise(report: RunReport, coldRuns: number): ReplaySummary {
  return {
    outcome: report.outcome,
    reason: report.reason,
    detail: report.detail,
    coldRuns,
    modulesCached: report.codeCache.applied,
    modulesPreloaded: report.preload.applied,
    requestsRehearsed: report.rehearsal.applied,
    rounds: report.rehearsal.rounds,
    stopped: report.rehearsal.stopped,
    stages: report.stages.map(({ name, ms }) => ({ name, ms })),
  }
}
