import type { Exchange, LedgerEntry, Profile } from '../../formats/profile.ts'
import { groupBy, sum } from '../grouping.ts'
import { effectsOf, outcomesOf, tapesOf } from '../route-facts.ts'
import { bold, dim, lineWidth, shorten } from './text.ts'
import { formatBytes, formatCount, formatShare } from '../../dashboard/analysis/units.ts'

const labelWidth = 10
const maxLines = 10

/** What the requests of each route do besides answering, in lines of 100 columns; most frequent routes first. */
export function renderRoutes(
  file: string,
  { meta, requests: { routes }, ledger, tapes }: Profile,
): string {
  const title = bold(shorten(`${file}: ${meta.appId}`, lineWidth))
  if (routes.length === 0) return `${title}\n\nNo requests were recorded.`
  const total = sum(routes, ({ count }) => count)
  const entries = groupBy(ledger, ({ route }) => route)
  const exchanges = groupBy(tapes, ({ route }) => route)
  const parts = routes
    .map((route, index) => ({ route, index }))
    .sort((a, b) => b.route.count - a.route.count)
    .map(({ route, index }) => {
      const { count, exemplars } = route
      const counts =
        `${formatCount(count)} requests, ${formatShare(count, total)}; ` +
        `${formatCount(exemplars.length)} kept`
      const name = shorten(`${route.method} ${route.route}`, lineWidth - counts.length - 2)
      return [
        `${bold(name)}  ${dim(counts)}`,
        ...trialLines(entries.get(index) ?? []),
        ...effectLines(entries.get(index) ?? []),
        ...tapeLines(exchanges.get(index) ?? []),
      ].join('\n')
    })
  return [title, ...parts].join('\n\n')
}

function trialLines(ledger: readonly LedgerEntry[]): string[] {
  const outcomes = Object.entries(outcomesOf(ledger)).map(([name, count]) => `${count} ${name}`)
  const notes = groupBy(
    ledger.filter(({ note }) => note !== ''),
    ({ note }) => note,
  )
  return labelled('trial', [
    outcomes.length === 0 ? 'none: nobody knows what they do' : outcomes.join(', '),
    ...[...notes].map(([note, group]) => `${group.length}: ${note}`),
  ])
}

function effectLines(ledger: readonly LedgerEntry[]): string[] {
  if (ledger.length === 0) return []
  const effects = [...effectsOf(ledger)].map(([name, count]) => `${name} (${count})`)
  return labelled('effects', effects.length === 0 ? ['none'] : firstOf(effects))
}

function tapeLines(tapes: readonly Exchange[]): string[] {
  if (tapes.length === 0) return []
  const { count, bytes } = tapesOf(tapes)
  const calls = groupBy(tapes, ({ method, url, status }) => `${method} ${url} ${status}`)
  return labelled('tapes', [
    `${formatCount(count)} ${count === 1 ? 'answer' : 'answers'}, ${formatBytes(bytes)}`,
    ...firstOf([...calls].map(([call, group]) => `${call} (${group.length})`)),
  ])
}

/** The target of an outbound call may have an id in it, and then there are many. */
function firstOf(lines: readonly string[]): string[] {
  const left = lines.length - maxLines
  return left <= 1 ? [...lines] : [...lines.slice(0, maxLines), `and ${left} more (--json)`]
}

/** The label stands before the first line. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => {
    const margin = `  ${index === 0 ? label : ''}`.padEnd(labelWidth + 2)
    return margin + shorten(line, lineWidth - margin.length)
  })
}
