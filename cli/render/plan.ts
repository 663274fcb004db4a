import { reasons } from '../../formats/reasons.ts'
import { sum } from '../grouping.ts'
import type {
  PlannedEffect,
  RefusedGroup,
  RehearsalPlan,
  RoutePlan,
  WorkPlan,
} from '../plan/rehearsal-plan.ts'
import { bold, lineWidth, printable, shorten, wrapWords } from './text.ts'
import { formatCount, formatShare } from '../../dashboard/analysis/units.ts'

export interface PlanView {
  /** The profile. */
  readonly file: string
  readonly appId: string
  /** The configuration file that counts; undefined: none. */
  readonly configFile: string | undefined
  readonly plan: RehearsalPlan
  /** Sentences on settings that prevent rehearsal altogether. */
  readonly warnings: readonly string[]
}

const indent = ' '.repeat(4)
const widths = { share: 6, rehearsed: 9 }

/**
 * Which recorded requests would be rehearsed and why the others would not, by route, in lines of 100 columns; only options
 * that are meant to be copied are never cut.
 */
export function renderPlan({ file, appId, configFile, plan, warnings }: PlanView): string {
  const head = [
    bold(shorten(`${file}: ${appId}`, lineWidth)),
    ...renderPolicy(plan),
    ...(configFile === undefined ? [] : [shorten(`Settings from ${configFile}`, lineWidth)]),
  ]
  const { routes, work } = plan
  const table =
    routes.length === 0 ? [] : [row('Share', 'Rehearsed', 'Route'), ...routes.flatMap(renderRoute)]
  const workTable =
    work.length === 0 ? [] : [row('Calls', 'Rehearsed', 'Work'), ...work.flatMap(renderWork)]
  const nothing =
    routes.length + work.length === 0
      ? ['No requests were recorded: nothing can be rehearsed.']
      : []
  const end = [
    ...warnings.flatMap((text) => wrapWords(text, lineWidth)),
    ...(routes.length === 0 ? [] : wrapWords(summaryOf(plan), lineWidth)),
    ...(work.length === 0 ? [] : wrapWords(summaryOfWork(work), lineWidth)),
  ]
  return [head, table, workTable, nothing, end]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')
}

/** `12 of 15 requests on 5 of 8 routes would be rehearsed: 91.2% of the traffic; 3 held out.` */
export function summaryOf({ routes, rehearsedShare }: RehearsalPlan): string {
  const rehearsed = sum(routes, ({ exemplars }) => exemplars.rehearsed)
  const refused = sum(routes, ({ exemplars }) => exemplars.refused)
  const heldOut = sum(routes, ({ exemplars }) => exemplars.heldOut)
  const warm = routes.filter(({ exemplars }) => exemplars.rehearsed > 0).length
  const rest = heldOut === 0 ? '' : `; ${formatCount(heldOut)} held out`
  return (
    `${formatCount(rehearsed)} of ${formatCount(rehearsed + refused)} requests on ` +
    `${formatCount(warm)} of ${formatCount(routes.length)} routes would be rehearsed: ` +
    `${formatShare(rehearsedShare, 1)} of the traffic${rest}.`
  )
}

/** `16 of 18 calls of 2 of 3 kinds of work would be rehearsed where the application asks for it.` */
function summaryOfWork(work: readonly WorkPlan[]): string {
  const rehearsed = sum(work, ({ samples }) => samples.rehearsed)
  const refused = sum(work, ({ samples }) => samples.refused)
  const warm = work.filter(({ samples }) => samples.rehearsed > 0).length
  return (
    `${formatCount(rehearsed)} of ${formatCount(rehearsed + refused)} calls of ` +
    `${formatCount(warm)} of ${formatCount(work.length)} kinds of work would be rehearsed ` +
    'where the application asks for it.'
  )
}

function renderPolicy({ policy }: RehearsalPlan): string[] {
  const { rehearse, skip, tcp, allow } = policy
  const lists = Object.entries({ rehearse, skip, allow }).filter(([, names]) => names.length > 0)
  const parts = [`tcp ${tcp}`, ...lists.map(([key, names]) => `${key} ${names.join(', ')}`)]
  const replaces = lists.length === 0 ? [] : ['An option takes the place of the whole list.']
  return [...parts.map((part) => shorten(`Policy: ${part}`, lineWidth)), ...replaces]
}

/** Of the effects that stand in nobody's way so many are shown. */
const maxAllowed = 4

function renderRoute(plan: RoutePlan): string[] {
  const { method, route, share, exemplars, effects, refused } = plan
  const { rehearsed } = exemplars
  const total = rehearsed + exemplars.refused
  const name = shorten(`${method} ${route}`, lineWidth - widths.share - widths.rehearsed - 4)
  const lines = [
    row(formatShare(share, 1), `${rehearsed} of ${total}`, name),
    ...renderEffects(effects),
  ]
  if (total === 0) {
    const why = exemplars.heldOut > 0 ? 'its only one is kept for prewarm compare' : 'none was kept'
    lines.push(`${indent}no request of it can be rehearsed: ${why}`)
  }
  return [...lines, ...refused.flatMap(renderRefused)]
}

function renderWork({ name, calls, samples, effects, refused }: WorkPlan): string[] {
  const total = samples.rehearsed + samples.refused
  const shown = shorten(name, lineWidth - widths.share - widths.rehearsed - 4)
  return [
    row(formatCount(calls), `${samples.rehearsed} of ${total}`, shown),
    ...renderEffects(effects),
    ...(total === 0 ? [`${indent}none of its calls was kept (prewarm inspect)`] : []),
    ...refused.flatMap(renderRefused),
  ]
}

function renderEffects(effects: readonly PlannedEffect[]): string[] {
  const lines: string[] = []
  const allowedOnes = effects.filter(({ allowed }) => allowed)
  const left = Math.max(0, allowedOnes.length - maxAllowed)
  const hidden = new Set(allowedOnes.slice(maxAllowed))
  for (const each of effects) {
    if (hidden.has(each)) continue
    const { name: effect, allowed } = each
    const mark = allowed ? '' : ' (refused)'
    lines.push(indent + shorten(`does ${effect}`, lineWidth - 4 - mark.length) + mark)
  }
  if (left > 0) lines.push(`${indent}and ${left} more, all allowed (prewarm inspect --routes)`)
  return lines
}

function renderRefused({ reason, detail, exemplars, advice, options }: RefusedGroup): string[] {
  const why = `${exemplars} ${reason}: ${detail || reasons[reason]}`
  return [
    ...block(why, indent),
    ...(advice === '' ? [] : block(advice, indent.repeat(2))),
    ...options.map((option) => `${indent.repeat(3)}${printable(option)}`),
  ]
}

function block(text: string, margin: string): string[] {
  return wrapWords(text, lineWidth - margin.length).map((line) => margin + line)
}

function row(share: string, rehearsed: string, route: string): string {
  return `${share.padStart(widths.share)}  ${rehearsed.padStart(widths.rehearsed)}  ${route}`
}
