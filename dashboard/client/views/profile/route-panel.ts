import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Distribution } from '../../../../formats/profile.ts'
import type { ProfileView } from '../../../api.ts'
import { formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { curveFigure, curveSparkline } from './curve-figure.ts'
import { exemplarList } from './exemplar-list.ts'
import { searchField, sortHeader, type SortColumn } from './fields.ts'
import { profileStyles } from './profile-styles.ts'
import {
  exemplarRows,
  isRouteSort,
  routeRows,
  selectRoutes,
  type RouteRow,
  type RouteSort,
} from './route-rows.ts'
import { RowWindow } from './row-window.ts'
import { workTable } from './work-table.ts'

const columns: readonly SortColumn<RouteSort>[] = [
  { key: 'name', title: 'Route', isNumber: false },
  { key: 'count', title: 'Requests', isNumber: true },
  { key: 'cold', title: 'Cold p50 / p99', isNumber: true },
  { key: 'steady', title: 'Steady p50 / p99', isNumber: true },
  { key: 'ratio', title: 'Ratio', isNumber: true },
]

/** What was asked while recording, and one route of it. Parameters: `q`, `sort`; `route`, the position of the one in the profile. */
export class RoutePanel extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [
    ...sharedStyles,
    profileStyles,
    css`
      .curve {
        fill: none;
        stroke: var(--accent);
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .dot {
        fill: var(--accent);
      }
      .grid {
        stroke: var(--line);
      }
      .plot text {
        paint-order: stroke;
        stroke: var(--surface);
        stroke-width: 4px;
      }
      .exemplars {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .exemplars > li {
        border-bottom: 1px solid var(--line);
        padding: 8px 0;
      }
      .plain-list {
        margin: 0;
        padding-left: 18px;
      }
      pre {
        margin: 6px 0 0;
        white-space: pre-wrap;
        max-height: 320px;
        overflow: auto;
      }
    `,
  ]

  declare view: ProfileView
  declare params: ViewParams
  readonly #window = new RowWindow(this)
  #rows: readonly RouteRow[] = []

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.#rows = routeRows(this.view)
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('params')
    if (before === undefined || before['route'] === this.params['route']) return
    // What was pressed is gone; what replaced it says where one is.
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
  }

  override render(): TemplateResult {
    const { locked, work } = this.view
    if (locked !== null) {
      return html`<empty-panel heading="The requests of this profile are locked">
        <p class="break">${locked}</p>
      </empty-panel>`
    }
    const selected = this.#rows[Number(this.params['route'] ?? Number.NaN)]
    if (selected !== undefined) return this.#detail(selected)
    return html`<div class="stack">
      ${this.#list()} ${work.length === 0 ? nothing : workTable(work)}
    </div>`
  }

  #list(): TemplateResult {
    const text = this.params['q'] ?? ''
    const asked = this.params['sort']
    const sort = isRouteSort(asked) ? asked : 'count'
    const rows = selectRoutes(this.#rows, text, sort)
    const shown = this.#window.take(rows, JSON.stringify([this.view.digest, text, sort]))
    return html`<section class="panel stack" aria-labelledby="routes">
      <div>
        <h2 id="routes" tabindex="-1">Routes</h2>
        <p class="muted">
          Cold is the first 10 requests of a route while recording, steady its last 256; the ratio
          is that of their medians.
        </p>
      </div>
      <div class="controls">
        ${searchField('Search', text, (q) => {
          this.#change({ q: q === '' ? null : q }, true)
        })}
      </div>
      ${scrollRegion('Table of the routes', this.#table(shown, sort))}
      ${this.#window.footer(rows.length)}
    </section>`
  }

  #table(rows: readonly RouteRow[], sort: RouteSort): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          ${columns.map((column) =>
            sortHeader(column, sort, (key) => {
              this.#change({ sort: key === 'count' ? null : key })
            }),
          )}
          <th scope="col">Warm-up</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ index, name, route, ratio, curve }) =>
            html`<tr>
              <th scope="row">
                <button
                  class="link mono"
                  @click=${() => {
                    this.#change({ route: String(index) })
                  }}
                >
                  ${name}
                </button>
              </th>
              <td class="number">${formatCount(route.count)}</td>
              <td class="number">${pair(route.cold)}</td>
              <td class="number">${pair(route.steady)}</td>
              <td class="number">${ratioText(ratio)}</td>
              <td>${curveSparkline(curve)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
  }

  #detail(row: RouteRow): TemplateResult {
    const { name, route, ratio, curve } = row
    const exemplars = exemplarRows(this.view, row)
    const shown = this.#window.take(exemplars, JSON.stringify([this.view.digest, row.index]))
    return html`<section class="panel stack" aria-labelledby="route">
      <div>
        <button
          @click=${() => {
            this.#change({ route: null })
          }}
        >
          <span aria-hidden="true">←</span> All routes
        </button>
      </div>
      <h2 id="route" class="mono break" tabindex="-1">${name}</h2>
      <dl class="facts">
        <dt>Requests</dt>
        <dd>${formatCount(route.count)}</dd>
        <dt>Cold p50 / p99</dt>
        <dd>${pair(route.cold)} over the first ${formatCount(route.cold.count)}</dd>
        <dt>Steady p50 / p99</dt>
        <dd>${pair(route.steady)} over the last ${formatCount(route.steady.count)}</dd>
        <dt>Cold to steady</dt>
        <dd>${ratioText(ratio)}</dd>
      </dl>
      ${curve.length === 0 ? nothing : html`<div>${curveFigure(name, curve)}</div>`}
      <div>
        <h3>Recorded requests</h3>
        <p class="muted small">
          As they are in the profile: secrets were taken out before it was written.
        </p>
      </div>
      ${exemplarList(route.method, shown)} ${this.#window.footer(exemplars.length)}
    </section>`
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('route-panel', RoutePanel)

function pair({ p50Ms, p99Ms }: Distribution): string {
  return `${formatMs(p50Ms)} / ${formatMs(p99Ms)}`
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '-' : `${ratio.toFixed(1)}x`
}
