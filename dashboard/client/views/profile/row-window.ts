import { html, nothing, type ReactiveControllerHost } from 'lit'
import { formatCount } from '../../../analysis/units.ts'

const windowSize = 200

/** How much of a long list is in the page: the first 200 rows, and 200 more each time that is asked for. */
export class RowWindow {
  readonly #host: ReactiveControllerHost
  #key = ''
  #size = windowSize

  constructor(host: ReactiveControllerHost) {
    this.#host = host
  }

  /** @param key - what the list was made by: another one begins at the top again */
  take<T>(rows: readonly T[], key: string): readonly T[] {
    if (key !== this.#key) {
      this.#key = key
      this.#size = windowSize
    }
    return rows.slice(0, this.#size)
  }

  /** How many are shown, and a button for more where there are. */
  footer(total: number): unknown {
    const shown = Math.min(total, this.#size)
    const left = total - shown
    return html`<div class="controls small muted">
      <span role="status">${formatCount(shown)} of ${formatCount(total)} shown</span>
      ${
        left === 0
          ? nothing
          : html`<button @click=${this.#more}>
              Show ${formatCount(Math.min(left, windowSize))} more
            </button>`
      }
    </div>`
  }

  readonly #more = (): void => {
    this.#size += windowSize
    this.#host.requestUpdate()
  }
}
