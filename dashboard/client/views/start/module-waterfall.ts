import { LitElement, css, html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit'
import type { StartArm } from '../../../../formats/start-report.ts'
import { formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange } from '../../view.ts'
import { searchField } from '../profile/fields.ts'
import { RowWindow } from '../profile/row-window.ts'
import {
  collapsedAtFirst,
  searchRows,
  visibleRows,
  type Waterfall,
  type WaterfallRow,
} from '../profile/waterfall.ts'
import { startWaterfall } from './module-rows.ts'
import { startStyles } from './start-styles.ts'

const maxIndent = 12

/** Modules over the time of a start, those that took little closed. */
export class ModuleWaterfall extends LitElement {
  static override readonly properties = {
    arm: { attribute: false },
    query: { attribute: false },
  }
  static override readonly styles = [
    ...sharedStyles,
    startStyles,
    css`
      td.bar {
        min-width: 180px;
        width: 45%;
      }
      th.module {
        min-width: 220px;
        white-space: nowrap;
      }
      button.toggle {
        padding: 0;
        width: 24px;
        min-height: 24px;
      }
      .no-toggle {
        display: inline-block;
        width: 24px;
      }
      /* The line makes visible what is narrower than a pixel. */
      .total {
        fill: color-mix(in srgb, var(--accent) 35%, var(--surface));
        stroke: color-mix(in srgb, var(--accent) 35%, var(--surface));
      }
    `,
  ]

  declare arm: StartArm
  declare query: string
  readonly #window = new RowWindow(this)
  #waterfall: Waterfall = { rows: [], totalMs: 0 }
  #closed = new Set<number>()

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('arm')) return
    this.#waterfall = startWaterfall(this.arm)
    this.#closed = new Set(collapsedAtFirst(this.#waterfall))
  }

  override render(): unknown {
    const { rows } = this.#waterfall
    const text = this.query.trim()
    const isFlat = text !== ''
    const wanted = isFlat ? searchRows(rows, text) : visibleRows(rows, this.#closed)
    const shown = this.#window.take(wanted, `${this.arm.name} ${text}`)
    return html`<div class="stack long">
      <div class="controls">
        ${searchField('Modules with', this.query, (value) => {
          this.dispatchEvent(new ParamsChange({ q: value === '' ? null : value }, true))
        })}
        ${
          isFlat
            ? nothing
            : html`<button @click=${this.#toggleAll}>
                ${this.#closed.size === 0 ? 'Show the slow ones only' : 'Expand all'}
              </button>`
        }
      </div>
      ${scrollRegion('Modules in the order in which they were asked for', this.#table(shown, isFlat))}
      ${this.#window.footer(wanted.length)}
    </div>`
  }

  #table(rows: readonly WaterfallRow[], isFlat: boolean): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Module</th>
          <th scope="col" class="number">At</th>
          <th scope="col" class="number">Itself</th>
          <th scope="col" class="number">Total</th>
          <th scope="col">From process start to listen</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => this.#row(row, isFlat))}
      </tbody>
    </table>`
  }

  #row(row: WaterfallRow, isFlat: boolean): TemplateResult {
    const { module, depth, fromMs } = row
    const indent = isFlat ? nothing : '\u00a0\u00a0'.repeat(Math.min(depth, maxIndent))
    return html`<tr>
      <th scope="row" class="module">
        ${indent}${isFlat ? nothing : this.#toggle(row)}<span class="mono">${module.id}</span>
      </th>
      <td class="number">${formatMs(fromMs ?? 0)}</td>
      <td class="number">${module.selfMs === null ? '-' : formatMs(module.selfMs)}</td>
      <td class="number">${module.totalMs === null ? '-' : formatMs(module.totalMs)}</td>
      <td class="bar">${this.#bar(row)}</td>
    </tr>`
  }

  #bar({ index, fromMs, module }: WaterfallRow): unknown {
    const times = this.arm.modules[index]
    if (times === undefined || fromMs === null || module.totalMs === null) return nothing
    const at = (ms: number): string => `${((100 * ms) / (this.arm.tracedMs || 1)).toFixed(3)}%`
    const { readMs, compileMs, evaluateMs } = times
    // What it did itself is drawn at the end of its time, however that was spread over it.
    let x = Math.max(fromMs, fromMs + module.totalMs - readMs - compileMs - evaluateMs)
    const parts = [
      ['read', readMs],
      ['compile', compileMs],
      ['evaluate', evaluateMs],
    ] as const
    return html`<svg height="14" aria-hidden="true">
      ${svg`<rect class="total" x=${at(fromMs)} width=${at(module.totalMs)} height="14" />`}
      ${parts.map(([phase, ms]) => {
        const from = at(x)
        x += ms
        return ms < 0.05
          ? nothing
          : svg`<rect class=${`fill ${phase}`} x=${from} width=${at(ms)} height="14" />`
      })}
    </svg>`
  }

  #toggle({ index, descendants, module }: WaterfallRow): TemplateResult {
    if (descendants === 0) return html`<span class="no-toggle"></span>`
    const isOpen = !this.#closed.has(index)
    return html`<button
      class="plain toggle"
      aria-expanded=${isOpen}
      aria-label=${`${module.id}: ${formatCount(descendants)} modules below`}
      @click=${() => {
        if (isOpen) this.#closed.add(index)
        else this.#closed.delete(index)
        this.requestUpdate()
      }}
    >
      <span aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
    </button>`
  }

  readonly #toggleAll = (): void => {
    this.#closed = new Set(this.#closed.size === 0 ? collapsedAtFirst(this.#waterfall) : [])
    this.requestUpdate()
  }
}

customElements.define('module-waterfall', ModuleWaterfall)
