import { LitElement, html } from 'lit'
import type { DataSource } from '../data-source.ts'
import type { View, ViewParams } from '../view.ts'

export class LiveView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }

  declare source: DataSource
  declare params: ViewParams

  override render(): unknown {
    return html`<p>Live</p>`
  }
}

customElements.define('live-view', LiveView)
