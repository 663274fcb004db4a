import type { ChartConfiguration } from 'chart.js'
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { ThemeObserver } from '../components/theme.ts'
import { Chart } from './chart-js.ts'
import { chartStyles } from './chart-styles.ts'
import { download, toPng, type LegendEntry } from './export.ts'
import { paletteAt, seriesVariable, type Palette } from './palette.ts'

/** All that makes a chart one of its kind. */
export interface ChartContent {
  /** Drawn anew whenever the content is another one. */
  readonly config: (palette: Palette) => ChartConfiguration
  readonly legend: readonly LegendEntry[]
  readonly csv: () => string
  /** The same in numbers. */
  readonly table: () => TemplateResult
}

/** A chart that is only looked at; with its legend, its table, and buttons for PNG and CSV. */
export class PlainChart extends LitElement {
  static override readonly properties = {
    heading: {},
    content: { attribute: false },
    /** px; null: as high as charts usually are. */
    height: { attribute: false },
    isTableOpen: { state: true },
  }
  static override readonly styles = chartStyles

  declare heading: string
  declare content: ChartContent
  declare height: number | null
  declare isTableOpen: boolean
  #chart: Chart | null = null

  constructor() {
    super()
    this.height = null
    this.isTableOpen = false
    new ThemeObserver(this, () => {
      this.requestUpdate('content')
    })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.requestUpdate('content')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#chart?.destroy()
    this.#chart = null
  }

  override render(): TemplateResult {
    const { legend, table } = this.content
    return html`<figure aria-label=${this.heading}>
      <div class="legend" aria-hidden="true">
        ${legend.map(
          ({ name, colour }) =>
            html`<span class="small entry"
              ><span class="swatch" .style=${`--series: ${seriesVariable(colour)}`}></span
              >${name}</span
            >`,
        )}
      </div>
      <div
        class="plot still"
        .style=${this.height === null ? '' : `--chart-height: ${this.height}px`}
      >
        <canvas
          role="img"
          aria-label=${`${this.heading}; the table below has the numbers`}
        ></canvas>
      </div>
      <div class="controls">
        <span class="spring"></span>
        <button class="small" @click=${this.#savePng}>
          <span class="hidden">Save as</span> PNG
        </button>
        <button class="small" @click=${this.#saveCsv}>
          <span class="hidden">Save as</span> CSV
        </button>
      </div>
      <details
        @toggle=${(event: Event) => {
          this.isTableOpen = (event.target as HTMLDetailsElement).open
        }}
      >
        <summary>As a table</summary>
        ${this.isTableOpen ? table() : nothing}
      </details>
    </figure>`
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('content')) return
    this.#chart?.destroy()
    this.#chart = new Chart(this.#canvas, this.content.config(paletteAt(this.#figure)))
  }

  get #canvas(): HTMLCanvasElement {
    const canvas = this.renderRoot.querySelector('canvas')
    if (canvas === null) throw new Error('There is no canvas')
    return canvas
  }

  get #figure(): Element {
    return this.renderRoot.querySelector('figure') ?? this
  }

  readonly #savePng = async (): Promise<void> => {
    const picture = await toPng(
      this.#canvas,
      this.heading,
      this.content.legend,
      paletteAt(this.#figure),
    )
    download(picture, this.heading, 'png')
  }

  readonly #saveCsv = (): void => {
    download(this.content.csv(), this.heading, 'csv')
  }
}

customElements.define('plain-chart', PlainChart)
