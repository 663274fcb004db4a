import { LitElement, css, html, type PropertyValues, type TemplateResult } from 'lit'
import type { ResultsView, RunFacts, WindowsView } from '../../../api.ts'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { dotChart } from '../../charts/dot-chart.ts'
import { binsOf } from '../../charts/histogram.ts'
import { lineChart, type Line } from '../../charts/line-chart.ts'
import '../../charts/plain-chart.ts'
import type { ChartContent } from '../../charts/plain-chart.ts'
import { tickMs } from '../../charts/ticks.ts'
import { Resource } from '../../components/resource.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { whenReady } from '../../components/state-panels.ts'
import type { DataSource } from '../../data-source.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'

type RunMetric = 'firstRequestSumMs' | 'steadySumMs' | 'timeToListenMs' | 'cpuMs' | 'rssBytes'

const runMetrics: readonly (readonly [RunMetric, string])[] = [
  ['firstRequestSumMs', 'first requests, sum'],
  ['steadySumMs', 'steady level, per round'],
  ['timeToListenMs', 'time to listen'],
  ['cpuMs', 'CPU of the whole run'],
  ['rssBytes', 'memory at the end'],
]

/** Height of a row of dots, and of the axis below, px. */
const dotRowHeight = 44
const dotAxisHeight = 40

/** What medians hide: every run, percentiles over the rounds, and how latencies are spread. */
export class CompareDistribution extends LitElement {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
    results: { attribute: false },
  }
  static override readonly styles = [
    ...sharedStyles,
    css`
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
        gap: var(--gap);
      }
      .panel {
        align-content: start;
      }
      plain-chart {
        --chart-height: 280px;
      }
    `,
  ]

  declare source: DataSource
  declare params: ViewParams
  declare results: ResultsView
  readonly #windows = new Resource<WindowsView>(this, { keepsOld: true })
  readonly #contents = new Map<string, { readonly of: unknown; readonly content: ChartContent }>()

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('params') && !changed.has('source')) return
    const { file = '' } = this.params
    const route = this.#route
    this.#windows.load(JSON.stringify([file, route]), () => this.source.windows(file, route))
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.#runs()}
      <div class="two">
        <section class="panel stack" aria-labelledby="windows">
          <div>
            <h2 id="windows">Percentiles over the rounds</h2>
            <p class="muted">
              Single latencies of ${this.#requestsText()}, in windows that double in length. Whole
              lines: p50. Dashed: p99.
            </p>
          </div>
          ${whenReady(this.#windows, 'percentiles', (view) => this.#percentiles(view))}
        </section>
        <section class="panel stack" aria-labelledby="histogram">
          <div>
            <h2 id="histogram">How latencies are spread</h2>
            <p class="muted">Share of the latencies of ${this.#requestsText()}.</p>
          </div>
          ${whenReady(this.#windows, 'latencies', (view) => this.#histogram(view))}
        </section>
      </div>
    </div>`
  }

  #runs(): TemplateResult {
    const metric =
      runMetrics.find(([name]) => name === this.params['runs'])?.[0] ?? 'firstRequestSumMs'
    const title = runMetrics.find(([name]) => name === metric)?.[1] ?? ''
    const format = metric === 'rssBytes' ? formatRounded : formatMs
    const arms = this.results.report.arms
    const content = this.#content(`runs ${metric}`, this.results, () =>
      dotChart(
        arms.map(({ name }, index) => ({
          name,
          colour: index + 1,
          dots: dotsOf(this.results.runs, name, metric),
        })),
        metric,
        format,
        metric === 'rssBytes' ? formatRounded : tickMs,
      ),
    )
    return html`<section class="panel stack" aria-labelledby="runs">
      <div>
        <h2 id="runs">Every run</h2>
        <p class="muted">A dot for each start; the bar is the median.</p>
      </div>
      <div class="controls">
        <label>
          Show
          <select
            @change=${(event: Event) => {
              this.#change({ runs: (event.target as HTMLSelectElement).value })
            }}
          >
            ${runMetrics.map(
              ([name, text]) =>
                html`<option value=${name} .selected=${name === metric}>${text}</option>`,
            )}
          </select>
        </label>
      </div>
      <plain-chart
        heading=${`Every run: ${title}`}
        .content=${content}
        .height=${arms.length * dotRowHeight + dotAxisHeight}
      ></plain-chart>
    </section>`
  }

  #percentiles(view: WindowsView): TemplateResult {
    const content = this.#content('windows', view, () =>
      lineChart(
        this.#lines(view, (windows) => [
          {
            label: '',
            isDashed: false,
            points: windows.map(({ from, p50Ms }) => ({ x: from, y: p50Ms })),
          },
          {
            label: ' p99',
            isDashed: true,
            points: windows.map(({ from, p99Ms }) => ({ x: from, y: p99Ms })),
          },
        ]),
        {
          xTitle: 'from round',
          xName: 'from_round',
          yName: 'latency_ms',
          isStepped: false,
          isYLogarithmic: true,
          formatX: formatRound,
          formatY: formatMs,
          tickX: formatRound,
          tickY: tickMs,
        },
      ),
    )
    return html`<plain-chart
      heading="Percentiles over the rounds"
      .content=${content}
    ></plain-chart>`
  }

  #histogram(view: WindowsView): TemplateResult {
    const windows = view.arms[0]?.windows ?? []
    const chosen = windows.find(({ from }) => String(from) === this.params['window'])
    const content = this.#content(`histogram ${chosen?.from ?? ''}`, view, () =>
      lineChart(
        this.#lines(view, (own) => [
          {
            label: '',
            isDashed: false,
            points: binsOf(
              chosen === undefined ? own : own.filter(({ from }) => from === chosen.from),
            ),
          },
        ]),
        {
          xTitle: 'latency',
          xName: 'latency_ms',
          yName: 'share_percent',
          isStepped: true,
          isYLogarithmic: false,
          formatX: formatMs,
          formatY: formatPercent,
          tickX: tickMs,
          tickY: formatPercent,
        },
      ),
    )
    return html`<div class="controls">
        <label>
          Rounds
          <select
            @change=${(event: Event) => {
              const { value } = event.target as HTMLSelectElement
              this.#change({ window: value === '' ? null : value })
            }}
          >
            <option value="" .selected=${chosen === undefined}>all</option>
            ${windows.map(
              ({ from, to }) =>
                html`<option value=${from} .selected=${from === chosen?.from}>
                  ${from === to ? from : `${from} to ${to}`}
                </option>`,
            )}
          </select>
        </label>
      </div>
      <plain-chart heading="How latencies are spread" .content=${content}></plain-chart>`
  }

  #lines(
    view: WindowsView,
    linesOf: (
      windows: WindowsView['arms'][number]['windows'],
    ) => readonly (Pick<Line, 'isDashed' | 'points'> & { readonly label: string })[],
  ): readonly Line[] {
    const names = this.results.report.arms.map(({ name }) => name)
    return view.arms.flatMap(({ arm, windows }) =>
      linesOf(windows).map(({ label, ...line }) => ({
        name: `${arm}${label}`,
        colour: Math.max(0, names.indexOf(arm)) + 1,
        ...line,
      })),
    )
  }

  /** The same object as long as it is made of the same, so that no chart is drawn anew for nothing. */
  #content(key: string, of: unknown, make: () => ChartContent): ChartContent {
    const kept = this.#contents.get(key)
    if (kept !== undefined && kept.of === of) return kept.content
    const content = make()
    this.#contents.set(key, { of, content })
    return content
  }

  #requestsText(): unknown {
    return this.#route === null ? 'all requests' : html`<code>${this.#route}</code>`
  }

  get #route(): string | null {
    return this.params['route'] ?? null
  }

  #change(changes: Readonly<Record<string, string | null>>): void {
    this.dispatchEvent(new ParamsChange(changes))
  }
}

function dotsOf(
  runs: readonly RunFacts[],
  arm: string,
  metric: RunMetric,
): readonly { readonly run: number; readonly value: number }[] {
  return runs.filter((run) => run.arm === arm).map((run) => ({ run: run.run, value: run[metric] }))
}

function formatRound(round: number): string {
  return formatCount(Math.round(round))
}

function formatPercent(percent: number): string {
  return `${Number(percent.toPrecision(3))} %`
}

function formatRounded(bytes: number): string {
  return formatBytes(Math.round(bytes))
}

customElements.define('compare-distribution', CompareDistribution)
