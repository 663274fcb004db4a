import { LitElement, css, html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit'
import type { ModuleRecord } from '../../../../formats/profile.ts'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { segments } from './fields.ts'
import { profileStyles } from './profile-styles.ts'
import { RowWindow } from './row-window.ts'
import {
  collapsedAtFirst,
  searchRows,
  visibleRows,
  waterfallOf,
  type Waterfall,
  type WaterfallRow,
} from './waterfall.ts'

const maxIndent = 12

/** A table of modules in the order in which they were initialised, with their time as a bar. Parameters: `phase`, `q`. */
export class StartWaterfall extends LitElement {
  static override readonly properties = {
    modules: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [
    ...sharedStyles,
    profileStyles,
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
      .self {
        fill: var(--accent);
      }
    `,
  ]

  declare modules: readonly ModuleRecord[]
  declare params: ViewParams
  readonly #window = new RowWindow(this)
  #waterfalls: Readonly<Record<ModuleRecord['phase'], Waterfall>> | null = null
  #collapsedAtFirst: readonly number[] = []
  #collapsed = new Set<number>()

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('modules')) return
    const startup = waterfallOf(this.modules, 'startup')
    const late = waterfallOf(this.modules, 'late')
    this.#waterfalls = { startup, late }
    this.#collapsedAtFirst = [...collapsedAtFirst(startup), ...collapsedAtFirst(late)]
    this.#collapsed = new Set(this.#collapsedAtFirst)
  }

  override render(): unknown {
    if (this.#waterfalls === null) return nothing
    const { startup, late } = this.#waterfalls
    const phase = this.params['phase'] === 'late' ? 'late' : 'startup'
    const waterfall = this.#waterfalls[phase]
    const text = (this.params['q'] ?? '').trim()
    const rows =
      text === '' ? visibleRows(waterfall.rows, this.#collapsed) : searchRows(waterfall.rows, text)
    const count = (all: Waterfall): string => formatCount(searchRows(all.rows, text).length)
    const shown = this.#window.take(rows, JSON.stringify([phase, text]))
    return html`<div class="stack">
      <div class="controls">
        ${segments(
          'When',
          phase,
          [
            ['startup', `Before listening (${count(startup)})`],
            ['late', `Late (${count(late)})`],
          ],
          (value) => {
            this.dispatchEvent(new ParamsChange({ phase: value === 'startup' ? null : value }))
          },
        )}
        ${
          text === '' && this.#collapsedAtFirst.length > 0
            ? html`<button @click=${this.#toggleAll}>
                ${this.#collapsed.size === 0 ? 'Show the slow ones only' : 'Expand all'}
              </button>`
            : nothing
        }
        <span class="small muted"> ${formatMs(waterfall.totalMs)} in all </span>
      </div>
      <p class="small muted">
        ${
          phase === 'late'
            ? 'Loaded only after the server was listening; replay loads them before.'
            : 'Each module is below the one that loaded it.'
        }
        Starts follow from order and durations, and the dark end of a bar is the time of the module
        itself: a profile does not have the clock times.
      </p>
      ${scrollRegion('Modules in order of initialisation', this.#table(shown, waterfall, text))}
      ${this.#window.footer(rows.length)}
    </div>`
  }

  #table(rows: readonly WaterfallRow[], waterfall: Waterfall, text: string): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Module</th>
          <th scope="col" class="number">Self</th>
          <th scope="col" class="number">Total</th>
          <th scope="col" class="number">Code cache</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => this.#row(row, waterfall.totalMs, text !== ''))}
      </tbody>
    </table>`
  }

  #row(row: WaterfallRow, totalMs: number, isFlat: boolean): TemplateResult {
    const { module } = row
    const loader = module.requester === null ? undefined : this.modules[module.requester]
    return html`<tr>
      <th scope="row" class="module">
        ${isFlat ? nothing : html`${'\u00a0\u00a0'.repeat(Math.min(row.depth, maxIndent))}${this.#toggle(row)}`}
        <span class="mono">${module.id}</span>
        ${
          isFlat && loader !== undefined
            ? html`<span class="small muted">loaded by ${loader.id}</span>`
            : nothing
        }
      </th>
      <td class="number">${module.selfMs === null ? 'no time' : formatMs(module.selfMs)}</td>
      <td class="number">${module.totalMs === null ? module.format : formatMs(module.totalMs)}</td>
      <td class="number">${module.cacheBytes === 0 ? '-' : formatBytes(module.cacheBytes)}</td>
      <td class="bar">${bar(row, totalMs)}</td>
    </tr>`
  }

  #toggle({ index, descendants, module }: WaterfallRow): TemplateResult {
    if (descendants === 0) return html`<span class="no-toggle"></span>`
    const isOpen = !this.#collapsed.has(index)
    return html`<button
      class="plain toggle"
      aria-expanded=${isOpen}
      aria-label=${`${module.id}: ${formatCount(descendants)} modules below`}
      @click=${() => {
        if (isOpen) this.#collapsed.add(index)
        else this.#collapsed.delete(index)
        this.requestUpdate()
      }}
    >
      <span aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
    </button>`
  }

  readonly #toggleAll = (): void => {
    this.#collapsed = new Set(this.#collapsed.size === 0 ? this.#collapsedAtFirst : [])
    this.requestUpdate()
  }
}

customElements.define('start-waterfall', StartWaterfall)

function bar({ module, fromMs }: WaterfallRow, wholeMs: number): unknown {
  const { totalMs, selfMs } = module
  if (fromMs === null || totalMs === null || wholeMs === 0) return nothing
  const at = (ms: number): string => `${((100 * ms) / wholeMs).toFixed(3)}%`
  const ownMs = Math.min(selfMs ?? 0, totalMs)
  return html`<svg class="wide" height="14" aria-hidden="true">
    ${svg`<rect class="total" x=${at(fromMs)} width=${at(totalMs)} height="14" />
      <rect class="self" x=${at(fromMs + totalMs - ownMs)} width=${at(ownMs)} height="14" />`}
  </svg>`
}
