import { formatLevel } from '../../dashboard/analysis/units.ts'
import type { CompareReport } from '../../formats/compare-report.ts'
import type { Judgement } from '../compare/expression.ts'
import { compareTables, headingOf, type CompareTable } from './compare-table.ts'
import { printable } from './text.ts'

/** The figures, conditions, verdict and warnings as GitHub markdown, for a comment or the summary of a job. */
export function renderCompareMarkdown(
  report: CompareReport,
  judgements: readonly Judgement[],
): string {
  const { app, baseline, level, verdict, warnings } = report
  const sections = [
    `### prewarm compare`,
    `${code(app)} on ${escape(headingOf(report))}`,
    list(verdict.split('\n').map(escape)),
    list(judgements.map(judgementLine)),
    ...compareTables(report).map(table),
    baseline === undefined
      ? ''
      : `The baseline is ${code(baseline.name)}, measured at another time.`,
    warnings.length === 0
      ? ''
      : `> [!WARNING]\n${warnings.map((line) => `> - ${escape(line)}`).join('\n')}`,
    `Medians over the runs; x0.25 is a quarter of the other arm, in brackets the ${formatLevel(level)} interval, = is no difference.`,
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function judgementLine({ expression, isMissed, found }: Judgement): string {
  return `${isMissed ? '❌' : '✅'} fail if ${code(expression.text)}: ${escape(found)}`
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}

function table({ columns, rows }: CompareTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ title }) => escape(title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map((cell) => escape(cell.trim())))),
  ].join('\n')
}

/** Nothing in it is markup, ends a table cell or calls somebody. */
function escape(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~#!]/g, '\\$&')
    .replaceAll('@', '@<!-- -->')
}

/** A code span whose fence is longer than all backticks in it; a pipe would end a table cell there, too. */
function code(text: string): string {
  const clean = printable(text).replaceAll('|', '\u00a6')
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = clean.startsWith('`') || clean.endsWith('`') ? ' ' : ''
  return `${fence}${space}${clean}${space}${fence}`
}
