import { PrewarmError } from '../../formats/errors.ts'
import { exportFormats, type CurveAxis, type ExportFormat } from '../api.ts'
import type { CurvesQuery } from './tasks.ts'

const defaultPoints = 2000
const maxPoints = 20_000
const maxNameLength = 200

/** Values of a query string, each read once. All throw `ERR_PREWARM_DSH_REQUEST`. */
export function curvesQuery(query: Readonly<Record<string, string>>): CurvesQuery {
  return {
    axis: axisOf(query['axis'] ?? 'round'),
    route: query['route'] ?? null,
    points: Math.round(numberOf(query, 'points', defaultPoints, 4, maxPoints)),
    from: numberOf(query, 'from', 0),
    to: numberOf(query, 'to', Infinity),
  }
}

function axisOf(text: string): CurveAxis {
  if (text === 'round' || text === 'time') return text
  throw invalid('axis', text, 'round or time')
}

function numberOf(
  query: Readonly<Record<string, string>>,
  name: string,
  initial: number,
  smallest = -Infinity,
  largest = Infinity,
): number {
  const text = query[name]
  if (text === undefined) return initial
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(value) && value >= smallest && value <= largest) return value
  const bounds = Number.isFinite(smallest) ? ` from ${smallest} to ${largest}` : ''
  throw invalid(name, text, `a number${bounds}`)
}

export function exportFormat(text: string): ExportFormat {
  const format = exportFormats.find((each) => each === text)
  if (format === undefined) throw invalid('format', text, exportFormats.join(', '))
  return format
}

/** What a dropped file is called: for people only, it is never a path. */
export function droppedName(text: string | undefined): string {
  const base = (text ?? '').split(/[/\\]/).at(-1) ?? ''
  const name = base.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, maxNameLength)
  return name.trim() || 'dropped file'
}

function invalid(name: string, value: string, expected: string): PrewarmError {
  return new PrewarmError(
    'ERR_PREWARM_DSH_REQUEST',
    `${name}=${value.slice(0, 60)}: expected ${expected}`,
  )
}
