import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import './copy-command.ts'
import { baseStyles, panelStyles } from './shared-styles.ts'

const steps = [
  {
    title: 'Record under the traffic of staging',
    command: 'npx prewarm record -o app.prewarm -- node app.js',
  },
  {
    title: 'Compare cold starts with prewarm, and keep the results',
    command: 'npx prewarm compare -p app.prewarm --save app.results.jsonl -- node app.js',
  },
  { title: 'Look at them', command: 'npx prewarm dashboard' },
] as const

/** What is shown while there are no files at all. */
export class FirstRun extends LitElement {
  static override readonly properties = { canAdd: { type: Boolean, attribute: 'can-add' } }
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      .page {
        max-width: 760px;
        margin: 6vh auto;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 28px;
      }
      h1 {
        font-size: 1.9rem;
      }
      p {
        font-size: 1.05rem;
      }
      ol {
        list-style: none;
        counter-reset: step;
        margin: 0;
        padding: 0;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
      }
      li {
        counter-increment: step;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
      }
      li > span::before {
        content: counter(step) '. ';
        color: var(--muted);
      }
    `,
  ]

  declare canAdd: boolean

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="stack">
        <h1>Nothing has been measured here yet</h1>
        <p>
          prewarm lets staging learn what a Node.js service needs hot, and repeats it in production
          before the port opens. This page shows what that gives: warm-up curves of starts with and
          without it, and what was done for which request.
        </p>
      </div>
      <ol>
        ${steps.map(
          ({ title, command }) =>
            html`<li><span>${title}</span><copy-command command=${command}></copy-command></li>`,
        )}
      </ol>
      ${
        this.canAdd
          ? html`<p class="muted">
              Or drop a <code>.prewarm</code>, results or report file anywhere on this page.
            </p>`
          : nothing
      }
    </div>`
  }
}

customElements.define('first-run', FirstRun)
