import { html, type TemplateResult } from 'lit'

/** What may be wider than the page, such as a table: scrolls on its own, by keyboard too. Takes `tableStyles`. */
export function scrollRegion(label: string, content: unknown): TemplateResult {
  return html`<div class="scroll" role="region" aria-label=${label} tabindex="0">${content}</div>`
}
