import { LitElement, html } from 'lit'

export class AppShell extends LitElement {
  override render(): unknown {
    return html`<h1>prewarm</h1>`
  }
}

customElements.define('prewarm-app', AppShell)
