import { formatBytes, formatCount } from '../../dashboard/analysis/units.ts'
import type { Merged } from '../../formats/merge/merge.ts'
import { sum } from '../grouping.ts'
import { countUses } from './inspect.ts'
import { renderTable } from './table.ts'
import { bold, lineWidth, shorten, titled, wrapWords } from './text.ts'

export interface MergeView extends Merged {
  /** The merged profile. */
  readonly file: string
  readonly sizeBytes: number
  /** Sentences on the choice of files. */
  readonly warnings: readonly string[]
}

const shown = 8
const left = { align: 'left' } as const
const right = { align: 'right' } as const

/** What was merged, what came of it and what could not be kept, in lines of 100 columns at most. */
export function renderMerge({
  file,
  sizeBytes,
  profile,
  losses,
  recordings,
  warnings,
}: MergeView): string {
  const { meta, modules, functions, requests, work } = profile
  const uses = countUses(requests.routes.flatMap(({ exemplars }) => exemplars))
  const title = `${file}: ${meta.appId}, generation ${meta.generation ?? 0}, ${formatBytes(sizeBytes)}`
  const counts = [
    `${formatCount(modules.length)} modules`,
    `${formatBytes(sum(modules, ({ cacheBytes }) => cacheBytes))} of code caches`,
    `${formatCount(functions.length)} hot functions`,
    `${formatCount(requests.routes.length)} routes`,
    `${formatCount(uses.rehearse)} + ${formatCount(uses.compare)} requests to rehearse and to compare`,
    ...(work.length === 0 ? [] : [`${formatCount(work.length)} kinds of work`]),
  ]
  const lost = lossesOf(losses)
  return [
    [bold(shorten(title, lineWidth)), ...wrapWords(counts.join(', '), lineWidth)].join('\n'),
    renderRecordings(recordings),
    ...(lost.length === 0 ? [] : [titled('Not everything is kept', lost.join('\n'))]),
    ...(warnings.length === 0
      ? []
      : [warnings.flatMap((text) => wrapWords(text, lineWidth)).join('\n')]),
  ].join('\n\n')
}

function renderRecordings(recordings: Merged['recordings']): string {
  const columns = [
    { title: 'Recorded', ...left },
    { title: 'Node', ...left },
    { title: 'Requests', ...right },
    { title: 'Weight', ...right },
    { title: 'Of', ...left },
  ]
  const rows = recordings.map(({ name, weight, profile: { meta } }) => [
    shorten(meta.createdAt, 24),
    shorten(meta.node, 12),
    formatCount(meta.requestCount),
    String(weight),
    shorten(name, 32),
  ])
  return renderTable(columns, rows)
}

function lossesOf({
  conflicts,
  withoutCache,
  outdatedFunctions,
  requests,
  calls,
}: Merged['losses']): readonly string[] {
  return [
    ...examples(
      conflicts,
      'Files that differ between recordings; that of the newest counts',
      ({ path, kept, outdated }) => `${path}: of ${kept}, not ${outdated.join(', ')}`,
    ),
    ...examples(
      withoutCache,
      'Modules without their code cache: it was made under another tag, or of another source',
      (id) => id,
    ),
    ...count(outdatedFunctions, 'Hot functions of sources that do not count any more'),
    ...count(requests, 'Distinct requests beyond what a profile keeps'),
    ...count(calls, 'Distinct calls of work beyond what a profile keeps'),
  ]
}

function examples<T>(
  entries: readonly T[],
  what: string,
  lineOf: (entry: T) => string,
): readonly string[] {
  const lines = entries.slice(0, shown).map((entry) => shorten(`  ${lineOf(entry)}`, lineWidth))
  const more = entries.length - lines.length
  return [
    ...count(entries.length, what),
    ...lines,
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ]
}

function count(entries: number, what: string): readonly string[] {
  return entries === 0 ? [] : [`${what}: ${formatCount(entries)}`]
}
