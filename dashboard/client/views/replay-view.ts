import { LitElement, html, nothing, type TemplateResult } from 'lit'
import type { ReportsView } from '../../api.ts'
import type { RunReport } from '../../../formats/report.ts'
import { Resource } from '../components/resource.ts'
import { sharedStyles } from '../components/shared-styles.ts'
import { whenReady } from '../components/state-panels.ts'
import type { DataSource } from '../data-source.ts'
import { ParamsChange, type View, type ViewParams } from '../view.ts'
import { guardPanel } from './replay/guard-panel.ts'
import { headlinePanel, reportHeading } from './replay/headline-panel.ts'
import { rehearsalPanel } from './replay/rehearsal-panel.ts'
import { replayStyles } from './replay/replay-styles.ts'
import { skippedPanel } from './replay/skipped-panel.ts'
import { tierUpPanel } from './replay/tier-up-panel.ts'
import { timelinePanel } from './replay/timeline-panel.ts'
import { unitsPanel } from './replay/units-panel.ts'

type TitledReport = ReportsView['reports'][number]

/**
 * What one start did with its profile. Parameters: `file`; `start`, the position of the report in the file; `q` and `reason`, which filter
 * the units that were not applied.
 */
export class ReplayView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [...sharedStyles, replayStyles]

  declare source: DataSource
  declare params: ViewParams
  readonly #reports = new Resource<ReportsView>(this)

  override willUpdate(): void {
    const { file } = this.params
    if (file !== undefined) this.#reports.load(file, () => this.source.reports(file))
  }

  override render(): unknown {
    if (this.params['file'] === undefined) {
      return html`<empty-panel heading="No report is chosen">
        <p>Choose a run report, or results whose starts have one.</p>
      </empty-panel>`
    }
    return whenReady(this.#reports, 'run reports', ({ reports }) => this.#content(reports))
  }

  #content(reports: readonly TitledReport[]): TemplateResult {
    const asked = Number(this.params['start'] ?? 0)
    const at = reports[asked] === undefined ? 0 : asked
    const report = reports[at]?.report
    if (report === undefined) {
      return html`<empty-panel heading="No start of these results has a run report">
        <p>Only starts with prewarm write one.</p>
      </empty-panel>`
    }
    return html`<div class="stack">
      ${reportHeading(report)} ${reports.length > 1 ? this.#starts(reports, at) : nothing}
      ${headlinePanel(report)} ${timelinePanel(report)}
      ${report.outcome === 'cold' ? nothing : this.#applied(report)} ${guardPanel(report)}
    </div>`
  }

  #applied(report: RunReport): TemplateResult {
    const filter = { text: this.params['q'] ?? '', reason: this.params['reason'] ?? '' }
    return html`${unitsPanel(report)}
      <div class="columns">${rehearsalPanel(report)} ${tierUpPanel(report)}</div>
      ${skippedPanel(report, filter, ({ text, reason }) => {
        if (text !== undefined) this.#change({ q: text === '' ? null : text }, true)
        if (reason !== undefined) this.#change({ reason: reason === '' ? null : reason })
      })}`
  }

  #starts(reports: readonly TitledReport[], at: number): TemplateResult {
    return html`<div class="controls">
      <label>
        Start
        <select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement
            this.#change({ start: value, q: null, reason: null })
          }}
        >
          ${reports.map(
            ({ title, report }, index) =>
              html`<option value=${index} .selected=${index === at}>
                ${title}${report.outcome === 'cold' ? ` (cold: ${report.reason ?? ''})` : ''}
              </option>`,
          )}
        </select>
      </label>
    </div>`
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('replay-view', ReplayView)
