import { html, nothing, type TemplateResult } from 'lit'
import { formatCount, formatShare } from '../../../analysis/units.ts'
import type { GuardVerdict, LatencyCounts, RunReport } from '../../../../formats/report.ts'
import { inlineCode } from '../inline-code.ts'
import { guardWords } from './guard-words.ts'
import { wordsOf } from './reason-advice.ts'

/** What the guard knew and found out, what that means, and what to do next. */
export function guardPanel({ guard }: RunReport): TemplateResult {
  const { tone, headline, sentences } = guardWords(guard)
  return html`<section class="panel" aria-labelledby="guard">
    <div class="headline">
      <h2 id="guard">Guard</h2>
      <span class=${`badge ${tone}`}>${headline}</span>
    </div>
    <div class="stack figure">
      ${sentences.map((sentence) => html`<p class="break">${inlineCode(sentence)}</p>`)}
    </div>
    ${
      guard === null
        ? nothing
        : html`${verdicts('Found by this start', guard.verdicts)}
            ${verdicts('In force since earlier starts', guard.inForce)}
            <dl class="facts">
              <dt>State</dt>
              <dd>${guard.state}</dd>
              ${latencyFacts(guard.latency)}
              ${
                guard.trouble === null
                  ? nothing
                  : html`<dt>Trouble</dt>
                      <dd>${guard.trouble}</dd>`
              }
            </dl>`
    }
  </section>`
}

function verdicts(title: string, list: readonly GuardVerdict[]): unknown {
  if (list.length === 0) return nothing
  return html`<h3>${title}</h3>
    <ul class="plain-list figure">
      ${list.map(
        ({ reason, detail }) =>
          html`<li class="break">
            <code>${reason}</code>: ${detail} <span class="muted">${wordsOf(reason).sentence}</span>
          </li>`,
      )}
    </ul>`
}

function latencyFacts({
  verdict,
  routes,
  requests,
  exceeded,
  slowRoutes,
}: LatencyCounts): TemplateResult {
  return html`<dt>First requests</dt>
    <dd>
      ${verdict}: ${formatCount(exceeded)} of ${formatCount(requests)}
      (${formatShare(exceeded, requests)}) were slower than cold ones, over ${formatCount(routes)}
      routes that could be compared
    </dd>
    ${
      slowRoutes.length === 0
        ? nothing
        : html`<dt>Slow routes</dt>
            <dd>
              <ul class="plain-list">
                ${slowRoutes.map((route) => html`<li class="mono break">${route}</li>`)}
              </ul>
            </dd>`
    }`
}
