import { formatBytes, formatCount, formatShare } from '../../dashboard/analysis/units.ts'
import type { CheckedProfile } from '../check/check.ts'
import type { ValidKind } from '../check/validity.ts'
import { formatAge } from './age.ts'
import { renderFreshness } from './freshness.ts'
import { renderTable } from './table.ts'
import { bold, lineWidth, shorten, titled, wrapWords } from './text.ts'

const left = { align: 'left' } as const
const right = { align: 'right' } as const
const shownPaths = 8

/**
 * What share of a profile is still valid, and what no longer is, in lines of 100 columns at most.
 *
 * @param nowMs - since 1970
 */
export function renderCheck(checked: CheckedProfile, nowMs: number): string {
  const { file, meta, here, kinds, keptInChanged, mismatches, freshness } = checked
  const { createdAt, generation, parents = [] } = meta
  const age = formatAge(nowMs - Date.parse(createdAt))
  const head = [
    bold(shorten(`${file}: ${meta.appId}`, lineWidth)),
    fact('Recorded', [`${createdAt}, ${age}`, `Node ${meta.node}`]),
    ...(generation === undefined
      ? []
      : [fact('Merged', [`generation ${generation}`, `of ${parents.length} profiles`])]),
    fact('Here', [`Node ${here.node}`, `${here.platform} ${here.arch}`]),
  ]
  const parts = [head.join('\n')]
  if (kinds.length > 0) parts.push(renderKinds(kinds, keptInChanged))
  if (mismatches.length > 0) {
    const lines = mismatches.flatMap(({ reason, detail }) =>
      wrapWords(`${reason}: ${detail}`, lineWidth),
    )
    parts.push(titled('Does not fit', lines.join('\n')))
  }
  parts.push(renderFreshness(freshness, shownPaths))
  return parts.filter((part) => part !== '').join('\n\n')
}

function fact(name: string, items: readonly string[]): string {
  return shorten(`${name.padEnd(13)}${items.join(', ')}`, lineWidth)
}

function renderKinds(kinds: readonly ValidKind[], keptInChanged: number): string {
  const columns = [
    { title: 'Kind', ...left },
    { title: 'Valid', ...right },
    { title: 'Of', ...right },
    { title: 'Share', ...right },
  ]
  const rows = kinds.map(({ kind, valid, of }) => {
    const format = kind === 'code caches' ? formatBytes : formatCount
    return [kind, format(valid), format(of), formatShare(valid, of)]
  })
  const note =
    keptInChanged === 0
      ? []
      : [`Functions unchanged in modules that have changed: ${formatCount(keptInChanged)}`]
  return [renderTable(columns, rows), ...note].join('\n')
}
