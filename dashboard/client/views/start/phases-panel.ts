import { html, nothing, svg, type TemplateResult } from 'lit'
import {
  startPhases,
  startPhaseNames,
  type StartArm,
  type StartPhase,
} from '../../../../formats/start-report.ts'
import { traceOverhead } from '../../../analysis/start-times.ts'
import { formatMs, formatShare } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { roundTicks } from '../round-ticks.ts'

/** Phases of every arm, one bar above the other on one scale. */
export function phasesPanel(arms: readonly StartArm[]): TemplateResult {
  const longestMs = Math.max(1, ...arms.map(({ tracedMs }) => tracedMs))
  const shown = startPhaseNames.filter((phase) => arms.some((arm) => phaseMs(arm, phase) >= 0.05))
  return html`<section class="panel" aria-labelledby="phases">
    <h2 id="phases">Where the time goes</h2>
    <p class="lead">From the start of the process until it listens.</p>
    <div class="bars">
      ${arms.map((arm) => bar(arm, longestMs))}
      <div class="bar-row">${axis(longestMs)}</div>
    </div>
    <p class="controls small figure" aria-hidden="true">
      ${shown.map(
        (phase) =>
          html`<span class="nowrap"
            ><span class=${`swatch ${phase}`}></span>${startPhases[phase]}</span
          >`,
      )}
    </p>
    ${scrollRegion('Table of the phases', table(arms, shown))}
    <ul class="small muted figure">
      ${arms.map(overhead)}
    </ul>
  </section>`
}

/** Nothing that is traced is as fast as it would be otherwise. */
function overhead(arm: StartArm): unknown {
  const { name, listenMs, untracedRunsMs, isSampled } = arm
  const runs = untracedRunsMs.length
  return html`<li>
    ${name}: without a trace it listens after ${formatMs(listenMs)}
    (${runs === 1 ? 'one run' : `median of ${runs} runs`}); fastest against fastest, the trace adds
    ${formatShare(traceOverhead(arm), 1)}.${
      isSampled === 'no' ? ' Node allowed no inspector: ES modules have no times.' : nothing
    }
  </li>`
}

function bar(arm: StartArm, longestMs: number): TemplateResult {
  const at = (ms: number): string => `${((100 * ms) / longestMs).toFixed(3)}%`
  let fromMs = 0
  const pieces = arm.phases.map(({ phase, ms }) => {
    const piece = { phase, ms, fromMs }
    fromMs += ms
    return piece
  })
  const label = pieces
    .filter(({ ms }) => ms >= 0.05)
    .map(({ phase, ms }) => `${startPhases[phase]} ${formatMs(ms)}`)
    .join(', ')
  return html`<div class="bar-row">
    <span>${arm.name}</span>
    <svg height="26" role="img" aria-label=${`${arm.name}: ${label}`}>
      ${pieces.map(
        (piece) =>
          svg`<rect class=${`fill ${piece.phase}`} x=${at(piece.fromMs)} width=${at(piece.ms)} height="26">
            <title>${startPhases[piece.phase]}: ${formatMs(piece.ms)}</title>
          </rect>`,
      )}
    </svg>
    <span class="number">${formatMs(arm.tracedMs)}</span>
  </div>`
}

function axis(endMs: number): TemplateResult {
  const at = (ms: number): string => `${((100 * ms) / endMs).toFixed(3)}%`
  return html`<svg class="ticks" height="22" aria-hidden="true">
    <line class="axis" x1="0" x2="100%" y1="1" y2="1" />
    ${roundTicks(endMs).map((tick) => {
      const anchor = tick === 0 ? 'start' : tick > 0.94 * endMs ? 'end' : 'middle'
      return svg`<g>
        <line class="axis" x1=${at(tick)} x2=${at(tick)} y1="1" y2="5" />
        <text x=${at(tick)} y="19" text-anchor=${anchor}>${tick === 0 ? '0' : formatMs(tick)}</text>
      </g>`
    })}
  </svg>`
}

function table(arms: readonly StartArm[], phases: readonly StartPhase[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        ${arms.map(
          ({ name }) =>
            html`<th scope="col" class="number">${name}</th>
              <th scope="col" class="number">Share</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${phases.map(
        (phase) =>
          html`<tr>
            <th scope="row" class="phase">
              <span class=${`swatch ${phase}`}></span>${startPhases[phase]}
            </th>
            ${arms.map(
              (arm) =>
                html`<td class="number">${formatMs(phaseMs(arm, phase))}</td>
                  <td class="number">${formatShare(phaseMs(arm, phase), arm.tracedMs)}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function phaseMs({ phases }: StartArm, phase: StartPhase): number {
  return phases.find((each) => each.phase === phase)?.ms ?? 0
}
