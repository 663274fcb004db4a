import { readFileSync } from 'node:fs'
import type { Baseline, BaselineReport } from '../../dashboard/analysis/baseline.ts'
import { measuredArms } from '../../dashboard/analysis/evaluate.ts'
import { metricNames, type MetricName } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import { loadSchema, looksLikeResults, machineSchema, parseResults } from '../../formats/results.ts'
import {
  list,
  number,
  optional,
  record,
  text,
  whole,
  type Infer,
  type Schema,
} from '../../formats/schema.ts'
import { unreadableFile } from '../unreadable-file.ts'

const estimateSchema = record('Estimate', { median: [number, ''] })
const metricFields = Object.fromEntries(
  metricNames.map((name) => [name, [optional(estimateSchema), ''] as const]),
) as Record<MetricName, readonly [Schema<Infer<typeof estimateSchema> | undefined>, string]>

/** As much of a report as a comparison with it needs. */
const reportSchema = record('CompareReport', {
  schemaVersion: [whole, ''],
  node: [text, ''],
  app: [text, ''],
  runs: [whole, ''],
  rounds: [whole, ''],
  load: [optional(loadSchema), ''],
  machine: [optional(machineSchema), ''],
  arms: [
    list(
      record('ArmSummary', { name: [text, ''], metrics: [record('Metrics', metricFields), ''] }),
    ),
    '',
  ],
  requests: [record('Requests', { list: [list(text), ''] }), ''],
})

/**
 * Reads the file of `--baseline`: what `--save` wrote, or `--json`. Throws `ERR_PREWARM_FMT_UNREADABLE`, `ERR_PREWARM_FMT_INVALID`,
 * `ERR_PREWARM_FMT_VERSION`, and `ERR_PREWARM_CLI_RESULTS` when it has no complete run.
 */
export function readBaseline(file: string): Baseline {
  const hint = 'Give a file that prewarm compare wrote: of --save, of --json or of --export json.'
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadableFile(file, cause, { missing: hint, other: hint })
  }
  try {
    return parseBaseline(content, file)
  } catch (cause) {
    if (!(cause instanceof PrewarmError)) throw cause
    throw new PrewarmError(cause.code, `${file}: ${cause.message}`, {
      hint: cause.hint ?? hint,
      cause,
    })
  }
}

function parseBaseline(content: string, name: string): Baseline {
  if (looksLikeResults(content)) {
    const results = parseResults(content)
    if ((measuredArms(results)[0]?.runs.length ?? 0) > 0) return { name, kind: 'results', results }
    throw new PrewarmError('ERR_PREWARM_CLI_RESULTS', 'no run of it is complete')
  }
  return { name, kind: 'report', report: parseReport(content) }
}

function parseReport(content: string): BaselineReport {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (cause) {
    throw new PrewarmError('ERR_PREWARM_FMT_INVALID', 'it is neither results nor a report', {
      cause,
    })
  }
  const report = reportSchema.parse(value, 'report')
  if (report.schemaVersion === 1) return report
  throw new PrewarmError(
    'ERR_PREWARM_FMT_VERSION',
    `a report of version ${report.schemaVersion}; this prewarm reads version 1`,
  )
}
