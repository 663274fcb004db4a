import { LitElement, css, html, svg, type TemplateResult } from 'lit'
import type { Freshness, ProfileView } from '../../../api.ts'
import { formatBytes, formatCount, formatShare } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { searchField } from './fields.ts'
import {
  countFreshness,
  staleModules,
  type FreshnessCounts,
  type StaleModule,
} from './freshness.ts'
import { profileStyles } from './profile-styles.ts'
import { RowWindow } from './row-window.ts'

/** How much of the profile still fits the application on disk. Parameter: `q`. */
export class FreshnessPanel extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    freshness: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [
    ...sharedStyles,
    profileStyles,
    css`
      .is-same {
        --series: var(--good);
      }
      .is-changed {
        --series: var(--warning);
      }
      .is-missing {
        --series: var(--bad);
      }
    `,
  ]

  declare view: ProfileView
  declare freshness: Freshness
  declare params: ViewParams
  readonly #window = new RowWindow(this)

  override render(): TemplateResult {
    const counted = countFreshness(this.freshness)
    const { same, compared, counts } = counted
    const text = this.params['q'] ?? ''
    const wanted = text.trim().toLowerCase()
    const stale = staleModules(this.view.modules, this.freshness)
    const rows = stale.filter(({ module }) => module.path.toLowerCase().includes(wanted))
    return html`<section class="panel stack" aria-labelledby="freshness">
      <div>
        <h2 id="freshness">Freshness</h2>
        <p class="muted break">
          ${formatCount(same)} of ${formatCount(compared)} modules (${formatShare(same, compared)})
          are in ${this.freshness.app} as they were recorded.
          ${
            counts['not compared'] === 0
              ? ''
              : `${formatCount(counts['not compared'])} were not compared: they are part of Node.js, or V8 gets another text than that of the file.`
          }
        </p>
      </div>
      ${bar(counted)}
      ${
        stale.length === 0
          ? html`<p>Nothing has changed: the whole profile still fits.</p>`
          : html`<p>
                Of changed modules production does not take the recorded code cache
                (<code>SOURCE_CHANGED</code>); missing ones are not loaded
                (<code>NOT_LOADED</code>). Record again once they matter.
              </p>
              <div class="controls">
                ${searchField('Search', text, (q) => {
                  this.dispatchEvent(new ParamsChange({ q: q === '' ? null : q }, true))
                })}
              </div>
              ${scrollRegion(
                'Modules that do not fit any more',
                table(this.#window.take(rows, JSON.stringify([this.view.digest, text]))),
              )}
              ${this.#window.footer(rows.length)}`
      }
    </section>`
  }
}

customElements.define('freshness-panel', FreshnessPanel)

function bar({ compared, counts }: FreshnessCounts): TemplateResult {
  const pieces = [
    ['same', 'is-same', counts.same],
    ['changed', 'is-changed', counts.changed],
    ['missing', 'is-missing', counts.missing],
  ] as const
  let from = 0
  return html`<div>
    <svg
      class="wide"
      height="20"
      role="img"
      aria-label=${pieces.map(([name, , count]) => `${count} ${name}`).join(', ')}
    >
      ${pieces.map(([name, colour, count]) => {
        const share = compared === 0 ? 0 : count / compared
        const x = from
        from += share
        return svg`<rect
          class=${`fill ${colour}`}
          x=${`${(100 * x).toFixed(3)}%`}
          width=${`${(100 * share).toFixed(3)}%`}
          height="20"
        ><title>${name}</title></rect>`
      })}
    </svg>
    <p class="controls small figure">
      ${pieces.map(
        ([name, colour, count]) =>
          html`<span><span class=${`swatch ${colour}`}></span>${formatCount(count)} ${name}</span>`,
      )}
    </p>
  </div>`
}

function table(rows: readonly StaleModule[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Module</th>
        <th scope="col">On disk</th>
        <th scope="col" class="number">Code cache</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ module, state }) =>
          html`<tr>
            <th scope="row" class="mono break">${module.path}</th>
            <td>${state}</td>
            <td class="number">
              ${module.cacheBytes === 0 ? '-' : formatBytes(module.cacheBytes)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
