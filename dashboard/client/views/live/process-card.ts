import { html, nothing, type TemplateResult } from 'lit'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { seriesVariable } from '../../charts/palette.ts'
import { firstRequestSumMs, recentMedianMs } from './live-curves.ts'
import type { LiveProcess } from './live-model.ts'

/** What a process is called in legends: how it was started, and when. */
export function labelOf({ start }: LiveProcess): string {
  const how = start.mode === 'off' ? 'off' : (start.profile ?? 'no profile')
  const when = new Date(start.startedAt).toLocaleTimeString(undefined, { hour12: false })
  return `${how}, ${when} (${start.pid})`
}

/** One process: where it stands, what its start took, what its clients have met. */
export function processCard(process: LiveProcess, colour: number): TemplateResult {
  const { start, state, report } = process
  return html`<article class="panel process">
    <header>
      <span class="swatch" .style=${`--series: ${seriesVariable(colour)}`}></span>
      <h3 class="break">${labelOf(process)}</h3>
      ${stateBadge(process)}
    </header>
    <p class="muted small break">${start.appId} · Node ${start.node.replace(/^v/, '')}</p>
    ${rehearsing(process)}
    <dl class="facts">
      ${fact('Listened after', process.listenMs, formatMs)}
      ${fact('First requests, sum', firstRequestSumMs(process), formatMs)}
      ${fact('Median of the last 100', recentMedianMs(process), formatMs)}
      ${fact('Requests', process.answered, formatCount)}
      ${fact('Memory', process.lastTraffic?.rssBytes ?? null, formatBytes)}
      ${fact('Processor time', process.lastTraffic?.cpuMs ?? null, formatMs)}
      ${fact('Optimised functions', process.tiers?.functions ?? null, formatCount)}
    </dl>
    ${stages(process)}
    ${
      report === null && state?.detail === undefined
        ? nothing
        : html`<p class="small break">${report?.detail ?? state?.detail ?? ''}</p>`
    }
    ${findings(process)}
  </article>`
}

function stateBadge({ state, end, isGone }: LiveProcess): unknown {
  if (end?.why === 'exit') {
    return html`<span class="badge">ended${end.code ? `, code ${end.code}` : ''}</span>`
  }
  if (end !== null || isGone) return html`<span class="badge">no longer told</span>`
  if (state === null) return html`<span class="badge">starting</span>`
  const looks = { open: 'good', cold: 'warning', rehearsing: 'warning', waiting: '', off: '' }
  const text = state.reason === null ? state.state : `${state.state}: ${state.reason}`
  return html`<span class="badge ${looks[state.state]}">${text}</span>`
}

function rehearsing({ state, rehearsal }: LiveProcess): unknown {
  if (state?.state !== 'rehearsing' || rehearsal === null) return nothing
  const text = `${formatCount(rehearsal.rounds)} rounds rehearsed`
  return html`<label class="small">
    ${text}
    <progress max="1" value=${rehearsal.part}></progress>
  </label>`
}

function stages({ stages: ended }: LiveProcess): unknown {
  if (ended.length === 0) return nothing
  return html`<details>
    <summary>Stages</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col" class="number">Began</th>
          <th scope="col" class="number">Took</th>
        </tr>
      </thead>
      <tbody>
        ${ended.map(
          ({ name, startMs, ms }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${formatMs(startMs)}</td>
              <td class="number">${formatMs(ms - startMs)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`
}

function findings({ guard, tiers }: LiveProcess): unknown {
  if (guard.length === 0 && (tiers?.fallen.length ?? 0) === 0) return nothing
  return html`<div>
    <h4>Guard</h4>
    <ul class="notes small">
      ${guard.map(
        ({ ms, reason, detail }) =>
          html`<li class="break">
            <span class="badge bad">${reason}</span> after ${formatMs(ms)}: ${detail}
          </li>`,
      )}
      ${tiers?.fallen.map(
        ({ name, falls }) =>
          html`<li class="break">
            <code>${name}</code> lost its optimised code ${falls === 1 ? 'once' : `${falls} times`}
          </li>`,
      )}
    </ul>
  </div>`
}

function fact<T>(name: string, value: T | null, format: (value: T) => string): unknown {
  return value === null
    ? nothing
    : html`<dt>${name}</dt>
        <dd>${format(value)}</dd>`
}
