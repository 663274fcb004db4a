import type { ReplaySummary } from '../../formats/compare-report.ts'
import type { RunReport } from '../../formats/report.ts'

/**
 * What the replayer reported over the runs of its arm: the last run, or the last cold one when there was any,
 * since a single cold run spoils the medians. Null when no run has a report.
 */
export function summariseReplay(reports: readonly (string | null)[]): ReplaySummary | null {
  const parsed = reports.flatMap((text) => parseReport(text) ?? [])
  const cold = parsed.filter((report) => report.outcome === 'cold')
  const shown = cold.at(-1) ?? parsed.at(-1)
  if (shown === undefined) return null
  return {
    outcome: shown.outcome,
    reason: shown.reason,
    detail: shown.detail,
    coldRuns: cold.length,
    modulesCached: shown.codeCache.applied,
    modulesPreloaded: shown.preload.applied,
    requestsRehearsed: shown.rehearsal.applied,
    rounds: shown.rehearsal.rounds,
    stopped: shown.rehearsal.stopped,
    stages: shown.stages.map(({ name, ms }) => ({ name, ms })),
  }
}

/** The replayer is of the same package, so its schema version says enough about the rest. */
function parseReport(text: string | null): RunReport | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    const isReport =
      typeof value === 'object' &&
      value !== null &&
      'schemaVersion' in value &&
      value.schemaVersion === 1
    return isReport ? (value as RunReport) : null
  } catch {
    return null
  }
}
