import { html, type TemplateResult } from 'lit'

/** A button: its text, whether it is what holds now, and the parameters of the URL that it changes. */
export type ParamButton = readonly [
  text: string,
  isPressed: boolean,
  changes: Readonly<Record<string, string | null>>,
]

/** Buttons of which one is pressed; each sets parameters of the view. */
export function paramSegments(
  label: string,
  buttons: readonly ParamButton[],
  onChange: (changes: ParamButton[2]) => void,
): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${buttons.map(
      ([text, isPressed, changes]) =>
        html`<button
          aria-pressed=${isPressed}
          @click=${() => {
            onChange(changes)
          }}
        >
          ${text}
        </button>`,
    )}
  </div>`
}
