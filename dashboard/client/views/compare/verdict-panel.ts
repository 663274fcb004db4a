import { html, nothing, svg, type TemplateResult } from 'lit'
import type { RatioEstimate } from '../../../../formats/compare-report.ts'
import type { ResultsView } from '../../../api.ts'
import { formatHash } from '../../url-state.ts'
import {
  changeTones,
  changeWords,
  pairFiguresOf,
  ratioParts,
  type KeyFigure,
  type PairFigures,
} from './key-figures.ts'
import { replayStart } from './replay-links.ts'

/** More sentences than these are not set large. */
const maxLarge = 3
/** Cards that are shown at once. */
const maxPairs = 4

/** The sentences of the verdict, then a card for each pair of arms; `file` is what the links to run reports name. */
export function verdictPanel(view: ResultsView, file: string): TemplateResult {
  const { report } = view
  const sentences = report.verdict.split('\n')
  const pairs = pairFiguresOf(report)
  const rest = pairs.slice(maxPairs)
  const card = (pair: PairFigures): TemplateResult =>
    pairCard(pair, replayStart(view, pair.arm), file)
  return html`<section aria-labelledby="verdict" class="stack">
    <h2 id="verdict" class="hidden">Verdict</h2>
    <div class=${sentences.length > maxLarge ? 'verdict many' : 'verdict'}>
      ${sentences.map(sentence)}
    </div>
    <div class="pairs">${pairs.slice(0, maxPairs).map(card)}</div>
    ${
      rest.length === 0
        ? nothing
        : html`<details>
            <summary>${rest.length} more ${rest.length === 1 ? 'pair' : 'pairs'}</summary>
            <div class="pairs">${rest.map(card)}</div>
          </details>`
    }
  </section>`
}

/** `arm: what is said of it`. */
function sentence(text: string): TemplateResult {
  const [arm = '', rest] = text.split(/: (.*)/s, 2)
  return rest === undefined
    ? html`<p>${text}</p>`
    : html`<p><strong class="break">${arm}:</strong> ${intervalsWhole(rest)}</p>`
}

/** So that no line ends within an interval. */
function intervalsWhole(text: string): unknown {
  return text
    .split(/([\d.]+ \([^)]*\))/)
    .map((part, index) => (index % 2 === 1 ? html`<span class="nowrap">${part}</span>` : part))
}

function pairCard(
  { arm, against, figures }: PairFigures,
  start: string | null,
  file: string,
): TemplateResult {
  return html`<article class="panel pair">
    <h3 class="break">${arm} <span class="muted">against ${against}</span></h3>
    <div class="figures">${figures.map(figureCell)}</div>
    ${
      start === null
        ? nothing
        : html`<p class="small figure-link">
            <a href=${formatHash({ view: 'replay', params: { file, start } })}
              >What was applied in ${arm}, and what not</a
            >
          </p>`
    }
  </article>`
}

function figureCell({ title, ratio, change, from, to }: KeyFigure): TemplateResult {
  const { value, interval } = ratioParts(ratio)
  return html`<div class="figure">
    <span class="muted small">${title}</span>
    <span class="big">${value}</span>
    <span class="muted small interval"
      >${interval === null ? 'no interval' : html`<span class="hidden">95 % interval </span>${interval}`}</span
    >
    ${forest(ratio, changeTones[change])}
    <span class=${`badge ${changeTones[change]}`}>${changeWords[change]}</span>
    <span class="muted small">${from} → ${to}</span>
  </div>`
}

/** Ends of the axis on which an interval is drawn: a thirtieth to three times. */
const least = Math.log(1 / 30)
const most = Math.log(3)

/** Where a ratio stands between 0 and 100 of the drawing. */
function placeOf(ratio: number | null): number {
  if (ratio === null) return 100
  if (ratio <= 0) return 0
  return Math.min(100, Math.max(0, (100 * (Math.log(ratio) - least)) / (most - least)))
}

/** The interval as a bar, the ratio as a dot, and a line where both arms are equal. */
export function forest(ratio: RatioEstimate, tone: string): TemplateResult {
  const [low, high, at] = [ratio.low, ratio.high, ratio.ratio].map(placeOf)
  const equal = placeOf(1)
  return html`<svg class=${`forest ${tone}`} viewBox="0 0 100 10" aria-hidden="true">
    ${svg`<line class="axis" x1="0" x2="100" y1="5" y2="5" />
      <line class="equal" x1=${equal} x2=${equal} y1="0" y2="10" />
      ${
        low === high
          ? nothing
          : svg`<line class="bar" x1=${low ?? 0} x2=${high ?? 0} y1="5" y2="5" />`
      }
      <circle cx=${Math.min(98, Math.max(2, at ?? 0))} cy="5" r="2.4" />`}
  </svg>`
}
