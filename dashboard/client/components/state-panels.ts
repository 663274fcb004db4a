import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import type { ApiProblem } from '../data-source.ts'
import type { Resource } from './resource.ts'
import { baseStyles, controlStyles, panelStyles } from './shared-styles.ts'

/** Stands where content will be, in about its shape: `<loading-panel label="Results" .lines=${6}>`. */
export class LoadingPanel extends LitElement {
  static override readonly properties = { label: {}, lines: { type: Number } }
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      .line {
        height: 14px;
        border-radius: 4px;
        background: var(--raised);
        margin: 12px 0;
        width: 92%;
      }
      .line:nth-child(3n) {
        width: 64%;
      }
      .line:nth-child(3n + 2) {
        width: 80%;
      }
      @media (prefers-reduced-motion: no-preference) {
        .line {
          animation: breathe 1.6s ease-in-out infinite alternate;
        }
      }
      @keyframes breathe {
        to {
          opacity: 0.45;
        }
      }
    `,
  ]

  declare label: string
  declare lines: number

  constructor() {
    super()
    this.label = 'Data'
    this.lines = 4
  }

  override render(): TemplateResult {
    return html`<div class="panel" role="status">
      <span class="muted small">Loading ${this.label}…</span>
      ${Array.from({ length: this.lines }, () => html`<div class="line"></div>`)}
    </div>`
  }
}

/** What went wrong, and what to do; fires `retry` where `can-retry` is set. */
export class ErrorPanel extends LitElement {
  static override readonly properties = {
    problem: { attribute: false },
    canRetry: { type: Boolean, attribute: 'can-retry' },
  }
  static override readonly styles = [
    baseStyles,
    controlStyles,
    panelStyles,
    css`
      .panel {
        border-left: 4px solid var(--bad);
        display: grid;
        gap: 8px;
        justify-items: start;
      }
    `,
  ]

  declare problem: Pick<ApiProblem, 'code' | 'message' | 'hint'>
  declare canRetry: boolean

  override render(): TemplateResult {
    const { code, message, hint } = this.problem
    return html`<div class="panel" role="alert">
      <strong class="break">${message}</strong>
      ${hint === null ? nothing : html`<p class="break">${hint}</p>`}
      <code class="muted break">${code}</code>
      ${this.canRetry ? html`<button @click=${this.#retry}>Try again</button>` : nothing}
      <slot></slot>
    </div>`
  }

  readonly #retry = (): void => {
    this.dispatchEvent(new Event('retry'))
  }
}

/** Says calmly that there is nothing, and how there could be: heading and slotted text. */
export class EmptyPanel extends LitElement {
  static override readonly properties = { heading: {} }
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      .panel {
        border-style: dashed;
        display: grid;
        gap: 8px;
        justify-items: start;
      }
    `,
  ]

  declare heading: string

  override render(): TemplateResult {
    return html`<div class="panel">
      <strong>${this.heading}</strong>
      <slot></slot>
    </div>`
  }
}

customElements.define('loading-panel', LoadingPanel)
customElements.define('error-panel', ErrorPanel)
customElements.define('empty-panel', EmptyPanel)

/** The skeleton, the error with a button to try again, or what `content` makes of the value. */
export function whenReady<T>(
  resource: Resource<T>,
  label: string,
  content: (value: T) => unknown,
): unknown {
  const { state } = resource
  switch (state.status) {
    case 'loading':
      return html`<loading-panel label=${label}></loading-panel>`
    case 'failed':
      return html`<error-panel
        .problem=${state.problem}
        can-retry
        @retry=${() => {
          void resource.retry()
        }}
      ></error-panel>`
    case 'ready':
      return content(state.value)
  }
}
