import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import type { FileEntry } from '../../api.ts'
import { baseStyles, controlStyles } from './shared-styles.ts'

/** Asks for another file of the view. */
export class PickFile extends Event {
  static readonly type = 'pick-file'
  readonly file: FileEntry

  constructor(file: FileEntry) {
    super(PickFile.type)
    this.file = file
  }
}

/** The files that the view can show, the newest first. */
export class FilePicker extends LitElement {
  static override readonly properties = { files: { attribute: false }, selected: {} }
  static override readonly styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        min-width: 0;
      }
      select {
        width: 100%;
        max-width: 420px;
        text-overflow: ellipsis;
      }
    `,
  ]

  declare files: readonly FileEntry[]
  /** Id; empty: none. */
  declare selected: string

  override render(): unknown {
    if (this.files.length === 0) return nothing
    const isKnown = this.files.some(({ id }) => id === this.selected)
    return html`<select aria-label="File" @change=${this.#changed}>
      ${isKnown ? nothing : html`<option value="" selected disabled>Choose a file</option>`}
      ${this.files.map((file) => this.#option(file))}
    </select>`
  }

  #option({ id, name, modifiedAt, error }: FileEntry): TemplateResult {
    const when = new Date(modifiedAt).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    })
    const trouble = error === null ? '' : ' (cannot be shown)'
    return html`<option value=${id} .selected=${id === this.selected}>
      ${name}${trouble}, ${when}
    </option>`
  }

  readonly #changed = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement
    const file = this.files.find(({ id }) => id === value)
    if (file !== undefined) this.dispatchEvent(new PickFile(file))
  }
}

customElements.define('file-picker', FilePicker)
