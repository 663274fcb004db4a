import { html, nothing, type TemplateResult } from 'lit'
import { formatMs } from '../../analysis/units.ts'
import { seriesVariable } from './palette.ts'

export interface CurveLegend {
  /** Where the values are from: `Round 12`. */
  readonly title: string
  readonly entries: readonly CurveLegendEntry[]
  readonly toggle: (name: string) => void
}

export interface CurveLegendEntry {
  readonly name: string
  readonly colour: number
  /** ms; null: there is none. */
  readonly value: number | null
  readonly isOn: boolean
}

/** A button for each line, with its value and how that compares with the first line's. */
export function curveLegend({ title, entries, toggle }: CurveLegend): TemplateResult {
  const first = entries.find(({ isOn }) => isOn)
  return html`<div class="legend" role="group" aria-label="Lines">
    <span class="at">${title}</span>
    ${entries.map((entry) => legendButton(entry, entry === first ? null : first, toggle))}
  </div>`
}

function legendButton(
  { name, colour, value, isOn }: CurveLegendEntry,
  first: CurveLegendEntry | null | undefined,
  toggle: (name: string) => void,
): TemplateResult {
  const base = first?.value ?? 0
  return html`<button
    class="small"
    aria-pressed=${isOn}
    @click=${() => {
      toggle(name)
    }}
  >
    <span class="swatch" .style=${`--series: ${seriesVariable(colour)}`}></span>
    <span class="name">${name}</span>
    ${value === null ? nothing : html`<span class="value">${formatMs(value)}</span>`}
    ${
      value === null || base <= 0
        ? nothing
        : html`<span class="ratio">×${(value / base).toFixed(2)}</span>`
    }
  </button>`
}
