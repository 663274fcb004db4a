import { html } from 'lit'

/** What stands between backticks as code. */
export function inlineCode(text: string): unknown {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))
}
