import { changeOf, formatRatio } from '../../dashboard/analysis/verdict.ts'
import type {
  ArmSummary,
  CompareReport,
  MetricName,
  RatioEstimate,
  ReplaySummary,
} from '../../formats/compare-report.ts'
import { renderTable, type Column } from './table.ts'
import { formatBytes, formatCount, formatMs } from './units.ts'

/** The result of `prewarm compare` for people; plain text, ends with a newline. */
export function renderCompare(report: CompareReport): string {
  const { requests, runs, rounds } = report
  const heading = `${report.app} on Node ${report.node}: ${count(runs, 'run')} of every arm, ${count(rounds, 'round')} of ${count(requests.list.length, 'request')} each`
  const notes = report.warnings.map((warning) => `warning: ${warning}`)
  return [
    heading,
    '',
    table(report),
    '',
    legend(report),
    ...(report.replay === null ? [] : ['', replayLine(report.replay)]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    report.verdict,
    '',
  ].join('\n')
}

interface Row {
  readonly title: string
  readonly metric: MetricName
}

function table(report: CompareReport): string {
  const shown = shownPairs(report.ratios)
  const columns: Column[] = [
    { title: '' },
    ...report.arms.map(({ name }) => ({ title: name, align: 'right' as const })),
    ...shown.map(({ arm, against }) => ({ title: `${arm} / ${against}` })),
  ]
  const body = rowsFor(report.rounds).map(({ title, metric }) => [
    title,
    ...report.arms.map((arm) => valueOf(arm, metric)),
    ...shown.map((pair) => ratioCell(report.ratios, pair, metric)),
  ])
  return renderTable(columns, body)
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

type Pair = Pick<RatioEstimate, 'arm' | 'against'>

/** The pairs of the first arm that is compared: prewarm, where it was measured. */
function shownPairs(ratios: readonly RatioEstimate[]): readonly Pair[] {
  const pairs = new Map(ratios.map(({ arm, against }) => [`${arm}/${against}`, { arm, against }]))
  return [...pairs.values()].filter(({ arm }) => arm === ratios[0]?.arm)
}

function ratioCell(ratios: readonly RatioEstimate[], pair: Pair, metric: MetricName): string {
  const ratio = ratios.find(
    (entry) => entry.arm === pair.arm && entry.against === pair.against && entry.metric === metric,
  )
  if (ratio === undefined) return '-'
  const cell = `x${formatRatio(ratio)}`
  return changeOf(ratio) === 'same' ? `${cell} =` : cell
}

function legend({ replay, runs, requests, ratios }: CompareReport): string {
  const interval =
    runs < 3 ? 'no intervals: too few runs' : 'in brackets the 95 % interval; = marks no difference'
  return [
    `Medians over the runs; x0.25 means a quarter of the other arm, ${interval}.`,
    'first requests: the sum of the first latency of every distinct request.',
    'time lost: latency above the steady level, summed; what a start costs the users of those rounds.',
    'steady level: mean of the last third of the rounds, summed over the requests of a round.',
    ...(ratios.some(({ low, ratio, high }) => [low, ratio, high].includes(null))
      ? ['\u221e: the other arm lost no time, so that there is nothing to divide by.']
      : []),
    "common level: the mean of the arms' steady levels, so that no arm wins by ending slow.",
    ...(replay?.outcome === 'applied'
      ? [
          `${formatCount(requests.alsoRehearsed)} of the ${formatCount(requests.list.length)} requests are also rehearsed, so that prewarm has practised them; the others it has never seen.`,
        ]
      : []),
  ].join('\n')
}

function replayLine(replay: ReplaySummary): string {
  if (replay.outcome === 'cold') return `replay: cold (${replay.reason ?? 'no reason given'})`
  const stages = replay.stages.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(', ')
  return `replay: ${count(replay.modulesCached, 'module')} from the code cache, ${formatCount(replay.modulesPreloaded)} preloaded, ${count(replay.requestsRehearsed, 'request')} rehearsed for ${count(replay.rounds, 'round')} (${stages})`
}

function count(amount: number, noun: string): string {
  return `${formatCount(amount)} ${noun}${amount === 1 ? '' : 's'}`
}
