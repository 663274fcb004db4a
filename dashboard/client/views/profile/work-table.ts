import { html, type TemplateResult } from 'lit'
import type { WorkView } from '../../../api.ts'
import { formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'

/** Recorded work that is not HTTP. */
export function workTable(work: readonly WorkView[]): TemplateResult {
  return html`<section class="panel stack" aria-labelledby="work">
    <div>
      <h2 id="work">Other work</h2>
      <p class="muted">What the application made recordable: jobs, messages, calls.</p>
    </div>
    ${scrollRegion(
      'Table of the other work',
      html`<table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">Calls</th>
            <th scope="col" class="number">Cold p50</th>
            <th scope="col" class="number">Steady p50</th>
            <th scope="col" class="number">Kept</th>
            <th scope="col">Could not be kept</th>
          </tr>
        </thead>
        <tbody>
          ${work.map(row)}
        </tbody>
      </table>`,
    )}
  </section>`
}

function row({
  name,
  count,
  coldP50Ms,
  steadyP50Ms,
  samples,
  unreplayable,
  obstacle,
}: WorkView): TemplateResult {
  return html`<tr>
    <th scope="row" class="mono break">${name}</th>
    <td class="number">${formatCount(count)}</td>
    <td class="number">${formatMs(coldP50Ms)}</td>
    <td class="number">${formatMs(steadyP50Ms)}</td>
    <td class="number">${formatCount(samples)}</td>
    <td class="break">${unreplayable === 0 ? '-' : `${formatCount(unreplayable)}: ${obstacle}`}</td>
  </tr>`
}
