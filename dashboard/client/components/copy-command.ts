import { LitElement, css, html, type TemplateResult } from 'lit'
import { baseStyles, controlStyles } from './shared-styles.ts'

/** How long the button says what it did, ms. */
const saidMs = 2000

/** A command line with a button that copies it: `<copy-command command="npx prewarm ...">`. */
export class CopyCommand extends LitElement {
  static override readonly properties = { command: {}, outcome: { state: true } }
  static override readonly styles = [
    baseStyles,
    controlStyles,
    css`
      div {
        display: flex;
        align-items: center;
        gap: 8px;
        background: var(--raised);
        border-radius: 6px;
        padding: 6px 6px 6px 12px;
      }
      code {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      button {
        min-width: 72px;
      }
    `,
  ]

  declare command: string
  declare outcome: 'none' | 'copied' | 'selected'

  constructor() {
    super()
    this.outcome = 'none'
  }

  override render(): TemplateResult {
    const said = { none: 'Copy', copied: 'Copied', selected: 'Selected' }[this.outcome]
    return html`<div>
      <code>${this.command}</code>
      <button @click=${this.#copy} aria-label=${`${said}: ${this.command}`}>${said}</button>
      <span class="hidden" role="status">${this.outcome === 'none' ? '' : said}</span>
    </div>`
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.command)
      this.outcome = 'copied'
    } catch {
      // Not everywhere is the clipboard allowed; the user can still press Ctrl+C.
      const code = this.renderRoot.querySelector('code')
      if (code !== null) getSelection()?.selectAllChildren(code)
      this.outcome = 'selected'
    }
    setTimeout(() => (this.outcome = 'none'), saidMs)
  }
}

customElements.define('copy-command', CopyCommand)
