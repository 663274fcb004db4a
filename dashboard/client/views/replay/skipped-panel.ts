import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../../analysis/units.ts'
import type { RunReport } from '../../../../formats/report.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { wordsOf } from './reason-advice.ts'
import { filterSkipped, reasonsIn, unnamedOf, type SkippedFilter } from './skipped-units.ts'

/** The units that were not applied, by name. */
export function skippedPanel(
  report: RunReport,
  filter: SkippedFilter,
  onFilter: (change: Partial<SkippedFilter>) => void,
): TemplateResult {
  const { skipped } = report
  const shown = filterSkipped(skipped, filter)
  return html`<section class="panel" aria-labelledby="skipped">
    <h2 id="skipped">Units that were not applied</h2>
    <p class="lead">${lead(skipped.length, unnamedOf(report))}</p>
    ${
      skipped.length === 0
        ? nothing
        : html`${controls(report, filter, onFilter)}
            <p class="small muted figure" role="status">
              ${formatCount(shown.length)} of ${formatCount(skipped.length)} shown
            </p>
            ${shown.length === 0 ? nothing : html`<div class="long">${scrollRegion('List of units', table(shown))}</div>`}`
    }
  </section>`
}

function lead(named: number, unnamed: number): string {
  const counted = `${formatCount(unnamed)} ${unnamed === 1 ? 'is' : 'are'} only counted: a report names a hundred at most, and none that is held out.`
  if (named === 0) return unnamed === 0 ? 'None: all was applied.' : `None is named. ${counted}`
  return `${formatCount(named)} by name.${unnamed === 0 ? '' : ` Another ${counted}`}`
}

function controls(
  { skipped }: RunReport,
  { text, reason }: SkippedFilter,
  onFilter: (change: Partial<SkippedFilter>) => void,
): TemplateResult {
  return html`<div class="controls">
    <label>
      Text
      <input
        type="search"
        .value=${text}
        @input=${(event: Event) => {
          onFilter({ text: (event.target as HTMLInputElement).value })
        }}
      />
    </label>
    <label>
      Reason
      <select
        @change=${(event: Event) => {
          onFilter({ reason: (event.target as HTMLSelectElement).value })
        }}
      >
        <option value="" .selected=${reason === ''}>all</option>
        ${reasonsIn(skipped).map(
          ([code, count]) =>
            html`<option value=${code} .selected=${code === reason}>
              ${code} (${formatCount(count)})
            </option>`,
        )}
      </select>
    </label>
  </div>`
}

function table(shown: RunReport['skipped']): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Unit</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(({ unit, reason, detail }) => {
        const { kind, sentence } = wordsOf(reason)
        return html`<tr>
          <th scope="row" class="break mono">${unit}</th>
          <td>
            <span class=${`swatch kind-${kind}`}></span><code>${reason}</code>
            <div class="words break">${detail ?? sentence}</div>
          </td>
        </tr>`
      })}
    </tbody>
  </table>`
}
