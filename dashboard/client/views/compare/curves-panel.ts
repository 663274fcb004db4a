import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { CurveAxis, CurvesView, ResultsView } from '../../../api.ts'
import { formatMs } from '../../../analysis/units.ts'
import '../../charts/curve-chart.ts'
import type { RangeChange, ToggleSeries } from '../../charts/curve-events.ts'
import type { Series } from '../../charts/series.ts'
import { extentOf, parseRange, type XRange } from '../../charts/x-range.ts'
import { paramSegments } from '../../components/param-segments.ts'
import { Resource } from '../../components/resource.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { whenReady } from '../../components/state-panels.ts'
import type { CurveQuery, DataSource } from '../../data-source.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { lostUntil, seriesOf } from './curve-series.ts'

/** Points of an arm: some more than pixels are there. */
const points = 2000
/** What is asked for whatever is zoomed to. */
export function overviewQuery({ axis, route }: ViewParams): CurveQuery {
  return { axis: axis === 'time' ? 'time' : 'round', route: route ?? null, points }
}

/** While one turns the wheel no detail is asked for. */
const detailDelayMs = 150

/** The warm-up curves of all arms, with all that can be chosen about them; the choices are parameters of the view. */
export class CompareCurves extends LitElement {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
    results: { attribute: false },
  }
  static override readonly styles = sharedStyles

  declare source: DataSource
  declare params: ViewParams
  declare results: ResultsView
  readonly #overview = new Resource<CurvesView>(this, { keepsOld: true })
  readonly #detail = new Resource<CurvesView>(this, { keepsOld: true })
  #timer: ReturnType<typeof setTimeout> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('params') && !changed.has('source')) return
    const { file = '' } = this.params
    const query = overviewQuery(this.params)
    this.#overview.load(keyOf(file, query), () => this.source.curves(file, query))
    clearTimeout(this.#timer)
    const range = this.#range
    if (range === null) return
    const detailed =
      this.#axis === 'round'
        ? { ...query, from: Math.floor(range.from), to: Math.ceil(range.to) }
        : { ...query, ...range }
    this.#timer = setTimeout(() => {
      if (this.#isWhole(this.#overview.value)) return
      this.#detail.load(keyOf(file, detailed), () => this.source.curves(file, detailed))
      this.requestUpdate()
    }, detailDelayMs)
  }

  override render(): TemplateResult {
    return html`<section class="panel stack" aria-labelledby="curves">
      <div>
        <h2 id="curves">Warm-up</h2>
        <p class="muted">
          Latency of ${this.#route === null ? 'all requests' : html`<code>${this.#route}</code>`} of
          a round, added up: median over the runs, with a band from the 10th to the 90th percentile.
          Dashed: the steady level. Diamonds: where the level changes.
        </p>
      </div>
      ${this.#controls()}
      ${whenReady(this.#overview, 'curves', (overview) => this.#chart(overview))}
    </section>`
  }

  #controls(): TemplateResult {
    const routes = [...new Set(this.results.plan.requests.map(({ route }) => route))]
    const arms = this.results.report.arms.map(({ name }) => name)
    return html`<div class="controls">
      ${paramSegments(
        'Over',
        [
          ['Rounds', this.#axis === 'round', { axis: null, from: null, to: null }],
          ['Time', this.#axis === 'time', { axis: 'time', from: null, to: null }],
        ],
        this.#onChange,
      )}
      ${this.#axis === 'time' ? nothing : this.#parts()}
      ${paramSegments(
        'Scale',
        [
          ['Linear', !this.#isLogarithmic, { scale: null }],
          ['Logarithmic', this.#isLogarithmic, { scale: 'log' }],
        ],
        this.#onChange,
      )}
      ${this.#select('Requests', 'route', this.#route ?? '', [['', 'all'], ...routes.map(twice)])}
      ${this.#select('Time lost of', 'shade', this.#shaded ?? 'none', [
        ...arms.map(twice),
        ['none', 'no arm'],
      ])}
    </div>`
  }

  /** Warm-up is at the beginning, where the whole curve has little room. */
  #parts(): unknown {
    const { rounds } = this.results.plan
    const { from, to } = this.params
    const spans = [50, 10].filter((span) => span < rounds)
    if (spans.length === 0) return nothing
    return paramSegments(
      'Part',
      [
        ['All', from === undefined, { from: null, to: null }],
        ...spans.map(
          (span) =>
            [
              `First ${span}`,
              from === '1' && to === String(span),
              { from: '1', to: String(span) },
            ] as const,
        ),
      ],
      this.#onChange,
    )
  }

  #select(
    label: string,
    param: string,
    value: string,
    options: readonly (readonly [value: string, text: string])[],
  ): TemplateResult {
    return html`<label>
      ${label}
      <select
        @change=${(event: Event) => {
          const chosen = (event.target as HTMLSelectElement).value
          this.#change({ [param]: chosen === '' ? null : chosen })
        }}
      >
        ${options.map(
          ([option, text]) =>
            html`<option value=${option} .selected=${option === value}>${text}</option>`,
        )}
      </select>
    </label>`
  }

  #chart(overview: CurvesView): TemplateResult {
    const range = this.#range
    const detail = range !== null && !this.#isWhole(overview) ? this.#detail.value : null
    // What was loaded for another route or axis would be wrong here.
    const shown = isOf(detail, overview) && covers(detail, range) ? detail : overview
    const names = this.results.report.arms.map(({ name }) => name)
    const { rounds } = this.results.plan
    return html`<curve-chart
        heading=${`Warm-up of ${this.results.report.app}${this.#route === null ? '' : `, ${this.#route}`}`}
        .series=${this.#series(shown, names)}
        .axis=${overview.axis}
        ?logarithmic=${this.#isLogarithmic}
        .range=${range}
        .whole=${extentOf(overview.arms.map(({ x }) => x))}
        .off=${this.#off(names)}
        .shaded=${this.#shaded}
        .shadedTo=${lostUntil(this.results.report, overview.axis, this.#shaded)}
        ?pending=${this.#overview.isPending || this.#detail.isPending}
        @range-change=${({ range: to }: RangeChange) => {
          this.#change(
            to === null
              ? { from: null, to: null }
              : { from: shortNumber(to.from), to: shortNumber(to.to) },
            true,
          )
        }}
        @toggle-series=${({ series }: ToggleSeries) => {
          this.#toggle(names.indexOf(series))
        }}
      ></curve-chart>
      ${this.#shaded === null || this.#route !== null ? nothing : this.#lost(this.#shaded, rounds)}`
  }

  #lost(arm: string, rounds: number): unknown {
    const metrics = this.results.report.arms.find(({ name }) => name === arm)?.metrics
    if (metrics === undefined) return nothing
    return html`<p class="small muted">
      Shaded: what a start of ${arm} costs, ${formatMs(metrics.timeLost50Ms.median)} over the first
      ${Math.min(50, rounds)} rounds.
    </p>`
  }

  /** The same object for the same curves, so that the chart is not drawn anew for nothing. */
  #series(view: CurvesView, names: readonly string[]): readonly Series[] {
    if (this.#lastView?.view !== view) {
      this.#lastView = { view, series: seriesOf(view.arms, names) }
    }
    return this.#lastView.series
  }

  #lastView: { readonly view: CurvesView; readonly series: readonly Series[] } | null = null

  /** Every round is there already. */
  #isWhole(overview: CurvesView | null): boolean {
    return overview?.axis === 'round' && this.results.plan.rounds <= points
  }

  #toggle(index: number): void {
    const indices = new Set(offIndices(this.params))
    if (!indices.delete(index)) indices.add(index)
    const list = [...indices].sort((a, b) => a - b).join('.')
    this.#change({ off: list === '' ? null : list })
  }

  #off(names: readonly string[]): readonly string[] {
    return offIndices(this.params).flatMap((index) => names[index] ?? [])
  }

  readonly #onChange = (changes: Readonly<Record<string, string | null>>): void => {
    this.#change(changes)
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }

  get #axis(): CurveAxis {
    return overviewQuery(this.params).axis
  }

  get #isLogarithmic(): boolean {
    return this.params['scale'] === 'log'
  }

  get #route(): string | null {
    return this.params['route'] ?? null
  }

  get #range(): XRange | null {
    return parseRange(this.params['from'], this.params['to'])
  }

  get #shaded(): string | null {
    const names = this.results.report.arms.map(({ name }) => name)
    const { shade } = this.params
    if (shade === 'none') return null
    return names.find((name) => name === shade) ?? names[0] ?? null
  }
}

function twice(text: string): readonly [string, string] {
  return [text, text]
}

function keyOf(file: string, query: CurveQuery): string {
  return JSON.stringify([file, query])
}

function isOf(detail: CurvesView | null, overview: CurvesView): detail is CurvesView {
  return detail !== null && detail.axis === overview.axis && detail.route === overview.route
}

/** Whether the detail reaches over what is seen. */
function covers(detail: CurvesView, range: XRange | null): boolean {
  const slack = range === null ? 0 : (range.to - range.from) / 50
  return detail.arms.some(
    ({ x }) =>
      range !== null &&
      (x[0] ?? Infinity) <= range.from + slack &&
      (x.at(-1) ?? -Infinity) >= range.to - slack,
  )
}

function offIndices(params: ViewParams): readonly number[] {
  const text = params['off'] ?? ''
  return text === '' ? [] : text.split('.').map(Number)
}

function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100)
}

customElements.define('compare-curves', CompareCurves)
