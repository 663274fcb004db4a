import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { baseStyles, controlStyles } from './shared-styles.ts'

/** Files that were dropped on the page or chosen with the button. */
export class FilesGiven extends Event {
  static readonly type = 'files-given'
  readonly files: readonly File[]

  constructor(files: readonly File[]) {
    super(FilesGiven.type)
    this.files = files
  }
}

/** A button for files, and the whole window as a place to drop them; the overlay shows while they are dragged. */
export class FileDrop extends LitElement {
  static override readonly properties = { isOver: { state: true }, busy: { type: Boolean } }
  static override readonly styles = [
    baseStyles,
    controlStyles,
    css`
      .overlay {
        position: fixed;
        inset: 0;
        z-index: 10;
        display: grid;
        place-items: center;
        padding: 24px;
        background: color-mix(in srgb, var(--background) 86%, transparent);
        border: 3px dashed var(--accent);
        font-size: 1.3rem;
        text-align: center;
        pointer-events: none;
      }
    `,
  ]

  declare isOver: boolean
  declare busy: boolean
  #depth = 0

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('dragenter', this.#entered)
    window.addEventListener('dragover', this.#over)
    window.addEventListener('dragleave', this.#left)
    window.addEventListener('drop', this.#dropped)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('dragenter', this.#entered)
    window.removeEventListener('dragover', this.#over)
    window.removeEventListener('dragleave', this.#left)
    window.removeEventListener('drop', this.#dropped)
  }

  override render(): TemplateResult {
    return html`<button ?disabled=${this.busy} @click=${this.#choose}>
        ${this.busy ? 'Reading…' : 'Open file…'}
      </button>
      <input type="file" multiple hidden accept=".prewarm,.jsonl,.json" @change=${this.#chosen} />
      ${
        this.isOver
          ? html`<div class="overlay">Drop a .prewarm, results or report file</div>`
          : nothing
      }`
  }

  readonly #choose = (): void => {
    this.renderRoot.querySelector('input')?.click()
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement
    this.#give([...(input.files ?? [])])
    // The same file can be chosen again.
    input.value = ''
  }

  readonly #entered = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    this.#depth++
    this.isOver = true
  }

  readonly #over = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault()
  }

  // Each element that is passed says that it was left.
  readonly #left = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    this.#depth = Math.max(0, this.#depth - 1)
    this.isOver = this.#depth > 0
  }

  readonly #dropped = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    this.#depth = 0
    this.isOver = false
    this.#give([...(event.dataTransfer?.files ?? [])])
  }

  #give(files: readonly File[]): void {
    if (files.length > 0) this.dispatchEvent(new FilesGiven(files))
  }
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

customElements.define('file-drop', FileDrop)
