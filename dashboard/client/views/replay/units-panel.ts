import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatCount, formatShare } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { inlineCode } from '../inline-code.ts'
import { reasonKinds } from './reason-advice.ts'
import { partsOf, piecesOf, type BarPiece, type PartCounts } from './unit-counts.ts'

/** What was applied and what was not, by stage and reason. */
export function unitsPanel(report: RunReport): TemplateResult {
  const parts = partsOf(report)
  const offered = parts.filter(({ total }) => total > 0)
  const empty = parts.filter(({ total }) => total === 0)
  return html`<section class="panel" aria-labelledby="units">
    <h2 id="units">Applied, and why not</h2>
    <p class="lead">Everything that the profile offered, and what became of it.</p>
    ${
      offered.length === 0
        ? nothing
        : html`<div class="bars">${offered.map(bar)}</div>
            ${legend(offered)} ${scrollRegion('Applied and skipped by reason', table(offered))}`
    }
    ${
      empty.length === 0
        ? nothing
        : html`<p class="muted small figure">
            None offered: ${empty.map(({ units }) => units).join(', ')}.
          </p>`
    }
  </section>`
}

function bar(part: PartCounts): TemplateResult {
  const { title, applied, total } = part
  const pieces = piecesOf(part)
  const label = pieces.map((piece) => `${formatCount(piece.count)} ${nameOf(piece)}`).join(', ')
  return html`<div class="bar-row">
    <span>${title}</span>
    <svg height="18" role="img" aria-label=${`${title}: ${label}`}>
      ${pieces.map(
        (piece) =>
          svg`<rect
            class=${`fill kind-${piece.kind}`}
            x=${percent(piece.from)}
            width=${percent(piece.share)}
            height="18"
          ><title>${formatCount(piece.count)} ${nameOf(piece)}</title></rect>`,
      )}
    </svg>
    <span class="number">${formatCount(applied)} of ${formatCount(total)}</span>
  </div>`
}

function legend(parts: readonly PartCounts[]): TemplateResult {
  const kinds = new Map(parts.flatMap(piecesOf).map((piece) => [piece.kind, nameOf(piece)]))
  return html`<p class="controls small figure" aria-hidden="true">
    ${[...kinds].map(
      ([kind, name]) =>
        html`<span class="nowrap"><span class=${`swatch kind-${kind}`}></span>${name}</span>`,
    )}
  </p>`
}

function table(parts: readonly PartCounts[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Outcome, what it means, and what to do</th>
        <th scope="col" class="number">Units</th>
        <th scope="col" class="number">Share</th>
      </tr>
    </thead>
    ${parts.map(rows)}
  </table>`
}

function rows({ title, applied, total, skipped }: PartCounts): TemplateResult {
  const numbers = (count: number): TemplateResult =>
    html`<td class="number">${formatCount(count)}</td>
      <td class="number">${formatShare(count, total)}</td>`
  return html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="3" class="part">${title}</th>
    </tr>
    <tr>
      <td><span class="swatch kind-applied"></span>applied</td>
      ${numbers(applied)}
    </tr>
    ${skipped.map(
      ({ words, count }) =>
        html`<tr>
          <td>
            <span class=${`swatch kind-${words.kind}`}></span><code>${words.code}</code>
            <div class="words">
              ${words.sentence} <span class="muted">${inlineCode(words.advice)}</span>
            </div>
          </td>
          ${numbers(count)}
        </tr>`,
    )}
  </tbody>`
}

function nameOf({ kind }: BarPiece): string {
  return kind === 'applied' ? 'applied' : reasonKinds[kind].title
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`
}
