import { html, nothing, type TemplateResult } from 'lit'
import { shownPairs } from '../../../analysis/compare-arms.ts'
import { formatLevel, formatMs } from '../../../analysis/units.ts'
import { changeOf } from '../../../analysis/verdict.ts'
import { capacityText, warmupText } from '../../../analysis/warmup-summary.ts'
import type {
  ArmSummary,
  ArmWarmup,
  CompareReport,
  RatioEstimate,
} from '../../../../formats/compare-report.ts'
import { seriesVariable } from '../../charts/palette.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { changeTones, changeWords, ratioOf, ratioParts } from './key-figures.ts'
import { formatInterval, formatMetric, metricRows, type MetricRow } from './metric-rows.ts'

/** All that was measured, of every arm, and the ratios of the pairs: the table of the command line. */
export function metricsPanel(report: CompareReport): TemplateResult {
  const { arms, level, ratios, runs, warmups = [] } = report
  const pairs = shownPairs(ratios)
  return html`<section class="panel" aria-labelledby="metrics">
    <h2 id="metrics">All figures</h2>
    <p class="lead">
      Medians over ${runs}
      ${runs === 1 ? 'run' : 'runs'}${
        runs < 3
          ? ': too few for intervals.'
          : `, below them ${formatLevel(level)} intervals. ×0.25 means a quarter of the other arm.`
      }
    </p>
    ${scrollRegion(
      'Table of all figures',
      html`<table>
        <thead>
          <tr>
            <td></td>
            ${arms.map(({ name }, index) => armHead(name, index + 1))}
            ${pairs.map(
              ({ arm, against }) =>
                html`<th scope="col" class="ratio-head">${arm} / ${against}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${metricRows(report).map(
            (row) =>
              html`<tr>
                <th scope="row"><span title=${row.meaning}>${row.title}</span></th>
                ${arms.map((arm) => valueCell(arm, row))}
                ${pairs.map(({ arm, against }) =>
                  ratioCell(ratioOf(ratios, arm, against, row.metric)),
                )}
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
    ${warmupTable(warmups)}
    <details>
      <summary>What the rows mean</summary>
      <dl class="facts">
        ${metricRows(report).map(
          ({ title, meaning }) =>
            html`<dt>${title}</dt>
              <dd>${meaning}</dd>`,
        )}
      </dl>
    </details>
  </section>`
}

function warmupTable(warmups: readonly ArmWarmup[]): unknown {
  if (warmups.every((warmup) => warmup.class === null)) return nothing
  return html`<h3 class="next">How the arms warm up</h3>
    ${scrollRegion(
      'Table of warm-ups',
      html`<table>
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">Rounds</th>
            <th scope="col" class="number">Steady after</th>
            <th scope="col" class="number">
              <span
                title="Requests that a steady process would have served to one connection meanwhile"
                >Capacity lost, first 10 s</span
              >
            </th>
          </tr>
        </thead>
        <tbody>
          ${warmups.map(
            (warmup) =>
              html`<tr>
                <th scope="row">${warmup.arm}</th>
                <td>${warmupText(warmup)}</td>
                <td class="number">
                  ${warmup.msToSteady === null ? '-' : formatMs(warmup.msToSteady.median)}
                </td>
                <td class="number">${capacityText(warmup)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}`
}

/** The heading of a column with an arm's colour. */
export function armHead(name: string, colour: number, span = 1): TemplateResult {
  return html`<th scope=${span === 1 ? 'col' : 'colgroup'} class="number" colspan=${span}>
    <span class="swatch" .style=${`--series: ${seriesVariable(colour)}`}></span>${name}
  </th>`
}

function valueCell(arm: ArmSummary, { metric }: MetricRow): TemplateResult {
  const estimate = arm.metrics[metric]
  const interval = formatInterval(metric, estimate)
  return html`<td class="number">
    ${formatMetric(metric, estimate.median)}
    ${interval === null ? nothing : html`<span class="under">${interval}</span>`}
  </td>`
}

function ratioCell(ratio: RatioEstimate | undefined): TemplateResult {
  if (ratio === undefined) return html`<td>-</td>`
  const { value, interval } = ratioParts(ratio)
  const change = changeOf(ratio)
  return html`<td class="nowrap">
    <strong class="tabular">${value}</strong>
    <span class=${`small ${changeTones[change] || 'muted'}`}>${changeWords[change]}</span>
    ${interval === null ? nothing : html`<span class="under">${interval}</span>`}
  </td>`
}
