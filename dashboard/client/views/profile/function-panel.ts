import { LitElement, css, html, svg, type PropertyValues, type TemplateResult } from 'lit'
import type { ProfileView } from '../../../api.ts'
import { formatCount, formatMs, formatShare } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { searchField, selectField, sortHeader, type SortColumn } from './fields.ts'
import {
  functionRows,
  isFunctionSort,
  selectFunctions,
  tierShares,
  type FunctionRow,
  type FunctionSort,
  type TierShare,
} from './function-rows.ts'
import { profileStyles } from './profile-styles.ts'
import { RowWindow } from './row-window.ts'

const columns: readonly SortColumn<FunctionSort>[] = [
  { key: 'name', title: 'Function', isNumber: false },
  { key: 'self', title: 'Self', isNumber: true },
  { key: 'samples', title: 'Samples', isNumber: true },
  { key: 'tier', title: 'Tier', isNumber: false },
  { key: 'place', title: 'Source', isNumber: false },
]

/** The functions that were sampled, by the tier that V8 had brought them to. Parameters: `q`, `tier`, `sort`. */
export class FunctionPanel extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    params: { attribute: false },
    copied: { state: true },
  }
  static override readonly styles = [
    ...sharedStyles,
    profileStyles,
    css`
      th.name {
        min-width: 100px;
      }
      button.copy {
        font-size: 0.8rem;
        padding: 1px 8px;
        min-height: 24px;
        margin-right: 4px;
      }
    `,
  ]

  declare view: ProfileView
  declare params: ViewParams
  /** The last place that was copied, and whether the browser allowed that. */
  declare copied: { readonly place: string; readonly isDone: boolean } | null
  readonly #window = new RowWindow(this)
  #rows: readonly FunctionRow[] = []
  #shares: readonly TierShare[] = []

  constructor() {
    super()
    this.copied = null
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view')) return
    this.#rows = functionRows(this.view.functions, this.view.modules, this.view.originals)
    this.#shares = tierShares(this.#rows)
  }

  override render(): TemplateResult {
    const text = this.params['q'] ?? ''
    const tier = this.params['tier'] ?? ''
    const asked = this.params['sort']
    const sort = isFunctionSort(asked) ? asked : 'self'
    const rows = selectFunctions(this.#rows, { text, tier, sort })
    const shown = this.#window.take(rows, JSON.stringify([this.view.digest, text, tier, sort]))
    const totalMs = this.#shares.reduce((sum, { selfMs }) => sum + selfMs, 0)
    return html`<section class="panel stack" aria-labelledby="functions">
      <div>
        <h2 id="functions">Hot functions</h2>
        <p class="muted">
          ${formatCount(this.#rows.length)} were sampled, for ${formatMs(totalMs)} in themselves.
          The tier is the highest that V8 had brought one to at the end.
        </p>
      </div>
      ${this.#shares.length === 0 ? '' : this.#tiers(totalMs)}
      <div class="controls">
        ${searchField('Search', text, (q) => {
          this.#change({ q: q === '' ? null : q }, true)
        })}
        ${selectField(
          'Tier',
          tier,
          [['', 'all'], ...this.#shares.map(({ tier: name }) => [name, name] as const)],
          (value) => {
            this.#change({ tier: value === '' ? null : value })
          },
        )}
      </div>
      ${scrollRegion('Table of the functions', this.#table(shown, sort, totalMs))}
      ${this.#window.footer(rows.length)}
      <p class="hidden" role="status">${copyText(this.copied)}</p>
    </section>`
  }

  #tiers(totalMs: number): TemplateResult {
    let from = 0
    const pieces = this.#shares.map((share) => {
      const piece = { ...share, from, part: totalMs === 0 ? 0 : share.selfMs / totalMs }
      from += piece.part
      return piece
    })
    const label = this.#shares
      .map(({ tier, selfMs }) => `${tier} ${formatShare(selfMs, totalMs)}`)
      .join(', ')
    return html`<div>
      <svg class="wide" height="20" role="img" aria-label=${`Self time by tier: ${label}`}>
        ${pieces.map(
          ({ tier, from: x, part }) =>
            svg`<rect
              class=${`fill tier-${tier}`}
              x=${percent(x)}
              width=${percent(part)}
              height="20"
            ><title>${tier}</title></rect>`,
        )}
      </svg>
      ${scrollRegion('Tiers', tierTable(this.#shares, totalMs))}
    </div>`
  }

  #table(rows: readonly FunctionRow[], sort: FunctionSort, totalMs: number): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          ${columns.map((column) =>
            sortHeader(column, sort, (key) => {
              this.#change({ sort: key === 'self' ? null : key })
            }),
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => this.#row(row, totalMs))}
      </tbody>
    </table>`
  }

  #row({ name, tier, selfMs, samples, place }: FunctionRow, totalMs: number): TemplateResult {
    return html`<tr>
      <th scope="row" class="name mono break">${name}</th>
      <td class="number">
        ${formatMs(selfMs)} <span class="muted">${formatShare(selfMs, totalMs)}</span>
      </td>
      <td class="number">${formatCount(samples)}</td>
      <td class="nowrap"><span class=${`swatch tier-${tier}`}></span>${tier}</td>
      <td class="nowrap">
        <button class="copy" aria-label=${`Copy ${place}`} @click=${this.#copy(place)}>
          ${this.copied?.place === place ? (this.copied.isDone ? 'Copied' : 'Not allowed') : 'Copy'}
        </button>
        <code>${place}</code>
      </td>
    </tr>`
  }

  #copy(place: string): () => Promise<void> {
    return async () => {
      try {
        await navigator.clipboard.writeText(place)
        this.copied = { place, isDone: true }
      } catch {
        this.copied = { place, isDone: false }
      }
    }
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('function-panel', FunctionPanel)

function copyText(copied: FunctionPanel['copied']): string {
  if (copied === null) return ''
  return copied.isDone ? `Copied ${copied.place}` : 'The browser does not allow copying here.'
}

function tierTable(shares: readonly TierShare[], totalMs: number): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Tier</th>
        <th scope="col" class="number">Functions</th>
        <th scope="col" class="number">Self</th>
        <th scope="col" class="number">Share</th>
      </tr>
    </thead>
    <tbody>
      ${shares.map(
        ({ tier, count, selfMs }) =>
          html`<tr>
            <th scope="row" class="nowrap"><span class=${`swatch tier-${tier}`}></span>${tier}</th>
            <td class="number">${formatCount(count)}</td>
            <td class="number">${formatMs(selfMs)}</td>
            <td class="number">${formatShare(selfMs, totalMs)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`
}
