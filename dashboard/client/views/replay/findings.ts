import { formatCount, formatMs, formatShare } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { guardWords } from './guard-words.ts'
import { reasonKinds, wordsOf } from './reason-advice.ts'
import { partsOf, unexpectedOf, type PartCounts } from './unit-counts.ts'

export interface Finding {
  readonly tone: 'good' | 'info' | 'warning' | 'bad'
  readonly text: string
}

/** The report in a few sentences: what was applied, what was not, and why. */
export function findingsOf(report: RunReport): readonly Finding[] {
  if (report.outcome === 'cold') return coldFindings(report)
  const { rehearsal, tierUp } = report
  const findings = partsOf(report)
    .filter(({ total }) => total > 0)
    .map(partFinding)
  if (rehearsal.stopped !== null) {
    findings.push({
      tone:
        rehearsal.stopped === 'cap' || rehearsal.stopped === 'BUDGET_SPENT' ? 'info' : 'warning',
      text: `${roundsText(rehearsal)} ${stopSentence(rehearsal.stopped)}`,
    })
  }
  if (!report.flagsRestored) {
    findings.push({
      tone: 'bad',
      text: 'A flag of V8 is not what it was at the start: code caches of this process may be refused.',
    })
  }
  const guard = guardWords(report.guard)
  if (guard.tone === 'bad') {
    findings.push({ tone: 'bad', text: `${guard.headline}. ${guard.sentences[0] ?? ''}` })
  }
  if (tierUp.applied === 0 && Object.keys(tierUp.skipped).length === 0) {
    findings.push({
      tone: 'info',
      text: 'No function was optimised ahead: the profile names none, or this Node.js gains nothing by it.',
    })
  }
  return findings
}

function coldFindings({ reason, mode }: RunReport): readonly Finding[] {
  const words = wordsOf(reason ?? 'INTERNAL_ERROR')
  return [
    { tone: words.kind === 'intended' ? 'info' : 'bad', text: words.sentence },
    { tone: 'info', text: words.advice },
    ...(mode === 'strict'
      ? [
          {
            tone: 'info' as const,
            text: 'The mode is strict: the process ended instead of serving cold.',
          },
        ]
      : [{ tone: 'info' as const, text: 'The service started as it does without prewarm.' }]),
  ]
}

function partFinding(part: PartCounts): Finding {
  const { applied, total, units, skipped } = part
  const why = skipped
    .slice(0, 3)
    .map(({ words, count }) => {
      return `${formatCount(count)} ${reasonKinds[words.kind].title} (${words.code})`
    })
    .join(', ')
  const text =
    applied === total
      ? `All ${formatCount(total)} ${units} were applied.`
      : `${formatCount(applied)} of ${formatCount(total)} ${units} were applied. The rest: ${why}${skipped.length > 3 ? ' and others' : ''}.`
  return { tone: unexpectedOf(part).length === 0 ? 'good' : 'warning', text }
}

function roundsText({ rounds, requests }: RunReport['rehearsal']): string {
  return rounds === 0
    ? 'No request was rehearsed.'
    : `The rehearsal made ${formatCount(rounds)} rounds, ${formatCount(requests)} requests in all.`
}

/** Why a rehearsal ended, in words. */
export function stopSentence(stopped: NonNullable<RunReport['rehearsal']['stopped']>): string {
  if (stopped === 'cap') return 'It ended with the last of the rounds that it may make.'
  if (stopped === 'BUDGET_SPENT')
    return 'It ended because its budget of time was spent, which is usual.'
  const { sentence } = wordsOf(stopped)
  return `It ended early (${stopped}): ${sentence}`
}

/** `2.00 s of 2.00 s (100.0%)` */
export function budgetText(usedMs: number, budgetMs: number): string {
  return `${formatMs(usedMs)} of ${formatMs(budgetMs)} (${formatShare(usedMs, budgetMs)})`
}
