import { html, nothing, type TemplateResult } from 'lit'
import type { StartAdvice } from '../../../../formats/start-report.ts'
import { formatMs } from '../../../analysis/units.ts'

/** The most useful things that somebody could change. */
export function advicePanel(advice: readonly StartAdvice[]): TemplateResult {
  return html`<section class="panel" aria-labelledby="advice">
    <h2 id="advice">What could be changed</h2>
    <p class="lead">
      ${
        advice.length === 0
          ? 'Nothing stands out.'
          : 'Estimates, of the cold start with its trace. They overlap: do not add them up.'
      }
    </p>
    <ol class="advice">
      ${advice.map(
        ({ title, ms, evidence }) =>
          html`<li>
            <span class="number">${ms === null ? 'not known' : `~ ${formatMs(ms)}`}</span>
            <span class="title break">${title}</span>
            ${
              evidence.length === 0
                ? nothing
                : html`<ul class="small muted break">
                    ${evidence.map((line) => html`<li>${line}</li>`)}
                  </ul>`
            }
          </li>`,
      )}
    </ol>
  </section>`
}
