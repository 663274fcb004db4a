import { PrewarmError } from '../../formats/errors.ts'
import type { Results } from '../../formats/results.ts'
import { parseRunReportText } from '../../formats/run-report-json.ts'
import type { ReportsView } from '../api.ts'

/** Of a file with one report. Throws `ERR_PREWARM_DSH_KIND`. */
export function reportView(name: string, content: string): ReportsView {
  const report = parseRunReportText(content)
  if (report === null) throw notReport()
  return { name, reports: [{ title: report.appId ?? name, report }] }
}

/** Of every run whose replayer wrote one, arm by arm. */
export function resultsReports(name: string, { plan, runs }: Results): ReportsView {
  const order = new Map(plan.arms.map((arm, index) => [arm.name, index]))
  const sorted = [...runs].sort(
    (a, b) => (order.get(a.arm) ?? 0) - (order.get(b.arm) ?? 0) || a.run - b.run,
  )
  return {
    name,
    reports: sorted.flatMap(({ arm, run, report }) =>
      report === null ? [] : [{ title: `${arm}, run ${run}`, report }],
    ),
  }
}

export function notReport(): PrewarmError {
  return new PrewarmError('ERR_PREWARM_DSH_KIND', 'The file is no run report of this version', {
    hint: 'The replayer writes one beside the profile, or where PREWARM_REPORT says.',
  })
}
