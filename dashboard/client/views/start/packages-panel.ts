import { html, type TemplateResult } from 'lit'
import type { StartArm } from '../../../../formats/start-report.ts'
import { startPackages, type StartPackage } from '../../../analysis/start-times.ts'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sortHeader, type SortColumn } from '../profile/fields.ts'
import { loadBar } from './stacked-bar.ts'

type SortKey = Exclude<keyof StartPackage, 'name'>

const columns = [
  { key: 'modules', title: 'Modules', isNumber: true },
  { key: 'sizeBytes', title: 'Size', isNumber: true },
  { key: 'resolveMs', title: 'Finding', isNumber: true },
  { key: 'readMs', title: 'Reading', isNumber: true },
  { key: 'compileMs', title: 'Compiling', isNumber: true },
  { key: 'evaluateMs', title: 'Top level', isNumber: true },
  { key: 'loadMs', title: 'All', isNumber: true },
  { key: 'runMs', title: 'Called later', isNumber: true },
] as const satisfies readonly SortColumn<SortKey>[]

/** @param chooser - of the arm */
export function packagesPanel(
  arm: StartArm,
  chooser: unknown,
  asked: string | undefined,
  onSort: (key: SortKey) => void,
): TemplateResult {
  const sort = columns.find(({ key }) => key === asked)?.key ?? 'loadMs'
  const packages = [...startPackages(arm.modules)]
  const mostMs = packages[0]?.loadMs ?? 0
  packages.sort((a, b) => b[sort] - a[sort])
  return html`<section class="panel long" aria-labelledby="packages">
    <h2 id="packages">Packages</h2>
    <p class="lead">What loading their modules took in the ${arm.name} start.</p>
    <div class="controls figure">${chooser}</div>
    ${scrollRegion(
      'Packages by what loading them took',
      html`<table>
        <thead>
          <tr>
            <th scope="col">Package</th>
            ${columns.map((column) => sortHeader(column, sort, onSort))}
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          ${packages.map((each) => row(each, mostMs))}
        </tbody>
      </table>`,
    )}
  </section>`
}

function row(each: StartPackage, mostMs: number): TemplateResult {
  const ms = (value: number): TemplateResult => html`<td class="number">${formatMs(value)}</td>`
  return html`<tr>
    <th scope="row" class="name">${each.name || '(application)'}</th>
    <td class="number">${formatCount(each.modules)}</td>
    <td class="number">${formatBytes(each.sizeBytes)}</td>
    ${ms(each.resolveMs)} ${ms(each.readMs)} ${ms(each.compileMs)} ${ms(each.evaluateMs)}
    ${ms(each.loadMs)} ${ms(each.runMs)}
    <td class="bar">${loadBar(each, mostMs)}</td>
  </tr>`
}
