import { isRunReport } from './report-check.ts'
import type { RunReport } from './report.ts'

/** A parsed JSON value as a run report; null: it is none of this version. */
export function parseRunReport(value: unknown): RunReport | null {
  return isRunReport(value) ? value : null
}

/** The same of a text. */
export function parseRunReportText(text: string | null): RunReport | null {
  if (text === null) return null
  try {
    return parseRunReport(JSON.parse(text))
  } catch {
    return null
  }
}
