import { shownPairs, type ArmPair } from '../../dashboard/analysis/compare-arms.ts'
import { formatBytes, formatCount, formatMs } from '../../dashboard/analysis/units.ts'
import { changeOf, formatRatio } from '../../dashboard/analysis/verdict.ts'
import { capacityText, warmupText } from '../../dashboard/analysis/warmup-summary.ts'
import type {
  ArmSummary,
  CompareReport,
  MetricName,
  RatioEstimate,
} from '../../formats/compare-report.ts'
import type { Column } from './table.ts'

export interface CompareTable {
  /** The first has the names of the rows. */
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

interface Row {
  readonly title: string
  readonly metric: MetricName
}

/** Columns of ratios that fit beside those of the arms. */
const maxBeside = 2

/**
 * The figures of a report: one table; with many arms another one for each that the others are compared with; and one against
 * the baseline where there is one.
 */
export function compareTables(report: CompareReport): readonly CompareTable[] {
  const { arms, ratios, rounds } = report
  const pairs = shownPairs(ratios)
  const table = (
    corner: string,
    shownArms: readonly ArmSummary[],
    shown: readonly (ArmPair & { readonly title: string })[],
  ): CompareTable => ({
    columns: [
      { title: corner },
      ...shownArms.map(({ name }) => ({ title: name, align: 'right' as const })),
      ...shown.map(({ title }) => ({ title })),
    ],
    rows: rowsFor(rounds).map(({ title, metric }) => [
      title,
      ...shownArms.map((arm) => valueOf(arm, metric)),
      ...shown.map((pair) => ratioCell(ratios, pair, metric)),
    ]),
  })
  if (pairs.length <= maxBeside) {
    const titled = pairs.map((pair) => ({ ...pair, title: `${pair.arm} / ${pair.against}` }))
    return [table('', arms, titled), ...warmupTable(report), ...baselineTable(report)]
  }
  const references = [...new Set(pairs.map(({ against }) => against))]
  return [
    table('', arms, []),
    ...references.map((reference) => {
      const titled = pairs
        .filter(({ against }) => against === reference)
        .map((pair) => ({ ...pair, title: pair.arm }))
      return table(`against ${reference}`, [], titled)
    }),
    ...warmupTable(report),
    ...baselineTable(report),
  ]
}

/** What was measured, on one line, in terms that `app` does not need: `Node v24.0.0: 10 runs of every arm, ...`. */
export function headingOf(report: CompareReport): string {
  const { node, otherNodes = [], load, runs, rounds, requests } = report
  const others = otherNodes.map((other) => `${other.arm} on ${other.node}`).join(', ')
  const nodes = others === '' ? node : `${node} (${others})`
  const rate = load?.ratePerSecond ?? null
  const loop = rate === null ? '' : `, open loop at ${rate} requests a second`
  return `Node ${nodes}: ${count(runs, 'run')} of every arm, ${count(rounds, 'round')} of ${count(requests.list.length, 'request')} each${loop}`
}

export function count(amount: number, noun: string): string {
  return `${formatCount(amount)} ${noun}${amount === 1 ? '' : 's'}`
}

function warmupTable({ warmups = [] }: CompareReport): readonly CompareTable[] {
  if (warmups.every((warmup) => warmup.class === null)) return []
  return [
    {
      columns: [
        { title: 'warm-up' },
        { title: 'rounds' },
        { title: 'steady after', align: 'right' },
        { title: 'capacity lost, first 10 s', align: 'right' },
      ],
      rows: warmups.map((warmup) => [
        warmup.arm,
        warmupText(warmup),
        warmup.msToSteady === null ? '-' : formatMs(warmup.msToSteady.median),
        capacityText(warmup),
      ]),
    },
  ]
}

function baselineTable({ baseline, rounds, arms }: CompareReport): readonly CompareTable[] {
  if (baseline === undefined || baseline.ratios.length === 0) return []
  const shown = arms
    .map(({ name }) => name)
    .filter((name) => baseline.ratios.some(({ arm }) => arm === name))
  const lost = rounds > 10 ? 'timeLost50Ms' : 'timeLost10Ms'
  const metrics: readonly MetricName[] = [
    'timeToListenMs',
    'firstRequestSumMs',
    lost,
    'steadySumMs',
  ]
  return [
    {
      columns: [{ title: 'against the baseline' }, ...shown.map((title) => ({ title }))],
      rows: rowsFor(rounds)
        .filter(({ metric }) => metrics.includes(metric))
        .map(({ title, metric }) => [
          title,
          ...shown.map((arm) => ratioCell(baseline.ratios, { arm, against: 'baseline' }, metric)),
        ]),
    },
  ]
}

/** "time lost" is clipped to the rounds there are, so that longer spans would repeat the last row. */
function rowsFor(rounds: number): readonly Row[] {
  const spans = [
    { span: 10, metric: 'timeLost10Ms' },
    { span: 50, metric: 'timeLost50Ms' },
    { span: 200, metric: 'timeLost200Ms' },
  ] as const
  const lost = spans.filter(
    ({ span }, index) => index === 0 || rounds > (spans[index - 1]?.span ?? span),
  )
  return [
    { title: 'time to listen', metric: 'timeToListenMs' },
    { title: 'first requests, sum', metric: 'firstRequestSumMs' },
    { title: 'p99 of the first 10 rounds', metric: 'p99First10Ms' },
    ...lost.map(({ span, metric }) => ({
      title: `time lost, first ${Math.min(span, rounds)} rounds`,
      metric,
    })),
    { title: `  first ${Math.min(50, rounds)}, common level`, metric: 'timeLost50PooledMs' },
    { title: 'steady level, per round', metric: 'steadySumMs' },
    { title: 'CPU of the whole run', metric: 'cpuMs' },
    { title: 'memory at the end', metric: 'rssBytes' },
  ]
}

function valueOf(arm: ArmSummary, metric: MetricName): string {
  const { median } = arm.metrics[metric]
  return metric === 'rssBytes' ? formatBytes(median) : formatMs(median)
}

function ratioCell(ratios: readonly RatioEstimate[], pair: ArmPair, metric: MetricName): string {
  const ratio = ratios.find(
    (entry) => entry.arm === pair.arm && entry.against === pair.against && entry.metric === metric,
  )
  if (ratio === undefined) return '-'
  const cell = `x${formatRatio(ratio)}`
  return changeOf(ratio) === 'same' ? `${cell} =` : cell
}
