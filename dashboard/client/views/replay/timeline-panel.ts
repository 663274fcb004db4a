import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatMs, formatShare } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { roundTicks } from '../round-ticks.ts'
import { timelineOf, type Segment, type Timeline } from './timeline.ts'

/** Where the time before the open port went. */
export function timelinePanel(report: RunReport): TemplateResult {
  const timeline = timelineOf(report)
  const { segments, laterMs } = timeline
  return html`<section class="panel" aria-labelledby="timeline">
    <h2 id="timeline">Stages</h2>
    <p class="lead">
      ${
        segments.length === 0
          ? 'No stage ran.'
          : `From the start of the process ${timeline.isOpen ? 'until the port was open' : 'on'}, in order.`
      }
    </p>
    ${
      segments.length === 0
        ? nothing
        : html`<div class="figure">${drawing(timeline)}</div>
            ${scrollRegion('Table of the stages', table(timeline))}
            <p class="muted small figure">
              A report has durations and an order. What no stage accounts for is drawn as the
              application, before the port was held.
              ${
                laterMs > 0
                  ? `After the opening, work was rehearsed for another ${formatMs(laterMs)}.`
                  : nothing
              }
            </p>`
    }
  </section>`
}

function drawing(timeline: Timeline): TemplateResult {
  const { segments, totalMs, budget } = timeline
  const endMs = Math.max(totalMs, budget?.toMs ?? 0)
  const at = (ms: number): string => `${((100 * ms) / (endMs || 1)).toFixed(3)}%`
  const label = segments.map(({ title, ms }) => `${title} ${formatMs(ms)}`).join(', ')
  return html`<svg height="92" role="img" aria-label=${`Stages: ${label}`}>
    ${
      budget === null
        ? nothing
        : svg`<g>
          <line class="bracket" x1=${at(budget.fromMs)} x2=${at(budget.toMs)} y1="20" y2="20" />
          <line class="bracket" x1=${at(budget.fromMs)} x2=${at(budget.fromMs)} y1="20" y2="26" />
          <line class="bracket" x1=${at(budget.toMs)} x2=${at(budget.toMs)} y1="20" y2="26" />
          <text x=${at((budget.fromMs + budget.toMs) / 2)} y="13" text-anchor="middle">
            budget ${formatMs(budget.budgetMs)}
          </text>
        </g>`
    }
    ${segments.map(
      ({ name, title, fromMs, ms }) =>
        svg`<rect class=${`fill ${name}`} x=${at(fromMs)} width=${at(ms)} y="28" height="34">
          <title>${title}: ${formatMs(ms)}</title>
        </rect>`,
    )}
    <line class="axis" x1="0" x2="100%" y1="68" y2="68" />
    ${roundTicks(endMs).map((tick) => {
      const anchor = tick === 0 ? 'start' : tick > 0.94 * endMs ? 'end' : 'middle'
      return svg`<g>
        <line class="axis" x1=${at(tick)} x2=${at(tick)} y1="68" y2="72" />
        <text x=${at(tick)} y="86" text-anchor=${anchor}>${tick === 0 ? '0' : formatMs(tick)}</text>
      </g>`
    })}
  </svg>`
}

function table({ segments, totalMs }: Timeline): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Stage</th>
        <th scope="col" class="number">Time</th>
        <th scope="col" class="number">Share</th>
      </tr>
    </thead>
    <tbody>
      ${segments.map((segment) => row(segment, totalMs))}
      <tr>
        <th scope="row">All</th>
        <td class="number">${formatMs(totalMs)}</td>
        <td></td>
      </tr>
    </tbody>
  </table>`
}

function row({ name, title, sentence, ms }: Segment, totalMs: number): TemplateResult {
  return html`<tr>
    <th scope="row">
      <span class=${`swatch ${name}`}></span>${title}
      <div class="words muted">${sentence}</div>
    </th>
    <td class="number">${formatMs(ms)}</td>
    <td class="number">${formatShare(ms, totalMs)}</td>
  </tr>`
}
