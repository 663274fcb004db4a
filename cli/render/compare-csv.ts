import { metricsByArm } from '../../dashboard/analysis/compare-arms.ts'
import { measuredArms } from '../../dashboard/analysis/evaluate.ts'
import { metricNames } from '../../formats/compare-report.ts'
import type { Results } from '../../formats/results.ts'

/** Spreadsheets take a cell that begins so for a formula. */
const formulaStart = /^[=+\-@\t\r]/

/**
 * One row for every start of the runs that all arms have, in the order of the runs, for a spreadsheet: times in ms, memory in
 * bytes. RFC 4180, with CRLF. `outcome` is that of the replayer; empty: it was not there.
 */
export function renderCompareCsv(results: Results): string {
  const arms = measuredArms(results)
  const metrics = metricsByArm(arms)
  const kinds = new Map(results.plan.arms.map(({ name, kind }) => [name, kind]))
  const rows = arms.flatMap(({ name, runs }) =>
    runs.map((run, index) => ({
      run: run.run,
      cells: [
        text(name),
        text(kinds.get(name) ?? ''),
        String(run.run),
        text(run.at),
        text(run.node),
        ...metricNames.map((metric) => figure(metrics.get(name)?.[index]?.[metric])),
        figure(run.load1),
        figure(run.sendDelayP99Ms),
        figure(run.clientCores),
        text(run.report?.outcome ?? ''),
      ],
    })),
  )
  const head = [
    ...['arm', 'kind', 'run', 'at', 'node'],
    ...metricNames,
    ...['load1', 'sendDelayP99Ms', 'clientCores', 'outcome'],
  ]
  const lines = [head, ...rows.sort((a, b) => a.run - b.run).map(({ cells }) => cells)]
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('')
}

/** Whole microseconds are enough. */
function figure(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? ''
    : String(Math.round(value * 1000) / 1000)
}

function text(value: string): string {
  const safe = formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
