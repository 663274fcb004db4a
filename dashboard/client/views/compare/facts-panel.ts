import { html, nothing, type TemplateResult } from 'lit'
import type { ResultsView } from '../../../api.ts'
import { formatCount, formatMs } from '../../../analysis/units.ts'
import { formatHash } from '../../url-state.ts'
import { replayStart } from './replay-links.ts'

/** What was measured, how, with what, and on what. */
export function factsPanel(view: ResultsView, file: string): TemplateResult {
  const { plan, report } = view
  const { machine, load, profile } = plan
  return html`<section class="panel" aria-labelledby="facts">
    <h2 id="facts">How it was measured</h2>
    <dl class="facts">
      <dt>Command</dt>
      <dd><code>${plan.command.join(' ')}</code></dd>
      <dt>Runs and rounds</dt>
      <dd>
        ${formatCount(report.runs)} of ${formatCount(plan.runs)} runs of every arm, interleaved;
        ${formatCount(plan.rounds)} rounds of ${formatCount(plan.requests.length)} requests
      </dd>
      <dt>Load</dt>
      <dd>
        ${
          load.kind === 'closed'
            ? 'closed loop: the next request follows the last answer'
            : `open loop, ${formatCount(load.ratePerSecond ?? 0)} requests per second${delayText(view)}`
        }
      </dd>
      <dt>Held out</dt>
      <dd>
        ${formatCount(plan.requests.length - plan.alsoRehearsed)} of the requests are never
        rehearsed; ${formatCount(plan.alsoRehearsed)} are
      </dd>
      ${
        profile === null
          ? nothing
          : html`<dt>Profile</dt>
              <dd>
                ${profile.name}, mode ${profile.mode}, budget ${formatMs(profile.budgetMs)}
                <code class="muted">${profile.digest.slice(0, 12)}</code>
              </dd>`
      }
      <dt>Node</dt>
      <dd>${nodeText(view)}</dd>
      <dt>Machine</dt>
      <dd>
        ${machine.cpu}, ${formatCount(machine.cores)} cores,
        ${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB, ${machine.platform}
        ${machine.arch}${loadText(view)}
      </dd>
      <dt>Measured</dt>
      <dd>
        <time datetime=${plan.createdAt}>${new Date(plan.createdAt).toLocaleString()}</time>, by
        prewarm ${plan.prewarm}
      </dd>
    </dl>
    <h3>Arms</h3>
    <ul class="arms">
      ${plan.arms.map((arm) => {
        const start = replayStart(view, arm.name)
        const out = view.leftOut.find((left) => left.arm === arm.name)
        return html`<li>
          <strong>${arm.name}</strong>
          <span class="muted"
            >${kindTexts[arm.kind]}${arm.setting === '' ? '' : `, ${arm.setting}`}</span
          >
          ${out === undefined ? nothing : html`<span class="warning">left out: ${out.why}</span>`}
          ${
            start === null
              ? nothing
              : html`<a href=${formatHash({ view: 'replay', params: { file, start } })}
                  >What was applied</a
                >`
          }
        </li>`
      })}
    </ul>
    <details>
      <summary>The requests of a round</summary>
      <ol class="requests">
        ${plan.requests.map(({ method, path }) => html`<li><code>${method} ${path}</code></li>`)}
      </ol>
    </details>
  </section>`
}

const kindTexts = {
  cold: 'without prewarm',
  'node-compile-cache': "Node's own compile cache",
  replay: 'with the replayer',
  command: 'a command of its own',
} as const

/** Where arms ran on different ones, which on which: `v24.1.0 (cold, prewarm), v22.9.0 (older)`. */
function nodeText({ runs, report }: ResultsView): string {
  const nodes = [...new Set(runs.map(({ node }) => node))]
  if (nodes.length <= 1) return nodes[0] ?? report.node
  return nodes
    .map((node) => {
      const arms = new Set(runs.filter((run) => run.node === node).map(({ arm }) => arm))
      return `${node} (${[...arms].join(', ')})`
    })
    .join(', ')
}

/** In an open loop: what was sent late was measured late. */
function delayText({ runs }: ResultsView): string {
  const delays = runs.flatMap(({ sendDelayP99Ms }) => sendDelayP99Ms ?? [])
  return delays.length === 0 ? '' : `; 1 of 100 sent ${formatMs(Math.max(...delays))} late or more`
}

/** How busy the machine was: what makes figures doubtful. */
function loadText({ runs }: ResultsView): string {
  const loads = runs.flatMap(({ load1 }) => (load1 === null ? [] : [load1]))
  if (loads.length === 0) return ''
  return `; load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`
}
