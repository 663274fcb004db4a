import { html, type TemplateResult } from 'lit'

/** A field that filters while one types. */
export function searchField(
  label: string,
  value: string,
  onInput: (value: string) => void,
): TemplateResult {
  return html`<label>
    ${label}
    <input
      type="search"
      .value=${value}
      @input=${(event: Event) => {
        onInput((event.target as HTMLInputElement).value)
      }}
    />
  </label>`
}

/** @param options - values and what they are called */
export function selectField(
  label: string,
  value: string,
  options: readonly (readonly [value: string, name: string])[],
  onChange: (value: string) => void,
): TemplateResult {
  return html`<label>
    ${label}
    <select
      @change=${(event: Event) => {
        onChange((event.target as HTMLSelectElement).value)
      }}
    >
      ${options.map(
        ([each, name]) => html`<option value=${each} .selected=${each === value}>${name}</option>`,
      )}
    </select>
  </label>`
}

/** One of a few ways to look at something. */
export function segments<T extends string>(
  label: string,
  value: T,
  options: readonly (readonly [value: T, name: string])[],
  onChange: (value: T) => void,
): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${options.map(
      ([each, name]) =>
        html`<button
          aria-pressed=${each === value}
          @click=${() => {
            onChange(each)
          }}
        >
          ${name}
        </button>`,
    )}
  </div>`
}

export interface SortColumn<T extends string> {
  readonly key: T
  readonly title: string
  /** Numbers are sorted from the top, texts from A. */
  readonly isNumber: boolean
}

export function sortHeader<T extends string>(
  { key, title, isNumber }: SortColumn<T>,
  current: T,
  onSort: (key: T) => void,
): TemplateResult {
  const direction = isNumber ? 'descending' : 'ascending'
  const isCurrent = key === current
  return html`<th
    scope="col"
    class=${isNumber ? 'number' : ''}
    aria-sort=${isCurrent ? direction : 'none'}
  >
    <button
      class="plain sort"
      @click=${() => {
        onSort(key)
      }}
    >
      ${title}<span aria-hidden="true">${isCurrent ? (isNumber ? ' ↓' : ' ↑') : ''}</span>
    </button>
  </th>`
}
