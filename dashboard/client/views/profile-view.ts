import { LitElement, html, type TemplateResult } from 'lit'
import type { ProfileView as Profile } from '../../api.ts'
import { Resource } from '../components/resource.ts'
import { sharedStyles } from '../components/shared-styles.ts'
import { whenReady } from '../components/state-panels.ts'
import type { DataSource } from '../data-source.ts'
import { ParamsChange, type View, type ViewParams } from '../view.ts'
import './profile/diff-panel.ts'
import './profile/freshness-panel.ts'
import './profile/function-panel.ts'
import { headerPanel, profileHeading } from './profile/header-panel.ts'
import './profile/module-panel.ts'
import { profileStyles } from './profile/profile-styles.ts'
import './profile/route-panel.ts'
import { tabs, tabStyles, type Tab } from './profile/tabs.ts'

const tabNames = ['modules', 'functions', 'routes', 'freshness', 'diff'] as const
type TabName = (typeof tabNames)[number]

const titles: Readonly<Record<TabName, string>> = {
  modules: 'Modules',
  functions: 'Functions',
  routes: 'Routes',
  freshness: 'Freshness',
  diff: 'Diff',
}

/** What a profile holds. Parameters: `file`, `tab`, and those of the panels; another tab begins without any of the last one's. */
export class ProfileView extends LitElement implements View {
  static override readonly properties = {
    source: { attribute: false },
    params: { attribute: false },
  }
  static override readonly styles = [...sharedStyles, profileStyles, tabStyles]

  declare source: DataSource
  declare params: ViewParams
  readonly #profile = new Resource<Profile>(this)

  override willUpdate(): void {
    const { file } = this.params
    if (file !== undefined) this.#profile.load(file, () => this.source.profile(file))
  }

  override render(): unknown {
    const { file } = this.params
    if (file === undefined) {
      return html`<empty-panel heading="No profile is chosen"></empty-panel>`
    }
    return whenReady(this.#profile, 'profile', (profile) => this.#content(file, profile))
  }

  #content(file: string, profile: Profile): TemplateResult {
    const list = this.#tabs(profile)
    const selected = list.find(({ name }) => name === this.params['tab'])?.name ?? 'modules'
    return html`<div class="stack">
      ${profileHeading(profile)} ${headerPanel(file, profile, this.source)}
      ${tabs(
        list,
        selected,
        (name) => {
          this.#select(name, selected)
        },
        this.#panel(selected, profile),
      )}
    </div>`
  }

  #tabs({ freshness }: Profile): readonly Tab<TabName>[] {
    return tabNames
      .filter((name) => name !== 'freshness' || freshness !== null)
      .filter((name) => name !== 'diff' || this.source.isServed)
      .map((name) => ({ name, title: titles[name] }))
  }

  #panel(name: TabName, profile: Profile): unknown {
    const { params } = this
    switch (name) {
      case 'modules':
        return html`<module-panel .view=${profile} .params=${params}></module-panel>`
      case 'functions':
        return html`<function-panel .view=${profile} .params=${params}></function-panel>`
      case 'routes':
        return html`<route-panel .view=${profile} .params=${params}></route-panel>`
      case 'freshness':
        return html`<freshness-panel
          .view=${profile}
          .freshness=${profile.freshness}
          .params=${params}
        ></freshness-panel>`
      case 'diff':
        return html`<diff-panel .source=${this.source} .params=${params}></diff-panel>`
    }
  }

  #select(name: TabName, selected: TabName): void {
    if (name === selected) return
    const others = Object.keys(this.params).filter((key) => key !== 'file')
    const cleared = Object.fromEntries(others.map((key) => [key, null]))
    this.dispatchEvent(new ParamsChange({ ...cleared, tab: name === 'modules' ? null : name }))
  }
}

customElements.define('profile-view', ProfileView)
