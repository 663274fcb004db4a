import pc from 'picocolors'
import type { GuardEvent } from '../../formats/guard-state.ts'
import { sentenceOf, type GuardView } from '../guard/guard-view.ts'
import { renderTable } from './table.ts'
import { lineWidth, printable, shorten, titled, wrapWords } from './text.ts'

const shownEvents = 10
const shownVerdicts = 20

/** What is in force for a profile and how it came to that, in lines of 100 columns. */
export function renderGuard(view: GuardView): string {
  const { file, appId, log, inForce, crashLoop, starting, events, trouble } = view
  const head = [
    pc.bold(shorten(`${file}: ${appId}`, lineWidth)),
    shorten(`State in ${log}`, lineWidth),
    ...(trouble === undefined ? [] : wrapWords(`It cannot be read: ${trouble}`, lineWidth)),
  ]
  const alive = starting.filter(({ fate }) => fate === 'alive').length
  const starts = [
    ...wrapWords(sentenceOf(crashLoop), lineWidth),
    ...(alive === 0 ? [] : [`${alive} running now and not proved yet.`]),
  ]
  const parts = [
    head.join('\n'),
    inForce.length === 0
      ? 'Nothing is in force: the next start uses the whole profile.'
      : titled(
          'In force',
          inForce.slice(0, shownVerdicts).map(renderVerdict).join('\n'),
          '`prewarm guard clear` takes it back',
        ),
    titled('Starts', starts.join('\n')),
  ]
  const left = inForce.length - shownVerdicts
  if (left > 0) parts.splice(2, 0, `and ${left} more (--json)`)
  if (events.length > 0) {
    const rows = events
      .slice(-shownEvents)
      .map((event) => [
        printable(event.at),
        shorten(`${event.pid} on ${event.host}`, 24),
        shorten(describe(event), 44),
      ])
    const note = events.length > shownEvents ? `last ${shownEvents} of ${events.length}` : ''
    const columns = ['Time', 'Process', 'Event'].map((title) => ({ title }))
    parts.push(titled('History', renderTable(columns, rows), note))
  }
  return parts.join('\n\n')
}

function renderVerdict(verdict: GuardView['inForce'][number]): string {
  const { reason, detail, at, pid, host, node } = verdict
  const margin = '  '
  const by = `since ${at}, by process ${pid} on ${host}, ${node}`
  return [
    reason,
    ...[detail, by].flatMap((text) =>
      wrapWords(text, lineWidth - margin.length).map((line) => margin + line),
    ),
  ].join('\n')
}

function describe(event: GuardEvent): string {
  switch (event.event) {
    case 'died':
      return event.start === 'applied' ? 'died with the profile' : 'died without the profile'
    case 'served':
      return event.start === 'applied' ? 'served with the profile' : 'served without the profile'
    case 'verdict':
      return `${event.reason}${event.function === undefined ? '' : `: ${event.function.name}`}`
    case 'acquitted':
      return `not ${event.reason}: it is as slow without the profile`
    case 'cleared':
      return 'cleared by hand'
  }
}
