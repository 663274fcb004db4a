import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { ResultsView } from '../../api.ts'
import { formatCount } from '../../analysis/units.ts'
import { Resource } from '../components/resource.ts'
import { whenReady } from '../components/state-panels.ts'
import type { DataSource } from '../data-source.ts'
import { ParamsChange, type View, type ViewParams } from '../view.ts'
import { compareStyles } from './compare/compare-styles.ts'
import { overviewQuery } from './compare/curves-panel.ts'
import './compare/distribution-panel.ts'
import { factsPanel } from './compare/facts-panel.ts'
import { metricsPanel } from './compare/metrics-panel.ts'
import { routesPanel } from './compare/routes-panel.ts'
import { verdictPanel } from './compare/verdict-panel.ts'

/** The results of one `prewarm compare`: the verdict first, then what it rests on. */
export class CompareView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
    isWhole: { state: true },
  }
  static override readonly styles = compareStyles

  declare source: DataSource
  declare params: ViewParams
  declare isWhole: boolean
  readonly #results = new Resource<ResultsView>(this)

  constructor() {
    super()
    this.isWhole = false
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('params') && !changed.has('source')) return
    const { file = '' } = this.params
    this.#results.load(file, () => this.source.results(file))
    if (this.#results.value !== null) return
    this.isWhole = false
    // The panel that draws them comes only with the results; what is below it can wait until they are drawn.
    void this.source
      .curves(file, overviewQuery(this.params))
      .catch(() => undefined)
      .then(() => {
        requestAnimationFrame(() =>
          setTimeout(() => {
            this.isWhole = true
          }),
        )
      })
  }

  override render(): unknown {
    return whenReady(this.#results, 'results', (results) => this.#page(results))
  }

  #page(results: ResultsView): TemplateResult {
    const { report } = results
    if (report.runs === 0) {
      return html`<empty-panel heading="No run is complete yet">
        <p>
          Figures need at least one run of every arm. While ${results.name} is being written, come
          back to this page later: it looks again whenever it gets the focus.
        </p>
      </empty-panel>`
    }
    return html`<div class="page">
      ${heading(results)} ${warnings(report.warnings)}
      ${verdictPanel(results, this.params['file'] ?? '')}
      <compare-curves
        .source=${this.source}
        .params=${this.params}
        .results=${results}
      ></compare-curves>
      ${this.isWhole ? this.#rest(results) : nothing}
    </div>`
  }

  #rest(results: ResultsView): TemplateResult {
    const { report } = results
    return html`${routesPanel(report, this.params['route'] ?? null, this.#selectRoute)}
      ${metricsPanel(report)}
      <compare-distribution
        .source=${this.source}
        .params=${this.params}
        .results=${results}
      ></compare-distribution>
      ${factsPanel(results, this.params['file'] ?? '')}`
  }

  readonly #selectRoute = (route: string | null): void => {
    this.dispatchEvent(new ParamsChange({ route }))
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.renderRoot
      .querySelector('compare-curves')
      ?.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' })
  }
}

function heading({ plan, report }: ResultsView): TemplateResult {
  return html`<div class="heading">
    <h1 class="break"><span class="hidden">Comparison of </span>${report.app}</h1>
    <p class="muted">
      Node ${report.node.replace(/^v/, '')} · ${formatCount(report.runs)}
      ${report.runs === 1 ? 'run' : 'runs'} of ${formatCount(report.arms.length)} arms ·
      ${formatCount(plan.rounds)} rounds of ${formatCount(plan.requests.length)} requests ·
      ${new Date(plan.createdAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}
    </p>
  </div>`
}

function warnings(texts: readonly string[]): unknown {
  if (texts.length === 0) return nothing
  return html`<section class="warnings" aria-label="Warnings">
    <strong class="warning">${texts.length === 1 ? 'Warning' : 'Warnings'}</strong>
    <ul>
      ${texts.map((text) => html`<li class="break">${text}</li>`)}
    </ul>
  </section>`
}

customElements.define('compare-view', CompareView)
