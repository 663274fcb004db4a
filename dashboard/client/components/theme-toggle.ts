import { LitElement, html, type TemplateResult } from 'lit'
import { baseStyles, controlStyles } from './shared-styles.ts'
import { applyTheme, storedTheme, themes, type Theme } from './theme.ts'

const signs: Readonly<Record<Theme, string>> = { auto: '◐', light: '○', dark: '●' }

/** One button that goes through auto, light and dark. */
export class ThemeToggle extends LitElement {
  static override readonly properties = { theme: { state: true } }
  static override readonly styles = [baseStyles, controlStyles]

  declare theme: Theme

  constructor() {
    super()
    this.theme = storedTheme()
  }

  override render(): TemplateResult {
    return html`<button @click=${this.#next}>
      <span aria-hidden="true">${signs[this.theme]}</span>
      <span class="hidden">Colours:</span> ${this.theme}
    </button>`
  }

  readonly #next = (): void => {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length] ?? 'auto'
    applyTheme(this.theme)
  }
}

customElements.define('theme-toggle', ThemeToggle)
