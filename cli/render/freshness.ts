import { formatCount } from '../../dashboard/analysis/units.ts'
import type { Freshness } from '../freshness.ts'
import { lineWidth, shorten, titled } from './text.ts'

/** Which modules are as recorded, with the first `top` of those that are not; empty: there is nothing to compare. */
export function renderFreshness(freshness: Freshness, top: number): string {
  const { root, fresh, changed, missing, notCompared } = freshness
  const total = fresh + changed.length + missing.length
  const counts: string[] = []
  if (total > 0) {
    counts.push(`${formatCount(fresh)} of ${formatCount(total)} modules are as recorded`)
  }
  if (notCompared.length > 0) {
    const count = formatCount(notCompared.length)
    counts.push(`${count} not compared: V8 gets TypeScript and JSX as another text`)
  }
  if (counts.length === 0) return ''
  const lines = [
    `Compared with ${root}`,
    ...counts,
    ...examples('changed', changed, top),
    ...examples('missing', missing, top),
  ]
  if (missing.length * 2 > total) {
    lines.push('Most modules are missing: --app should point to the folder of the application.')
  }
  return titled('Freshness', lines.map((line) => shorten(line, lineWidth)).join('\n'))
}

function examples(what: string, paths: readonly string[], top: number): string[] {
  if (paths.length === 0) return []
  const shown = paths.slice(0, top).map((path) => `  ${path}`)
  if (paths.length > top) shown.push(`  and ${formatCount(paths.length - top)} more`)
  return [`${formatCount(paths.length)} ${paths.length === 1 ? 'is' : 'are'} ${what}:`, ...shown]
}
