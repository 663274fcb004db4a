import { html, nothing, type TemplateResult } from 'lit'
import type { LazyCandidates, StartArm } from '../../../../formats/start-report.ts'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'

const mostModules = 100

/** What was loaded before the port opened and not called. */
export function lazyPanel(lazy: LazyCandidates, { modules }: StartArm): TemplateResult {
  const { observeMs, isRehearsed, withoutFunctions, packages } = lazy
  return html`<section class="panel long" aria-labelledby="lazy">
    <h2 id="lazy">Lazy candidates</h2>
    <p class="lead">
      ${
        packages.length === 0
          ? 'None: of every module some function was called.'
          : `Loaded before the port opened, and not one function of them was called until ${formatMs(observeMs)} after it.`
      }
      ${
        isRehearsed === 'yes'
          ? 'Recorded requests were rehearsed meanwhile.'
          : 'No requests were made for it: with -p recorded ones are.'
      }
      Nothing is made lazy by itself; times are with what nobody else loads.
      ${formatCount(withoutFunctions)} modules have no functions, and are not counted.
    </p>
    ${
      packages.length === 0
        ? nothing
        : html`${scrollRegion('Packages that are not called', packageTable(lazy))}
            <h3 class="figure">The dearest modules</h3>
            ${scrollRegion('Modules that are not called', moduleTable(lazy, modules))}`
    }
  </section>`
}

function packageTable({ packages }: LazyCandidates): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Package</th>
        <th scope="col" class="number">Not called</th>
        <th scope="col" class="number">Would not be loaded</th>
        <th scope="col" class="number">Size</th>
        <th scope="col" class="number">Time</th>
      </tr>
    </thead>
    <tbody>
      ${packages.map(
        (each) =>
          html`<tr>
            <th scope="row" class="name">${each.package || '(application)'}</th>
            <td class="number">
              ${each.called === 0 ? 'all ' : nothing}${formatCount(each.uncalled)} of
              ${formatCount(each.uncalled + each.called)}
            </td>
            <td class="number">${formatCount(each.modules)}</td>
            <td class="number">${formatBytes(each.sizeBytes)}</td>
            <td class="number">${formatMs(each.ms)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function moduleTable(lazy: LazyCandidates, modules: StartArm['modules']): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Module</th>
        <th scope="col">Asked for by</th>
        <th scope="col" class="number">Functions</th>
        <th scope="col" class="number">Itself</th>
        <th scope="col" class="number">With what only it loads</th>
      </tr>
    </thead>
    <tbody>
      ${lazy.modules.slice(0, mostModules).map((each) => {
        const module = modules[each.module]
        const requester = modules[module?.requester ?? -1]
        return html`<tr>
          <th scope="row" class="name mono">${module?.id}</th>
          <td class="name mono small">${requester?.id ?? 'not known'}</td>
          <td class="number">${formatCount(each.functions)}</td>
          <td class="number">${formatMs(each.selfMs)}</td>
          <td class="number">
            ${formatMs(each.ms)}${each.modules > 1 ? ` (${formatCount(each.modules)} modules)` : ''}
          </td>
        </tr>`
      })}
    </tbody>
  </table>`
}
