import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { formatMs } from '../../analysis/units.ts'
import { ThemeObserver } from '../components/theme.ts'
import { Chart } from './chart-js.ts'
import { chartStyles } from './chart-styles.ts'
import { seriesCsv } from './csv.ts'
import { curveDataset, curveOptions } from './curve-config.ts'
import { RangeChange, ToggleSeries } from './curve-events.ts'
import { curveCommand, type CurveCommand } from './curve-keys.ts'
import { curveLegend } from './curve-legend.ts'
import { curveMarks, type ShownSeries } from './curve-marks.ts'
import { curveOverlay, type Stretch } from './curve-overlay.ts'
import { listenToPointer } from './curve-pointer.ts'
import { curveTable, placeText } from './curve-table.ts'
import { download, toPng } from './export.ts'
import { paletteAt, type Palette } from './palette.ts'
import type { ChartAxis, Series, SeriesPoint } from './series.ts'
import { firstAtOrAfter, nearestPoint, visibleBand, visiblePoints } from './thinning.ts'
import { extentOf, panned, within, zoomed, type XRange } from './x-range.ts'

const zoomStep = 0.6
const panStep = 0.25
/** Points of a line, and places of its band, for a pixel of width: more are slow to draw and cannot be told apart. */
const pointsPerPixel = 0.75
const bandPlacesPerPixel = 0.2
/** With more points in all, lines are one pixel wide: wider ones take most of the time of drawing. */
const manyPoints = 4000

/** Of small values that users make anew each time. */
function isOther(value: unknown, old: unknown): boolean {
  return JSON.stringify(value) !== JSON.stringify(old)
}

/** What changes nothing that is drawn on the canvas. */
const overlayProperties: ReadonlySet<PropertyKey> = new Set([
  'cursor',
  'brush',
  'isTableOpen',
  'spoken',
  'pending',
  'heading',
])

/**
 * Lines over rounds or time, with bands, steady levels and changepoints; zoomed by pointer, wheel and keyboard. What is zoomed to and
 * which series are off is kept by whoever uses it: it fires {@link RangeChange} and {@link ToggleSeries}.
 */
export class CurveChart extends LitElement {
  static override readonly properties = {
    series: { attribute: false },
    axis: {},
    logarithmic: { type: Boolean },
    range: { attribute: false, hasChanged: isOther },
    whole: { attribute: false, hasChanged: isOther },
    off: { attribute: false, hasChanged: isOther },
    shaded: { attribute: false },
    shadedTo: { attribute: false },
    heading: {},
    pending: { type: Boolean },
    cursor: { state: true },
    brush: { state: true },
    isTableOpen: { state: true },
    spoken: { state: true },
    width: { state: true },
  }
  static override readonly styles = chartStyles

  declare series: readonly Series[]
  declare axis: ChartAxis
  declare logarithmic: boolean
  /** What is seen; null: all. */
  declare range: XRange | null
  /** All of the x axis, where `series` has only a part; null: from the first to the last point. */
  declare whole: XRange | null
  /** Names of series that are not drawn. */
  declare off: readonly string[]
  /** Name of the series whose time over its steady level is shaded; null: none. */
  declare shaded: string | null
  declare shadedTo: number
  /** For the picture and those who do not see it. */
  declare heading: string
  /** More detail is on its way. */
  declare pending: boolean
  declare cursor: number | null
  declare brush: Stretch | null
  declare isTableOpen: boolean
  declare spoken: string
  declare width: number
  #chart: Chart<'line', SeriesPoint[]> | null = null
  #palette: Palette | null = null
  #shown: readonly ShownSeries[] = []
  #listening = new AbortController()

  constructor() {
    super()
    this.series = []
    this.axis = 'round'
    this.logarithmic = false
    this.range = null
    this.whole = null
    this.off = []
    this.shaded = null
    this.shadedTo = Infinity
    this.heading = 'Curves'
    this.pending = false
    this.cursor = null
    this.brush = null
    this.isTableOpen = false
    this.spoken = ''
    this.width = 0
    new ThemeObserver(this, () => {
      this.#palette = null
      this.requestUpdate('series')
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#listening.abort()
    this.#chart?.destroy()
    this.#chart = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.requestUpdate('series')
  }

  override render(): TemplateResult {
    const on = this.#on
    return html`<figure aria-label=${this.heading}>
      ${curveLegend({
        title: this.#cursorText(),
        entries: this.series.map((series) => ({
          name: series.name,
          colour: series.colour,
          value: on.includes(series) ? this.#valueOf(series) : null,
          isOn: on.includes(series),
        })),
        toggle: (name) => {
          this.dispatchEvent(new ToggleSeries(name))
        },
      })}
      <div
        class="plot"
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label=${`${this.heading}. Arrow keys read values, plus and minus zoom, Shift and arrows move, 0 shows all.`}
        @keydown=${this.#onKey}
        @blur=${() => {
          this.cursor = null
        }}
      >
        <canvas aria-hidden="true"></canvas>
        ${
          this.#chart === null
            ? nothing
            : curveOverlay(
                this.#chart,
                this.cursor,
                on.map((series) => ({ colour: series.colour, value: this.#valueOf(series) })),
                this.brush,
              )
        }
      </div>
      <span class="hidden" role="status">${this.spoken}</span>
      <div class="controls">
        <button
          class="small"
          aria-label="Zoom in"
          @click=${() => {
            this.#zoom(zoomStep)
          }}
        >
          +
        </button>
        <button
          class="small"
          aria-label="Zoom out"
          ?disabled=${this.range === null}
          @click=${() => {
            this.#zoom(1 / zoomStep)
          }}
        >
          −
        </button>
        <button
          class="small"
          ?disabled=${this.range === null}
          @click=${() => {
            this.#fire(null)
          }}
        >
          Show all
        </button>
        <span class="small muted hint" role="status"
          >${this.pending ? 'Loading detail…' : 'Drag to zoom, or Ctrl and wheel'}</span
        >
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
        ${this.isTableOpen ? curveTable(on, this.axis, this.#seen, this.range === null) : nothing}
      </details>
    </figure>`
  }

  override willUpdate(): void {
    const { from, to } = this.#seen
    if (this.cursor !== null && (this.cursor < from || this.cursor > to)) this.cursor = null
  }

  override updated(changed: PropertyValues<this>): void {
    const isOverlayOnly = [...changed.keys()].every((key) => overlayProperties.has(key))
    if (this.#chart !== null && isOverlayOnly) return
    this.#draw()
  }

  #draw(): void {
    const palette = (this.#palette ??= paletteAt(this.renderRoot.querySelector('figure') ?? this))
    const seen = this.#seen
    const most = Math.max(200, this.width * pointsPerPixel)
    const mostOfBand = Math.max(60, Math.round(this.width * bandPlacesPerPixel))
    this.#shown = this.#on.map((series) => ({
      series,
      points: visiblePoints(series.points, seen.from, seen.to, most),
      band: visibleBand(series.points, seen.from, seen.to, mostOfBand),
    }))
    const isDense = this.#shown.reduce((sum, { points }) => sum + points.length, 0) > manyPoints
    const datasets = this.#shown.map(({ series, points }) =>
      curveDataset(series, points, palette, isDense),
    )
    const onResize = (_chart: unknown, { width }: { readonly width: number }): void => {
      this.width = width
    }
    const look = {
      palette,
      axis: this.axis,
      isLogarithmic: this.logarithmic,
      range: seen,
      isWhole: this.range === null,
    }
    const options = { ...curveOptions(look), onResize }
    if (this.#chart === null) {
      this.#chart = this.#create(options)
    } else {
      this.#chart.options = options
    }
    this.#chart.data.datasets = datasets
    this.#chart.update('none')
    // The overlay stands where the new scales say.
    if (this.cursor !== null) this.requestUpdate('cursor')
  }

  #create(options: ReturnType<typeof curveOptions>): Chart<'line', SeriesPoint[]> {
    const plot = this.#element('.plot', HTMLElement)
    this.#listening = new AbortController()
    listenToPointer(
      plot,
      {
        hover: (left) => {
          this.cursor = left === null ? null : this.#snapped(this.#xAt(left))
        },
        brush: (stretch) => {
          this.brush = stretch
        },
        select: (from, to) => {
          this.#fire(within({ from: this.#xAt(from), to: this.#xAt(to) }, this.#all))
        },
        zoom: (factor, around) => {
          this.#zoom(factor, this.#xAt(around))
        },
        reset: () => {
          this.#fire(null)
        },
      },
      this.#listening.signal,
    )
    return new Chart<'line', SeriesPoint[]>(this.#element('canvas', HTMLCanvasElement), {
      type: 'line',
      data: { datasets: [] },
      options,
      plugins: [
        curveMarks(() => ({
          palette: this.#palette ?? paletteAt(plot),
          shown: this.#shown,
          shaded: this.shaded,
          shadedTo: this.shadedTo,
        })),
      ],
    })
  }

  /** At the cursor; without one the steady level. */
  #valueOf({ points, steady }: Series): number | null {
    return this.cursor === null ? steady : (nearestPoint(points, this.cursor)?.y ?? null)
  }

  #cursorText(): string {
    return this.cursor === null ? 'Steady level' : placeText(this.axis, this.cursor)
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const command = curveCommand(event)
    if (command === undefined) return
    event.preventDefault()
    this.#obey(command)
  }

  #obey(command: CurveCommand): void {
    switch (command) {
      case 'zoom in':
        this.#zoom(zoomStep)
        break
      case 'zoom out':
        this.#zoom(1 / zoomStep)
        break
      case 'show all':
        this.#fire(null)
        break
      case 'move left':
        this.#pan(-panStep)
        break
      case 'move right':
        this.#pan(panStep)
        break
      case 'read left':
        this.#step(-1)
        break
      case 'read right':
        this.#step(1)
        break
      case 'read first':
        this.#moveTo(this.#seen.from)
        break
      case 'read last':
        this.#moveTo(this.#seen.to)
        break
      case 'read nothing':
        this.cursor = null
    }
  }

  /** The cursor goes to the next point of the first line; at the edge the range moves along. */
  #step(direction: 1 | -1): void {
    const seen = this.#seen
    if (this.cursor === null) {
      this.#moveTo(direction === 1 ? seen.from : seen.to)
      return
    }
    const points = this.#shown[0]?.points ?? []
    const here = firstAtOrAfter(points, this.cursor)
    const isBetween = points[here]?.x !== this.cursor
    const next = points[direction === 1 && isBetween ? here : here + direction]
    if (next === undefined) return
    this.#moveTo(next.x)
    if (next.x < seen.from || next.x > seen.to) this.#pan(direction * panStep)
  }

  /** By keyboard, and so it is also said. */
  #moveTo(x: number): void {
    this.cursor = this.#snapped(x)
    const values = this.#on.map(
      (series) => `${series.name} ${formatMs(this.#valueOf(series) ?? NaN)}`,
    )
    this.spoken = `${this.#cursorText()}: ${values.join(', ')}`
  }

  #zoom(factor: number, around?: number): void {
    const seen = this.#seen
    const middle = around ?? this.cursor ?? (seen.from + seen.to) / 2
    this.#fire(zoomed(seen, this.#all, factor, middle))
  }

  #pan(share: number): void {
    if (this.range !== null) this.#fire(panned(this.range, this.#all, share))
  }

  #fire(range: XRange | null): void {
    this.dispatchEvent(new RangeChange(range))
  }

  #snapped(x: number): number {
    return nearestPoint(this.#shown[0]?.points ?? [], x)?.x ?? x
  }

  #xAt(left: number): number {
    return this.#chart?.scales['x']?.getValueForPixel(left) ?? NaN
  }

  get #on(): readonly Series[] {
    return this.series.filter(({ name }) => !this.off.includes(name))
  }

  get #all(): XRange {
    return (
      this.whole ??
      extentOf(this.series.map(({ points }) => [points[0]?.x ?? NaN, points.at(-1)?.x ?? NaN]))
    )
  }

  get #seen(): XRange {
    return this.range ?? this.#all
  }

  #element<T extends Element>(selector: string, type: new () => T): T {
    const element = this.renderRoot.querySelector(selector)
    if (!(element instanceof type)) throw new Error(`There is no ${selector}`)
    return element
  }

  readonly #savePng = async (): Promise<void> => {
    const canvas = this.#element('canvas', HTMLCanvasElement)
    const palette = this.#palette ?? paletteAt(canvas)
    download(await toPng(canvas, this.heading, this.#on, palette), this.heading, 'png')
  }

  readonly #saveCsv = (): void => {
    const xName = this.axis === 'round' ? 'round' : 'time_ms'
    download(seriesCsv(this.#on, xName), this.heading, 'csv')
  }
}

customElements.define('curve-chart', CurveChart)
