import { LitElement, html } from 'lit'
import type { DataSource } from '../data-source.ts'
import type { View, ViewParams } from '../view.ts'

export class ReplayView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }

  declare source: DataSource
  declare params: ViewParams

  override render(): unknown {
    return html`<p>Replay</p>`
  }
}

customElements.define('replay-view', ReplayView)
