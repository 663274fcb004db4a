import { formatCount, formatLevel, formatMs } from '../../dashboard/analysis/units.ts'
import type { ArmReplay, CompareReport } from '../../formats/compare-report.ts'
import { compareTables, count, headingOf } from './compare-table.ts'
import { renderTable } from './table.ts'
import { printable } from './text.ts'

/** The result of `prewarm compare` for people; plain text that steers no terminal, ends with a newline. */
export function renderCompare(report: CompareReport): string {
  const heading = `${report.app} on ${headingOf(report)}`
  const tables = compareTables(report).map(({ columns, rows }) => renderTable(columns, rows))
  const notes = report.warnings.map((warning) => `warning: ${warning}`)
  const text = [
    heading,
    '',
    tables.join('\n\n'),
    '',
    legend(report),
    ...(report.replays.length === 0 ? [] : ['', ...report.replays.map(replayLine)]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    report.verdict,
    '',
  ].join('\n')
  return text.split('\n').map(printable).join('\n')
}

function legend({
  replays,
  warmups = [],
  level,
  runs,
  requests,
  ratios,
  load,
  baseline,
}: CompareReport): string {
  const interval =
    runs < 3
      ? 'no intervals: too few runs'
      : `in brackets the ${formatLevel(level)} interval; = marks no difference`
  return [
    `Medians over the runs; x0.25 means a quarter of the other arm, ${interval}.`,
    ...(baseline === undefined
      ? []
      : [
          `The baseline is ${baseline.name}, ${count(baseline.runs, 'run')} of every arm, at another time.`,
        ]),
    ...(load?.kind === 'open'
      ? ['Latencies run from when a request was due, so that what waits behind a slow one counts.']
      : []),
    'first requests: the sum of the first latency of every distinct request.',
    'time lost: latency above the steady level, summed; what a start costs the users of those rounds.',
    'steady level: mean of the last third of the rounds, summed over the requests of a round.',
    ...(ratios.some(({ low, ratio, high }) => [low, ratio, high].includes(null))
      ? ['\u221e: the other arm lost no time, so that there is nothing to divide by.']
      : []),
    ...(warmups.every((warmup) => warmup.class === null)
      ? []
      : [
          'capacity lost: requests that a steady process would have served to one connection meanwhile.',
        ]),
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
