import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { LiveEvent } from '../../api.ts'
import { parseAnswer } from '../answer-text.ts'
import '../charts/curve-chart.ts'
import type { RangeChange, ToggleSeries } from '../charts/curve-events.ts'
import type { Series } from '../charts/series.ts'
import { parseRange } from '../charts/x-range.ts'
import '../components/copy-command.ts'
import { paramSegments } from '../components/param-segments.ts'
import { sharedStyles } from '../components/shared-styles.ts'
import '../components/state-panels.ts'
import type { DataSource } from '../data-source.ts'
import { ParamsChange, type View, type ViewParams } from '../view.ts'
import {
  liveCurve,
  liveRoutes,
  recentMedianMs,
  recentRequests,
  type LiveAxis,
} from './live/live-curves.ts'
import { LiveModel, type LiveProcess } from './live/live-model.ts'
import { labelOf, processCard } from './live/process-card.ts'

/** Lines that come at once are drawn at once, and a chart is not drawn more often than eyes follow. */
const drawDelayMs = 200
/** As many as there are colours. */
const maxProcesses = 10

/** closed: the browser does not try again, since the dashboard has refused it. */
type Connection = 'connecting' | 'open' | 'lost' | 'closed'

/** Running services: what each start did before its port opened, and how its first requests are answered while they come in. */
export class LiveView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
    processes: { state: true },
    connection: { state: true },
  }
  static override readonly styles = [
    ...sharedStyles,
    css`
      .page {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
      .processes {
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .process {
        display: grid;
        gap: 10px;
        align-content: start;
        height: 100%;
      }
      .process header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
      ul.notes {
        margin: 0;
        padding-left: 18px;
      }
    `,
  ]

  declare source: DataSource
  declare params: ViewParams
  declare processes: readonly LiveProcess[]
  declare connection: Connection
  #model = new LiveModel()
  #stream: EventSource | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Of processes as they are: a curve of 60,000 requests is not made anew for another one's news. */
  readonly #drawn = new WeakMap<LiveProcess, { readonly key: string; readonly series: Series }>()

  constructor() {
    super()
    this.processes = []
    this.connection = 'connecting'
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) this.#follow()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#stream?.close()
    this.#stream = null
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div>
        <h1>Live</h1>
        <p class="muted" role="status">${this.#connectionText()}</p>
      </div>
      ${this.processes.length === 0 ? this.#nothingYet() : this.#page()}
    </div>`
  }

  #page(): TemplateResult {
    const shown = this.processes.slice(0, maxProcesses)
    const routes = liveRoutes(shown)
    const route = this.params['route'] ?? null
    const axis = this.#axis
    const heading = `Latency of ${route ?? 'all requests'}`
    return html`<section class="panel stack" aria-labelledby="curves">
        <div>
          <h2 id="curves">First requests, as they come in</h2>
          <p class="muted">
            Median latency of clients' requests, with a band from the 10th to the 90th percentile.
            Start the service again, with another setting or without prewarm, and its curve is drawn
            beside these.
          </p>
        </div>
        <div class="controls">
          ${paramSegments(
            'Over',
            [
              ['Time', axis === 'time', { axis: null, from: null, to: null }],
              ['Requests', axis === 'request', { axis: 'request', from: null, to: null }],
            ],
            this.#onChange,
          )}
          ${paramSegments(
            'Scale',
            [
              ['Linear', this.params['scale'] !== 'log', { scale: null }],
              ['Logarithmic', this.params['scale'] === 'log', { scale: 'log' }],
            ],
            this.#onChange,
          )}
          <label>
            Route
            <select @change=${this.#onRoute}>
              <option value="" .selected=${route === null}>all</option>
              ${routes.map(
                (name) => html`<option value=${name} .selected=${name === route}>${name}</option>`,
              )}
            </select>
          </label>
        </div>
        <curve-chart
          heading=${heading}
          .series=${shown.map((each) => this.#series(each, axis, route))}
          .axis=${axis}
          level=${`Median of the last ${recentRequests}`}
          ?logarithmic=${this.params['scale'] === 'log'}
          .range=${parseRange(this.params['from'], this.params['to'])}
          .off=${this.#off(shown)}
          @range-change=${this.#onRange}
          @toggle-series=${({ series }: ToggleSeries) => {
            this.#toggle(shown, series)
          }}
        ></curve-chart>
      </section>
      <h2 class="hidden">Processes</h2>
      <ul class="processes">
        ${repeat(
          shown,
          ({ id }) => id,
          (each) => html`<li>${processCard(each, this.#colourOf(each))}</li>`,
        )}
      </ul>
      ${
        this.processes.length > shown.length
          ? html`<p class="muted">
              ${this.processes.length - shown.length} earlier starts are not shown; remove their
              files to forget them.
            </p>`
          : nothing
      }`
  }

  #nothingYet(): TemplateResult {
    return html`<empty-panel heading="No running service tells of itself yet">
      <p>
        Start one with a folder that this dashboard has opened; its stages and the latencies of its
        first minutes appear here while they happen:
      </p>
      <copy-command command="npx prewarm run -p app.prewarm --live . -- node app.js"></copy-command>
      <p>For the same without prewarm, to see the difference:</p>
      <copy-command
        command="npx prewarm run -p app.prewarm --mode off --live . -- node app.js"
      ></copy-command>
    </empty-panel>`
  }

  #connectionText(): string {
    switch (this.connection) {
      case 'connecting':
        return 'Connecting…'
      case 'open':
        return 'Following. New starts appear by themselves.'
      case 'lost':
        return 'The dashboard does not answer; what is shown may be old. Trying again…'
      case 'closed':
        return 'The dashboard does not let this page in any more. Open the address that it has printed last.'
    }
  }

  #follow(): void {
    this.#stream?.close()
    this.#model = new LiveModel()
    this.connection = 'connecting'
    const stream = this.source.live()
    this.#stream = stream
    stream.onopen = () => {
      this.connection = 'open'
    }
    stream.onerror = () => {
      this.connection = stream.readyState === stream.CLOSED ? 'closed' : 'lost'
    }
    stream.onmessage = (message: MessageEvent<string>) => {
      this.#model.apply(parseAnswer(message.data) as LiveEvent)
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        this.processes = this.#model.processes()
      }, drawDelayMs)
    }
  }

  #series(process: LiveProcess, axis: LiveAxis, route: string | null): Series {
    const colour = this.#colourOf(process)
    const key = JSON.stringify([axis, route, colour])
    const drawn = this.#drawn.get(process)
    if (drawn?.key === key) return drawn.series
    const series: Series = {
      name: labelOf(process),
      colour,
      points: liveCurve(process.requests, axis, route),
      steady: recentMedianMs(process, route),
      changepoints: [],
    }
    this.#drawn.set(process, { key, series })
    return series
  }

  /** By the order of the starts, so that none changes its colour when another one begins. */
  #colourOf(process: LiveProcess): number {
    const fromFirst = this.processes.length - this.processes.indexOf(process)
    return ((fromFirst - 1) % maxProcesses) + 1
  }

  get #axis(): LiveAxis {
    return this.params['axis'] === 'request' ? 'request' : 'time'
  }

  /** Names of series; the URL has ids, since names are made up of what is known so far. */
  #off(shown: readonly LiveProcess[]): readonly string[] {
    const ids = (this.params['off'] ?? '').split(',')
    return shown.filter(({ id }) => ids.includes(id)).map(labelOf)
  }

  #toggle(shown: readonly LiveProcess[], series: string): void {
    const off = new Set((this.params['off'] ?? '').split(',').filter(Boolean))
    const process = shown.find((each) => labelOf(each) === series)
    if (process === undefined) return
    if (!off.delete(process.id)) off.add(process.id)
    this.#change({ off: off.size === 0 ? null : [...off].join(',') })
  }

  readonly #onRoute = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement
    this.#change({ route: value === '' ? null : value })
  }

  readonly #onRange = ({ range }: RangeChange): void => {
    this.#change(
      range === null
        ? { from: null, to: null }
        : { from: String(Math.round(range.from)), to: String(Math.round(range.to)) },
      true,
    )
  }

  readonly #onChange = (changes: Readonly<Record<string, string | null>>): void => {
    this.#change(changes)
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('live-view', LiveView)
