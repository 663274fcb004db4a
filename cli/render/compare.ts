import { shownPairs, type ArmPair } from '../../dashboard/analysis/compare-arms.ts'
import { changeOf, formatRatio } from '../../dashboard/analysis/verdict.ts'
import type {
  ArmReplay,
  ArmSummary,
  CompareReport,
  MetricName,
  RatioEstimate,
} from '../../formats/compare-report.ts'
import { renderTable, type Column } from './table.ts'
import { formatBytes, formatCount, formatMs } from '../../dashboard/analysis/units.ts'

/** The result of `prewarm compare` for people; plain text, ends with a newline. */
export function renderCompare(report: CompareReport): string {
  const { requests, runs, rounds } = report
  const heading = `${report.app} on Node ${report.node}: ${count(runs, 'run')} of every arm, ${count(rounds, 'round')} of ${count(requests.list.length, 'request')} each`
  const notes = report.warnings.map((warning) => `warning: ${warning}`)
  return [
    heading,
    '',
    tables(report).join('\n\n'),
    '',
    legend(report),
    ...(report.replays.length === 0 ? [] : ['', ...report.replays.map(replayLine)]),
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

/** Columns of ratios that fit beside those of the arms. */
const maxBeside = 2

/** One table; with many arms another one for each that the others are compared with. */
function tables({ arms, ratios, rounds }: CompareReport): readonly string[] {
  const pairs = shownPairs(ratios)
  const isOne = pairs.length <= maxBeside
  const table = (
    corner: string,
    shownArms: readonly ArmSummary[],
    shown: readonly (ArmPair & { readonly title: string })[],
  ): string => {
    const columns: Column[] = [
      { title: corner },
      ...shownArms.map(({ name }) => ({ title: name, align: 'right' as const })),
      ...shown.map(({ title }) => ({ title })),
    ]
    const body = rowsFor(rounds).map(({ title, metric }) => [
      title,
      ...shownArms.map((arm) => valueOf(arm, metric)),
      ...shown.map((pair) => ratioCell(ratios, pair, metric)),
    ])
    return renderTable(columns, body)
  }
  if (isOne) {
    const titled = pairs.map((pair) => ({ ...pair, title: `${pair.arm} / ${pair.against}` }))
    return [table('', arms, titled)]
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

function legend({ replays, runs, requests, ratios }: CompareReport): string {
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
    ...(replays.some(({ summary }) => summary.outcome === 'applied')
      ? [
          `${formatCount(requests.alsoRehearsed)} of the ${formatCount(requests.list.length)} requests are also rehearsed, so that prewarm has practised them; the others it has never seen.`,
        ]
      : []),
  ].join('\n')
}

function replayLine({ arm, summary: replay }: ArmReplay): string {
  const title = arm === 'prewarm' ? 'replay' : `replay of ${arm}`
  if (replay.outcome === 'cold') return `${title}: cold (${replay.reason ?? 'no reason given'})`
  const stages = replay.stages.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(', ')
  return `${title}: ${count(replay.modulesCached, 'module')} from the code cache, ${formatCount(replay.modulesPreloaded)} preloaded, ${count(replay.requestsRehearsed, 'request')} rehearsed for ${count(replay.rounds, 'round')} (${stages})`
}

function count(amount: number, noun: string): string {
  return `${formatCount(amount)} ${noun}${amount === 1 ? '' : 's'}`
}
