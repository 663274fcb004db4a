import { LitElement, html, nothing, type TemplateResult } from 'lit'
import type { ProfileView } from '../../../api.ts'
import { formatBytes, formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { searchField, segments } from './fields.ts'
import './module-treemap.ts'
import type { PickPackage } from './module-treemap.ts'
import { groupByPackage, nameInPackage, type ModuleGroup, type ModuleMeasure } from './packages.ts'
import { profileStyles } from './profile-styles.ts'
import { RowWindow } from './row-window.ts'
import './start-waterfall.ts'

/** Modules in time, or by size. Parameters: `q`; `show`; of the waterfall `phase`; of the treemap `by` and `package`. */
export class ModulePanel extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [...sharedStyles, profileStyles]

  declare view: ProfileView
  declare params: ViewParams
  readonly #window = new RowWindow(this)

  override render(): TemplateResult {
    const { modules } = this.view
    const show = this.params['show'] === 'treemap' ? 'treemap' : 'waterfall'
    const untimed = modules.filter(({ selfMs }) => selfMs === null).length
    return html`<section class="panel stack" aria-labelledby="modules">
      <div>
        <h2 id="modules">Modules</h2>
        <p class="muted">
          ${formatCount(modules.length)} modules.
          ${
            untimed === 0
              ? nothing
              : `${formatCount(untimed)} have no times: ES modules and those of Node.js cannot be measured one by one.`
          }
        </p>
      </div>
      <div class="controls">
        ${segments(
          'Way to look at the modules',
          show,
          [
            ['waterfall', 'Waterfall'],
            ['treemap', 'Treemap'],
          ],
          (value) => {
            this.#change({ show: value === 'waterfall' ? null : value })
          },
        )}
        ${searchField('Search', this.params['q'] ?? '', (q) => {
          this.#change({ q: q === '' ? null : q }, true)
        })}
      </div>
      ${
        show === 'waterfall'
          ? html`<start-waterfall .modules=${modules} .params=${this.params}></start-waterfall>`
          : this.#treemap()
      }
    </section>`
  }

  #treemap(): TemplateResult {
    const by: ModuleMeasure = this.params['by'] === 'cache' ? 'cache' : 'self'
    const text = (this.params['q'] ?? '').trim().toLowerCase()
    const found = this.view.modules.filter(({ id }) => id.toLowerCase().includes(text))
    const all = groupByPackage(found, by)
    const alone = all.find(({ name }) => name === this.params['package'])
    return html`<div class="controls">
        ${segments(
          'Area',
          by,
          [
            ['self', 'Self time'],
            ['cache', 'Code cache'],
          ],
          (value) => {
            this.#change({ by: value === 'self' ? null : value })
          },
        )}
        ${
          alone === undefined
            ? nothing
            : html`<span class="break">Only <strong>${alone.name}</strong></span>
                <button
                  @click=${() => {
                    this.#change({ package: null })
                  }}
                >
                  Show all packages
                </button>`
        }
      </div>
      <module-treemap
        .groups=${alone === undefined ? all : [alone]}
        .by=${by}
        @pick-package=${({ name }: PickPackage) => {
          this.#change({ package: name === alone?.name ? null : name })
        }}
      ></module-treemap>
      ${alone === undefined ? this.#packages(all, by) : this.#modules(alone, by)}`
  }

  #packages(groups: readonly ModuleGroup[], by: ModuleMeasure): TemplateResult {
    const key = JSON.stringify([this.view.digest, by, this.params['q']])
    const rows = this.#window.take(groups, key).map(
      (group) =>
        html`<tr>
          <th scope="row">
            <button
              class="link"
              @click=${() => {
                this.#change({ package: group.name })
              }}
            >
              ${group.name}
            </button>
          </th>
          <td class="number">${formatCount(group.modules.length)}</td>
          <td class="number">${group.selfMs === 0 ? '-' : formatMs(group.selfMs)}</td>
          <td class="number">${group.cacheBytes === 0 ? '-' : formatBytes(group.cacheBytes)}</td>
        </tr>`,
    )
    return html`${scrollRegion(
      'Packages',
      sizeTable('Package', [html`<th scope="col" class="number">Modules</th>`], rows),
    )}
    ${this.#window.footer(groups.length)}`
  }

  #modules({ name, modules }: ModuleGroup, by: ModuleMeasure): TemplateResult {
    const key = JSON.stringify([this.view.digest, by, this.params['q'], name])
    const rows = this.#window.take(modules, key).map(
      (module) =>
        html`<tr>
          <th scope="row" class="mono break">${nameInPackage(module)}</th>
          <td class="number">${module.selfMs === null ? 'no time' : formatMs(module.selfMs)}</td>
          <td class="number">${module.cacheBytes === 0 ? '-' : formatBytes(module.cacheBytes)}</td>
        </tr>`,
    )
    return html`${scrollRegion(`Modules of ${name}`, sizeTable('Module', [], rows))}
    ${this.#window.footer(modules.length)}`
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('module-panel', ModulePanel)

function sizeTable(
  first: string,
  more: readonly TemplateResult[],
  rows: readonly TemplateResult[],
): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${first}</th>
        ${more}
        <th scope="col" class="number">Self</th>
        <th scope="col" class="number">Code cache</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}
