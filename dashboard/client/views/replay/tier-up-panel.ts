import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { partsOf } from './unit-counts.ts'

/** Functions that were to be optimised before the port opened, and what became of them under traffic. */
export function tierUpPanel(report: RunReport): TemplateResult {
  const { guard, flagsRestored } = report
  const part = partsOf(report).find(({ name }) => name === 'tierUp')
  const total = part?.total ?? 0
  const tiers = guard?.tiers
  return html`<section class="panel" aria-labelledby="tier-up">
    <h2 id="tier-up">Tier-up</h2>
    <p class="lead">
      ${
        total === 0
          ? 'No function was to be optimised ahead: the profile names none, or this Node.js gains nothing by it.'
          : `${formatCount(part?.applied ?? 0)} of ${formatCount(total)} functions were optimised when the port opened.`
      }
    </p>
    <dl class="facts">
      ${part?.skipped.map(
        ({ words, count }) =>
          html`<dt><code>${words.code}</code></dt>
            <dd>${formatCount(count)}: ${words.sentence}</dd>`,
      )}
      ${
        tiers === undefined || tiers.functions === 0
          ? nothing
          : html`<dt>Watched under traffic</dt>
              <dd>
                ${formatCount(tiers.functions)} functions, looked at ${formatCount(tiers.polls)}
                times, ${formatCount(tiers.pollsWithTraffic)} of them with requests since the last
                time
              </dd>
              <dt>Fell back</dt>
              <dd>
                ${
                  tiers.falls === 0
                    ? 'none'
                    : `${formatCount(tiers.falls)} times: V8 threw their code away, because something came that they were not optimised for`
                }
              </dd>
              <dt>Undone by the guard</dt>
              <dd>${formatCount(tiers.undone)}</dd>`
      }
      <dt>Flags of V8</dt>
      <dd>
        ${
          flagsRestored
            ? 'as they were at the start'
            : html`<strong class="bad">changed</strong>: caches of code that this process makes may
                be refused elsewhere; please report it`
        }
      </dd>
    </dl>
    ${
      tiers === undefined || tiers.fallen.length === 0
        ? nothing
        : scrollRegion('Functions that fell back', fallenTable(tiers.fallen))
    }
  </section>`
}

function fallenTable(
  fallen: readonly { readonly name: string; readonly falls: number }[],
): TemplateResult {
  return html`<table class="figure">
    <caption>
      The first functions that fell back. Twice, and a function is left to V8 from the next start
      on.
    </caption>
    <thead>
      <tr>
        <th scope="col">Function</th>
        <th scope="col" class="number">Times</th>
      </tr>
    </thead>
    <tbody>
      ${fallen.map(
        ({ name, falls }) =>
          html`<tr>
            <th scope="row" class="break mono">${name}</th>
            <td class="number">${formatCount(falls)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
