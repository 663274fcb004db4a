import { reasons } from '../../formats/reasons.ts'
import type { RunReport } from '../../formats/report.ts'
import { groupBy } from '../grouping.ts'
import type { AppliedKind } from '../verify/applied.ts'
import type { Deopt } from '../verify/deopts.ts'
import { renderTable } from './table.ts'
import { bold, lineWidth, shorten, titled, wrapWords } from './text.ts'
import { formatCount, formatMs, formatShare } from '../../dashboard/analysis/units.ts'

export interface VerifiedView {
  /** The profile. */
  readonly file: string
  readonly report: RunReport
  readonly kinds: readonly AppliedKind[]
  /** 0 to 1; null: there was nothing to apply. */
  readonly share: number | null
  /** undefined: nobody has asked. */
  readonly deopts: readonly Deopt[] | undefined
}

const shown = 20
const indent = ' '.repeat(4)
const widths = { unit: 46, reason: 45 }
const left = { align: 'left' } as const
const right = { align: 'right' } as const

/** How much of a profile a start applies and why not the rest, in lines of 100 columns. */
export function renderVerified({ file, report, kinds, share, deopts }: VerifiedView): string {
  const { outcome, reason, detail, node, skipped, guard } = report
  const head = bold(shorten(`${file} on Node ${node.replace(/^v/, '')}`, lineWidth))
  if (outcome === 'cold') {
    const isOfGuard = guard?.inForce.some((each) => each.reason === reason) === true
    const sentences = [
      `Cold: the service would start as if prewarm were not there. ${reason ?? ''}: ${detail}`,
      ...(isOfGuard
        ? ['`prewarm guard status` has the evidence, `prewarm guard clear` takes it back.']
        : []),
    ]
    return [head, ...sentences.flatMap((text) => wrapWords(text, lineWidth))].join('\n')
  }
  const parts = [
    [head, ...wrapWords(summaryOf(report, share), lineWidth)].join('\n'),
    ...(kinds.length === 0 ? [] : [renderKinds(kinds)]),
  ]
  const why = kinds.flatMap(renderReasons)
  if (why.length > 0) parts.push(titled('Why not the rest', why.join('\n')))
  // With the flags of --deopts that is all code caches.
  const named =
    deopts === undefined ? skipped : skipped.filter(({ reason }) => reason !== 'TAG_MISMATCH')
  if (named.length > 0) parts.push(renderSkipped(named))
  const standing = guard?.inForce ?? []
  if (standing.length > 0) {
    const lines = standing.slice(0, shown).flatMap((each) => {
      return wrapWords(`${each.reason}: ${each.detail}`, lineWidth)
    })
    parts.push(titled('The guard holds against it', lines.join('\n')))
  }
  if (deopts !== undefined) parts.push(renderDeopts(deopts))
  return parts.join('\n\n')
}

function summaryOf({ detail, openMs }: RunReport, share: number | null): string {
  const applied =
    share === null ? 'The profile has nothing to apply' : `${formatShare(share, 1)} of it applies`
  const when = openMs === null ? '' : ` The port would have opened after ${formatMs(openMs)}.`
  return `${applied}: ${detail}.${when}`
}

function renderKinds(kinds: readonly AppliedKind[]): string {
  const columns = [
    { title: 'Kind', ...left },
    { title: 'Applied', ...right },
    { title: 'Of', ...right },
    { title: 'Share', ...right },
  ]
  const rows = kinds.map(({ kind, applied, offered }) => [
    kind,
    formatCount(applied),
    formatCount(offered),
    formatShare(applied, offered),
  ])
  return renderTable(columns, rows)
}

function renderReasons({ kind, skipped }: AppliedKind): string[] {
  return skipped.flatMap(({ reason, count }) => [
    `${formatCount(count)} ${kind}: ${reason}`,
    ...wrapWords(reasons[reason], lineWidth - indent.length).map((line) => indent + line),
  ])
}

/** Requests of one route have one name. */
function renderSkipped(skipped: RunReport['skipped']): string {
  const groups = groupBy(
    skipped,
    ({ unit, reason, detail = '' }) => `${unit}\n${reason}\n${detail}`,
  )
  const rows = [...groups.values()].slice(0, shown).flatMap(([first, ...same]) => {
    if (first === undefined) return []
    const { unit, reason, detail } = first
    const about = detail === undefined ? '' : `: ${detail}`
    const times = formatCount(same.length + 1)
    return [[times, shorten(unit, widths.unit), shorten(reason + about, widths.reason)]]
  })
  const columns = [{ title: 'Units', ...right }, { title: 'Name' }, { title: 'Reason' }]
  const note = groups.size > shown ? `first ${shown}; --json has more` : ''
  return titled('Not applied', renderTable(columns, rows), note)
}

function renderDeopts(deopts: readonly Deopt[]): string {
  const title = 'Lost optimised code'
  const why =
    'Code caches do not apply with --deopts: its flags are part of what V8 accepts them by.'
  if (deopts.length === 0) return titled(title, `None did. ${why}`)
  const columns = [{ title: 'Times', ...right }, { title: 'Function' }, { title: 'Reason' }]
  const rows = deopts.slice(0, shown).map(({ name, reason, count }) => {
    return [formatCount(count), shorten(name || '(anonymous)', 36), shorten(reason, 54)]
  })
  const note = deopts.length > shown ? `first ${shown} of ${deopts.length}` : ''
  return titled(title, `${renderTable(columns, rows)}\n\n${why}`, note)
}
