import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { stopSentence } from './findings.ts'

/** How much was rehearsed and why it ended; the work that is not HTTP beside it. */
export function rehearsalPanel({ rehearsal, work }: RunReport): TemplateResult {
  const { rounds, requests, applied, stopped } = rehearsal
  return html`<section class="panel" aria-labelledby="rehearsal">
    <h2 id="rehearsal">Rehearsal</h2>
    <p class="lead">
      ${stopped === null ? 'No request was rehearsed for a port.' : stopSentence(stopped)}
    </p>
    <dl class="facts">
      <dt>Rounds</dt>
      <dd>${formatCount(rounds)}</dd>
      <dt>Requests sent</dt>
      <dd>${formatCount(requests)}</dd>
      <dt>Distinct requests answered</dt>
      <dd>${formatCount(applied)}</dd>
      <dt>Stopped</dt>
      <dd>${stopped === null ? '-' : html`<code>${stopped}</code>`}</dd>
      ${
        work.rounds === 0 && work.calls === 0
          ? nothing
          : html`<dt>Other work</dt>
              <dd>${formatCount(work.calls)} calls in ${formatCount(work.rounds)} rounds</dd>`
      }
    </dl>
  </section>`
}
