import { html, nothing, type TemplateResult } from 'lit'
import { formatMs } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { inlineCode } from '../inline-code.ts'
import { budgetText, findingsOf, type Finding } from './findings.ts'
import { timelineOf } from './timeline.ts'

const signs: Readonly<Record<Finding['tone'], readonly [sign: string, word: string]>> = {
  good: ['✓', 'Good:'],
  info: ['·', ''],
  warning: ['!', 'Attention:'],
  bad: ['✕', 'Trouble:'],
}

/** What a newcomer wants to know of a start: whether the profile was applied, what was not, and why. */
export function headlinePanel(report: RunReport): TemplateResult {
  const { outcome, reason, openMs, budgetMs, detail } = report
  const { budget } = timelineOf(report)
  return html`<section class="panel" aria-labelledby="headline">
    <div class="headline">
      <h1 id="headline">
        ${outcome === 'applied' ? 'The profile was applied' : 'The start was cold'}
      </h1>
      <span class=${`badge ${outcome === 'applied' ? 'good' : 'bad'}`}>${outcome}</span>
      ${reason === null ? nothing : html`<code>${reason}</code>`}
    </div>
    <ul class="findings">
      ${findingsOf(report).map(renderFinding)}
    </ul>
    <dl class="facts figure">
      <dt>Open after</dt>
      <dd>${openMs === null ? 'not known: the start was cold' : formatMs(openMs)}</dd>
      <dt>Budget used</dt>
      <dd>
        ${budget === null ? `none of ${formatMs(budgetMs)}` : budgetText(budget.usedMs, budgetMs)}
      </dd>
      <dt>In its own words</dt>
      <dd>${detail}</dd>
      <dt>Process</dt>
      <dd>
        ${report.appId ?? 'unknown application'}, Node ${report.node}, process ${report.pid},
        ${report.startedAt}, mode ${report.mode}, prewarm ${report.prewarm}
      </dd>
      <dt>Profile</dt>
      <dd>${report.profile ?? 'none'}</dd>
    </dl>
  </section>`
}

function renderFinding({ tone, text }: Finding): TemplateResult {
  const [sign, word] = signs[tone]
  return html`<li>
    <span class=${tone} aria-hidden="true">${sign}</span>
    <span class="break"><span class="hidden">${word}</span> ${inlineCode(text)}</span>
  </li>`
}
