import { LitElement, html, nothing, type TemplateResult } from 'lit'
import type { FileList, ProfileDiff, UnitChange } from '../../../api.ts'
import { formatCount } from '../../../analysis/units.ts'
import { Resource } from '../../components/resource.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { whenReady } from '../../components/state-panels.ts'
import type { DataSource } from '../../data-source.ts'
import { ParamsChange, type ViewParams } from '../../view.ts'
import { searchField, segments, selectField } from './fields.ts'
import { profileStyles } from './profile-styles.ts'
import { RowWindow } from './row-window.ts'
import { changeNames, countChanges, selectChanges } from './unit-changes.ts'

const kinds = ['modules', 'functions', 'routes'] as const
type Kind = (typeof kinds)[number]

/** What another profile has that this one has not, and the reverse. Parameters: `file`, `other`, `units`, `change`, `q`. */
export class DiffPanel extends LitElement {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [...sharedStyles, profileStyles]

  declare source: DataSource
  declare params: ViewParams
  readonly #files = new Resource<FileList>(this)
  readonly #diff = new Resource<ProfileDiff>(this)
  readonly #window = new RowWindow(this)

  override willUpdate(): void {
    const { file, other } = this.params
    this.#files.load('files', () => this.source.files())
    if (file === undefined || other === undefined) return
    this.#diff.load(JSON.stringify([file, other]), () => this.source.diff(file, other))
  }

  override render(): TemplateResult {
    return html`<section class="panel stack" aria-labelledby="diff">
      <div>
        <h2 id="diff">Compared with another profile</h2>
        <p class="muted">
          From this profile to the other one. Kept means that the source is the same, so that what
          was recorded is still of use.
        </p>
      </div>
      ${whenReady(this.#files, 'files', (list) => this.#choice(list))}
      ${
        this.params['other'] === undefined
          ? nothing
          : whenReady(this.#diff, 'comparison', (diff) => this.#content(diff))
      }
    </section>`
  }

  #choice({ files }: FileList): TemplateResult {
    const others = files.filter(
      ({ kind, id, error }) => kind === 'profile' && error === null && id !== this.params['file'],
    )
    if (others.length === 0) return html`<p>There is no other profile in this folder.</p>`
    return html`<div class="controls">
      ${selectField(
        'Other profile',
        this.params['other'] ?? '',
        [
          ...(this.params['other'] === undefined ? [['', 'Choose a profile'] as const] : []),
          ...others.map(({ id, name }) => [id, name] as const),
        ],
        (other) => {
          this.#change({ other: other === '' ? null : other })
        },
      )}
    </div>`
  }

  #content(diff: ProfileDiff): TemplateResult {
    const kind = kinds.find((each) => each === this.params['units']) ?? 'modules'
    const text = this.params['q'] ?? ''
    const change = this.params['change'] ?? ''
    const rows = selectChanges(diff[kind], { text, change })
    const key = JSON.stringify([diff.from, diff.to, kind, text, change])
    const shown = this.#window.take(rows, key)
    return html`<p class="break">
        From <strong>${diff.from}</strong> to <strong>${diff.to}</strong>
      </p>
      ${scrollRegion('Counts of changes', countTable(diff))}
      <div class="controls">
        ${segments(
          'Units',
          kind,
          kinds.map((each) => [each, titleOf(each)] as const),
          (units) => {
            this.#change({ units: units === 'modules' ? null : units })
          },
        )}
        ${selectField(
          'Change',
          change,
          [['', 'all but kept'], ...changeNames.map((name) => [name, name] as const)],
          (value) => {
            this.#change({ change: value === '' ? null : value })
          },
        )}
        ${searchField('Search', text, (q) => {
          this.#change({ q: q === '' ? null : q }, true)
        })}
      </div>
      ${rows.length === 0 ? nothing : scrollRegion(`Changes of ${kind}`, changeTable(shown))}
      ${this.#window.footer(rows.length)}`
  }

  #change(changes: Readonly<Record<string, string | null>>, isTransient = false): void {
    this.dispatchEvent(new ParamsChange(changes, isTransient))
  }
}

customElements.define('diff-panel', DiffPanel)

function countTable(diff: ProfileDiff): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Units</th>
        ${changeNames.map((name) => html`<th scope="col" class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${kinds.map((kind) => {
        const counts = countChanges(diff[kind])
        return html`<tr>
          <th scope="row">${titleOf(kind)}</th>
          ${changeNames.map((name) => html`<td class="number">${formatCount(counts[name])}</td>`)}
        </tr>`
      })}
    </tbody>
  </table>`
}

function changeTable(rows: readonly UnitChange[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Unit</th>
        <th scope="col">Change</th>
        <th scope="col">Detail</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ unit, change, detail }) =>
          html`<tr>
            <th scope="row" class="mono break">${unit}</th>
            <td>${change}</td>
            <td class="break">${detail}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function titleOf(kind: Kind): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
}
