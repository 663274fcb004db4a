import { html, nothing, type TemplateResult } from 'lit'
import { formatMs } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { inlineCode } from '../inline-code.ts'
import { momentText } from '../moment-text.ts'
import { budgetText, findingsOf, type Finding } from './findings.ts'
import { timelineOf } from './timeline.ts'

const signs: Readonly<Record<Finding['tone'], readonly [sign: string, word: string]>> = {
  good: ['✓', 'Good:'],
  info: ['·', ''],
  warning: ['!', 'Attention:'],
  bad: ['✕', 'Trouble:'],
}

/** Which process it is about. */
export function reportHeading(report: RunReport): TemplateResult {
  const { appId, node, pid, startedAt, mode, prewarm } = report
  return html`<header>
    <h1 class="break"><span class="hidden">Start of </span>${appId ?? 'an unknown application'}</h1>
    <p class="muted break">
      Started ${momentText(startedAt)} · Node ${node.replace(/^v/, '')} · process ${pid} · mode
      ${mode} · prewarm ${prewarm}
    </p>
  </header>`
}

/** What a newcomer wants to know of a start: whether the profile was applied, what was not, and why. */
export function headlinePanel(report: RunReport): TemplateResult {
  const { outcome, reason, openMs, budgetMs, detail, profile } = report
  const { budget } = timelineOf(report)
  return html`<section class="panel" aria-labelledby="headline">
    <div class="headline">
      <h2 id="headline">
        ${outcome === 'applied' ? 'The profile was applied' : 'The start was cold'}
      </h2>
      <span class=${`badge ${outcome === 'applied' ? 'good' : 'bad'}`}>${outcome}</span>
      ${reason === null ? nothing : html`<code>${reason}</code>`}
    </div>
    <ul class="findings">
      ${findingsOf(report).map(renderFinding)}
    </ul>
    <dl class="facts figure">
      <dt>Open after</dt>
      <dd>${openMs === null ? 'not known' : formatMs(openMs)}</dd>
      <dt>Budget used</dt>
      <dd>
        ${budget === null ? `none of ${formatMs(budgetMs)}` : budgetText(budget.usedMs, budgetMs)}
      </dd>
      <dt>In its own words</dt>
      <dd>${detail}</dd>
      <dt>Profile</dt>
      <dd>
        ${profile === null ? 'none' : html`<span title=${profile}>${baseName(profile)}</span>`}
      </dd>
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

/** Where it lies says little beyond the machine, and pages are shown around. */
function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file
}
