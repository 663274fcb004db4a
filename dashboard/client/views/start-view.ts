import { LitElement, html, nothing, type TemplateResult } from 'lit'
import type { StartArm, StartReport } from '../../../formats/start-report.ts'
import type { StartView as StartAnswer } from '../../api.ts'
import { Resource } from '../components/resource.ts'
import { sharedStyles } from '../components/shared-styles.ts'
import { whenReady } from '../components/state-panels.ts'
import type { DataSource } from '../data-source.ts'
import { ParamsChange, type View, type ViewParams } from '../view.ts'
import { momentText } from './moment-text.ts'
import { segments } from './profile/fields.ts'
import { advicePanel } from './start/advice-panel.ts'
import { lazyPanel } from './start/lazy-panel.ts'
import './start/module-waterfall.ts'
import { packagesPanel } from './start/packages-panel.ts'
import { phasesPanel } from './start/phases-panel.ts'
import { startStyles } from './start/start-styles.ts'

/**
 * Where the time until a service listens goes. Parameters: `file`; `arm`, the one whose modules are shown; `sort` of the packages; `q`,
 * which filters modules.
 */
export class StartView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [...sharedStyles, startStyles]

  declare source: DataSource
  declare params: ViewParams
  readonly #start = new Resource<StartAnswer>(this)

  override willUpdate(): void {
    const { file } = this.params
    if (file !== undefined) this.#start.load(file, () => this.source.start(file))
  }

  override render(): unknown {
    if (this.params['file'] === undefined) {
      return html`<empty-panel heading="No start is chosen">
        <p>Choose a file that prewarm explain-start has written.</p>
      </empty-panel>`
    }
    return whenReady(this.#start, 'the start', ({ report }) => this.#content(report))
  }

  #content(report: StartReport): TemplateResult {
    const { command, node, createdAt, prewarm, profile, arms, lazy, advice } = report
    const [cold] = arms
    const arm = arms.find(({ name }) => name === this.params['arm']) ?? cold
    return html`<div class="stack">
      <header>
        <h1 class="break"><span class="hidden">Start of </span>${command.join(' ')}</h1>
        <p class="muted break">
          Measured ${momentText(createdAt)} · Node ${node.replace(/^v/, '')} ·
          ${profile ?? 'without a profile'} · prewarm ${prewarm}
        </p>
      </header>
      ${phasesPanel(arms)} ${advicePanel(advice)}
      ${cold === undefined || lazy === null ? nothing : lazyPanel(lazy, cold)}
      ${arm === undefined ? nothing : this.#modules(arm, arms)}
    </div>`
  }

  #modules(arm: StartArm, arms: readonly StartArm[]): TemplateResult {
    const chooser =
      arms.length < 2
        ? nothing
        : segments(
            'Arm',
            arm.name,
            arms.map(({ name }) => [name, name] as const),
            (name) => {
              this.dispatchEvent(new ParamsChange({ arm: name === arms[0]?.name ? null : name }))
            },
          )
    return html`${packagesPanel(arm, chooser, this.params['sort'], (sort) => {
        this.dispatchEvent(new ParamsChange({ sort }))
      })}
      <section class="panel" aria-labelledby="waterfall">
        <h2 id="waterfall">Modules in time</h2>
        <p class="lead">
          When each was asked for, and until when it was initialised; each is below the one that
          asked first.
        </p>
        <module-waterfall .arm=${arm} .query=${this.params['q'] ?? ''}></module-waterfall>
      </section>`
  }
}

customElements.define('start-view', StartView)
