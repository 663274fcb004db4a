import { html, nothing, type TemplateResult } from 'lit'
import { formatBytes } from '../../../analysis/units.ts'
import type { ExemplarRow } from './route-rows.ts'

/** Recorded requests of a route: what was sent, what it does besides answering, how its trial ended. */
export function exemplarList(method: string, rows: readonly ExemplarRow[]): TemplateResult {
  return html`<ul class="exemplars">
    ${rows.map((row) => html`<li>${exemplarItem(method, row)}</li>`)}
  </ul>`
}

function exemplarItem(
  method: string,
  { exemplar, headers, effects, outcome }: ExemplarRow,
): TemplateResult {
  const { url, status, use, body, bodyBytes } = exemplar
  return html`<details>
    <summary>
      <span class="mono break">${method} ${url}</span>
      <span class="badge">${status}</span>
      <span class="badge">${use === 'rehearse' ? 'for rehearsal' : 'held out to compare'}</span>
      ${effects.length === 0 ? nothing : html`<span class="badge warning">effects</span>`}
    </summary>
    <dl class="facts figure">
      <dt>Trial</dt>
      <dd>${outcome}</dd>
      <dt>Effects</dt>
      <dd>
        ${
          effects.length === 0
            ? 'none known'
            : html`<ul class="plain-list">
                ${effects.map((effect) => html`<li class="mono break">${effect}</li>`)}
              </ul>`
        }
      </dd>
      <dt>Headers</dt>
      <dd class="mono">
        ${
          headers.length === 0
            ? 'none'
            : headers.map(([name, value]) => html`<div class="break">${name}: ${value}</div>`)
        }
      </dd>
      <dt>Body</dt>
      <dd>
        ${
          bodyBytes === 0 && body === null
            ? 'none, or not kept'
            : html`${formatBytes(bodyBytes)}
              ${body === null ? ', not text' : html`<pre class="mono break">${body}</pre>`}`
        }
      </dd>
    </dl>
  </details>`
}
