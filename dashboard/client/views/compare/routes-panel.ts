import { html, nothing, type TemplateResult } from 'lit'
import { formatMs } from '../../../analysis/units.ts'
import type { CompareReport } from '../../../../formats/compare-report.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { armHead } from './metrics-panel.ts'
import { routeRows, type RouteRow } from './route-rows.ts'

/** For which route it pays. `select` shows the curves of one; `selected`: null is all requests. */
export function routesPanel(
  report: CompareReport,
  selected: string | null,
  select: (route: string | null) => void,
): TemplateResult {
  const [pair] = report.ratios
  return html`<section class="panel" aria-labelledby="routes">
    <h2 id="routes">For which route</h2>
    <p class="lead">
      Mean latency of a route's requests, first and steady, medians over the
      runs${
        pair === undefined
          ? '.'
          : html`; sorted by what the first request takes less in ${pair.arm} than in
            ${pair.against}.`
      }
      Choose a route to see its curves.
    </p>
    ${scrollRegion(
      'Latency per route',
      html`<table>
        <thead>
          <tr>
            <td></td>
            ${report.arms.map(({ name }, index) => armHead(name, index + 1, 2))}
            ${pair === undefined ? nothing : html`<th scope="col" rowspan="2">First saves</th>`}
          </tr>
          <tr>
            <th scope="col">Route</th>
            ${report.arms.map(
              () =>
                html`<th scope="col" class="number">first</th>
                  <th scope="col" class="number">steady</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${routeRows(report).map((row) => routeLine(row, selected, select))}
        </tbody>
      </table>`,
    )}
  </section>`
}

function routeLine(
  { route, arms, savedMs, share }: RouteRow,
  selected: string | null,
  select: (route: string | null) => void,
): TemplateResult {
  const isSelected = route === selected
  return html`<tr>
    <th scope="row">
      <button
        class="plain route"
        aria-pressed=${isSelected}
        @click=${() => {
          select(isSelected ? null : route)
        }}
      >
        ${route}
      </button>
    </th>
    ${arms.map(
      ({ firstMs, steadyMs }) =>
        html`<td class="number">${formatMs(firstMs)}</td>
          <td class="number muted">${formatMs(steadyMs)}</td>`,
    )}
    ${
      savedMs === null
        ? nothing
        : html`<td class="saved">
            <span class="number">${formatMs(savedMs)}</span>
            <span
              class=${`gain ${savedMs < 0 ? 'loss' : ''}`}
              .style=${`--share: ${share}`}
              aria-hidden="true"
            ></span>
          </td>`
    }
  </tr>`
}
