import { isDifferent } from '../../dashboard/analysis/profile-diff.ts'
import { formatCount } from '../../dashboard/analysis/units.ts'
import type { ProfileDiff, UnitAspect, UnitChange } from '../../dashboard/api.ts'
import { renderTable } from './table.ts'
import { bold, lineWidth, shorten, titled } from './text.ts'

/** Two profiles, the one before first. */
export interface DiffView extends ProfileDiff {
  /** Why routes are missing of one of them; undefined: they are not. */
  readonly locked: string | undefined
}

const kinds = ['modules', 'functions', 'routes'] as const
const order: readonly UnitChange['change'][] = ['changed', 'added', 'removed', 'kept']
const signs: Readonly<Record<UnitChange['change'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  kept: ' ',
}
const legend = '+ added, - removed, ~ changed; no sign: kept, and different in what is beside it'
const columns: readonly (readonly [title: string, ...UnitAspect[]])[] = [
  ['Moved', 'moved'],
  ['Tier', 'tier'],
  ['Up', 'hotter', 'more'],
  ['Down', 'colder', 'less'],
]

/** What differs between two profiles, in lines of 100 columns at most; `top` lines of each kind. */
export function renderDiff(diff: DiffView, top: number): string {
  const head = [
    bold(shorten(`from ${diff.from}`, lineWidth)),
    bold(shorten(`  to ${diff.to}`, lineWidth)),
  ]
  const parts = [
    head.join('\n'),
    `${renderCounts(diff)}\n${hasDifferences(diff) ? legend : 'Nothing differs.'}`,
    ...renderUnits('Recorded under other conditions', diff.meta, top),
    ...kinds.flatMap((kind) => renderUnits(titleOf(kind), diff[kind], top)),
    ...(diff.locked === undefined ? [] : [titled('Routes', diff.locked)]),
  ]
  return parts.join('\n\n')
}

export function hasDifferences({ meta, modules, functions, routes }: ProfileDiff): boolean {
  return [meta, modules, functions, routes].some((changes) => changes.some(isDifferent))
}

function renderCounts(diff: ProfileDiff): string {
  const right = { align: 'right' } as const
  const titles = ['Kept', 'Added', 'Removed', 'Changed', ...columns.map(([title]) => title)]
  const rows = kinds.map((kind) => {
    const changes = diff[kind]
    const count = (holds: (each: UnitChange) => boolean): string =>
      formatCount(changes.filter(holds).length)
    return [
      titleOf(kind),
      ...(['kept', 'added', 'removed', 'changed'] as const).map((wanted) =>
        count(({ change }) => change === wanted),
      ),
      ...columns.map(([, ...wanted]) =>
        count(({ aspects }) => wanted.some((aspect) => aspects.includes(aspect))),
      ),
    ]
  })
  return renderTable([{ title: '' }, ...titles.map((title) => ({ title, ...right }))], rows)
}

function renderUnits(title: string, changes: readonly UnitChange[], top: number): string[] {
  const different = order.flatMap((wanted) =>
    changes.filter((each) => each.change === wanted && isDifferent(each)),
  )
  if (different.length === 0) return []
  const lines = different.slice(0, top).map(({ unit, change, aspects, detail }) => {
    const named = aspects.filter((aspect) => aspect === 'hotter' || aspect === 'colder')
    const text = [...named, detail].filter(Boolean).join(', ')
    const name = shorten(unit, lineWidth - 2)
    const line = `${signs[change]} ${name}`
    const room = lineWidth - line.length - 2
    return text === '' || room < 10 ? line : `${line}  ${shorten(text, room)}`
  })
  if (different.length > top) lines.push(`  and ${formatCount(different.length - top)} more`)
  return [titled(title, lines.join('\n'))]
}

function titleOf(kind: (typeof kinds)[number]): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}
