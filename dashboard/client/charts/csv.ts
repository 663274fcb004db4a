import type { Series } from './series.ts'

export type Cell = string | number | null

/** Comma-separated values as RFC 4180 has them, with a first line of names. */
export function toCsv(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? String(Number(cell.toPrecision(12))) : ''
  // A spreadsheet would compute what begins like a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A line for each point of each series. */
export function seriesCsv(series: readonly Series[], xName: string): string {
  return toCsv(
    ['series', xName, 'median_ms', 'low_ms', 'high_ms'],
    series.flatMap(({ name, points }) =>
      points.map(({ x, y, low, high }) => [name, x, y, low ?? null, high ?? null]),
    ),
  )
}
