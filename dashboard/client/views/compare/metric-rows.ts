import { formatBytes, formatMs } from '../../../analysis/units.ts'
import type { CompareReport, Estimate, MetricName } from '../../../../formats/compare-report.ts'

export interface MetricRow {
  readonly metric: MetricName
  readonly title: string
  readonly meaning: string
}

/**
 * Rows of the table, as the command line prints them. "Time lost" ends with the rounds there are: longer spans would repeat the
 * row before.
 */
export function metricRows({ rounds }: Pick<CompareReport, 'rounds'>): readonly MetricRow[] {
  const spans = [
    { span: 10, metric: 'timeLost10Ms' },
    { span: 50, metric: 'timeLost50Ms' },
    { span: 200, metric: 'timeLost200Ms' },
  ] as const
  const lost = spans.filter(
    ({ span }, index) => index === 0 || rounds > (spans[index - 1]?.span ?? span),
  )
  return [
    {
      metric: 'timeToListenMs',
      title: 'Time to listen',
      meaning: 'From the start of the process until the port is open.',
    },
    {
      metric: 'firstRequestSumMs',
      title: 'First requests, sum',
      meaning: 'The first latency of every distinct request, added up.',
    },
    {
      metric: 'p99First10Ms',
      title: 'p99 of the first 10 rounds',
      meaning: 'What one of a hundred requests takes at least.',
    },
    ...lost.map(({ span, metric }) => ({
      metric,
      title: `Time lost, first ${Math.min(span, rounds)} rounds`,
      meaning: 'Latency above the steady level, added up: what a start costs users.',
    })),
    {
      metric: 'timeLost50PooledMs',
      title: `First ${Math.min(50, rounds)}, common level`,
      meaning: "Above the mean of the arms' steady levels, so that no arm wins by ending slow.",
    },
    {
      metric: 'steadySumMs',
      title: 'Steady level, per round',
      meaning: 'Mean of the last third of the rounds, added up over the requests of a round.',
    },
    {
      metric: 'cpuMs',
      title: 'CPU of the whole run',
      meaning: 'User and system time of the process at the end.',
    },
    { metric: 'rssBytes', title: 'Memory at the end', meaning: 'Resident memory of the process.' },
  ]
}

export function formatMetric(metric: MetricName, value: number): string {
  return metric === 'rssBytes' ? formatBytes(Math.round(value)) : formatMs(value)
}

/** `899 ms – 1.10 s`, `17.5 – 57.7 ms`; null: under 3 runs there is no interval. */
export function formatInterval(metric: MetricName, { low, high }: Estimate): string | null {
  if (low === high) return null
  const [from, to] = [formatMetric(metric, low), formatMetric(metric, high)]
  const [number = '', unit = ''] = from.split(' ')
  return to.endsWith(` ${unit}`) ? `${number} – ${to}` : `${from} – ${to}`
}
