import path from 'node:path'
import { formatBytes, formatCount, formatShare } from '../../dashboard/analysis/units.ts'
import type { Baked } from '../bake/baked.ts'
import { sum } from '../grouping.ts'
import { renderTable } from './table.ts'
import { bold, lineWidth, printable, wrapWords } from './text.ts'

export interface BakeView {
  /** The profile. */
  readonly file: string
  readonly baked: Baked
  /** Sentences on what will keep the caches from being used. */
  readonly warnings: readonly string[]
}

const names = { cjs: 'CommonJS', esm: 'ES modules' } as const

/** What was baked, of what kind and how much, and why not the rest. */
export function renderBake({ file, baked, warnings }: BakeView): string {
  const { node, arch, folder, fromProfile, pack } = baked
  const kinds = baked.kinds.filter(({ recorded }) => recorded > 0)
  const table = renderTable(
    [
      { title: 'Modules' },
      { title: 'recorded', align: 'right' },
      { title: 'baked', align: 'right' },
      { title: 'changed', align: 'right' },
      { title: 'missing', align: 'right' },
      { title: 'size', align: 'right' },
    ],
    kinds.map(({ kind, recorded, baked: made, changed, missing, bytes }) => [
      names[kind],
      formatCount(recorded),
      formatCount(made),
      formatCount(changed),
      formatCount(missing),
      formatBytes(bytes),
    ]),
  )
  const origin = fromProfile
    ? 'The caches of the profile were taken, with the functions that ran in staging.'
    : 'V8 would refuse the caches of the profile here (other V8 flags, processor or build): all functions were compiled anew, which makes larger ones.'
  const share = formatShare(
    sum(kinds, (kind) => kind.baked),
    sum(kinds, ({ recorded }) => recorded),
  )
  return [
    bold(`${printable(file)} for Node ${node}, ${arch}`),
    '',
    ...(kinds.length === 0
      ? folder === null
        ? []
        : ['The profile has no code caches.', '']
      : [table, '', `${share} of the recorded modules.`, ...wrapWords(origin, lineWidth)]),
    ...wrapWords(
      `Load pack: ${formatCount(pack.modules)} modules with their sources and ${formatCount(pack.resolutions)} resolutions, ${formatBytes(pack.bytes)}${pack.left === 0 ? '' : `; ${formatCount(pack.left)} resolutions lead elsewhere here`}.`,
      lineWidth,
    ),
    `In ${printable(folder ?? path.dirname(pack.file))}`,
    ...warnings.flatMap((text) => wrapWords(text, lineWidth)),
  ].join('\n')
}
