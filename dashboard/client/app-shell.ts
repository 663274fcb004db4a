import { LitElement, html, nothing } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import type { FileEntry, FileList } from '../api.ts'
import { shellStyles } from './app-shell-styles.ts'
import './components/file-drop.ts'
import type { FilesGiven } from './components/file-drop.ts'
import './components/file-picker.ts'
import type { PickFile } from './components/file-picker.ts'
import './components/first-run.ts'
import { problemOf, Resource } from './components/resource.ts'
import './components/state-panels.ts'
import { whenReady } from './components/state-panels.ts'
import './components/theme-toggle.ts'
import { applyTheme, storedTheme } from './components/theme.ts'
import type { ApiProblem, DataSource } from './data-source.ts'
import { formatHash, parseHash, withChanges, type UrlState } from './url-state.ts'
import { emptyOf, titleOf } from './view-texts.ts'
import { chooseFile, filesOf, viewFor } from './view-files.ts'
import { Navigate, ParamsChange, viewNames, type ViewName, type ViewParams } from './view.ts'

/** Loads the module that defines a view's element; a page may have only some of the views. */
export type ViewLoaders = Readonly<Partial<Record<ViewName, () => Promise<unknown>>>>

/** Browsers refuse to change the URL as often as a wheel turns. */
const transientDelayMs = 250

/** The page: header, the choice of a file, and one of the views, as the URL says. */
export class AppShell extends LitElement {
  static override readonly properties = {
    source: { attribute: false },
    loaders: { attribute: false },
    url: { state: true },
    isAdding: { state: true },
    addProblem: { state: true },
  }
  static override readonly styles = shellStyles

  declare source: DataSource
  declare loaders: ViewLoaders
  declare url: UrlState
  declare isAdding: boolean
  declare addProblem: ApiProblem | null
  readonly #files = new Resource<FileList>(this, { keepsOld: true })
  readonly #view = new Resource<unknown>(this)
  /** What a view was last left with, so that one comes back to it. */
  readonly #lastParams = new Map<ViewName, ViewParams>()

  constructor() {
    super()
    this.url = parseHash(location.hash)
    this.isAdding = false
    this.addProblem = null
    this.addEventListener(ParamsChange.type, (event) => {
      if (event instanceof ParamsChange) this.#onParams(event)
    })
    this.addEventListener(Navigate.type, (event) => {
      if (!(event instanceof Navigate)) return
      this.#go({ view: event.view, params: event.params })
      this.#focusMain()
    })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('popstate', this.#onUrl)
    window.addEventListener('hashchange', this.#onUrl)
    window.addEventListener('focus', this.#onFocus)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('popstate', this.#onUrl)
    window.removeEventListener('hashchange', this.#onUrl)
    window.removeEventListener('focus', this.#onFocus)
  }

  override willUpdate(): void {
    if (this.loaders[this.url.view] === undefined) this.url = parseHash('')
    const { view, params } = this.url
    this.#files.load('files', () => this.source.files())
    this.#view.load(view, async () => this.loaders[view]?.())
    const chosen = chooseFile(this.#list, view, params['file'])
    if (view !== 'live' && chosen.state === 'chosen' && params['file'] === undefined) {
      // From now on a link to the page means this file.
      this.url = { view, params: { file: chosen.file.id, ...params } }
      history.replaceState(null, '', formatHash(this.url))
    }
    this.#lastParams.set(view, this.url.params)
    const name = chosen.state === 'chosen' ? chosen.file.name : null
    document.title = [titleOf[view], name, 'prewarm'].filter(Boolean).join(' · ')
  }

  override render(): unknown {
    return html`
      <button class="skip" @click=${this.#focusMain}>Skip to content</button>
      <header>
        <a class="brand" href="#/compare">
          <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
            <path class="cold" d="M4 5c4 15 9 20 24 21" />
            <path class="warm" d="M4 26h24" />
          </svg>
          prewarm
        </a>
        <nav aria-label="Views">${viewNames.map((view) => this.#link(view))}</nav>
        <div class="tools">
          <file-picker
            .files=${this.url.view === 'live' ? [] : filesOf(this.#list, this.url.view)}
            .selected=${this.url.params['file'] ?? ''}
            @pick-file=${this.#onPick}
          ></file-picker>
          ${
            this.source.isServed
              ? html`<file-drop ?busy=${this.isAdding} @files-given=${this.#onFiles}></file-drop>`
              : nothing
          }
          <theme-toggle></theme-toggle>
        </div>
      </header>
      <main tabindex="-1">
        ${
          this.addProblem === null
            ? nothing
            : html`<error-panel class="notice" .problem=${this.addProblem}>
                <button
                  @click=${() => {
                    this.addProblem = null
                  }}
                >
                  Close
                </button>
              </error-panel>`
        }
        ${whenReady(this.#files, 'files', ({ files }) => this.#content(files))}
      </main>
    `
  }

  #link(view: ViewName): unknown {
    if (this.loaders[view] === undefined) return nothing
    const isHere = view === this.url.view
    const params = this.#lastParams.get(view) ?? this.#carried(view)
    return html`<a href=${formatHash({ view, params })} aria-current=${isHere ? 'page' : nothing}
      >${titleOf[view]}</a
    >`
  }

  /** The file of this view, where the other one can show it, too. */
  #carried(view: ViewName): ViewParams {
    const { file } = this.url.params
    const fits = filesOf(this.#list, view).some(({ id }) => id === file)
    return fits && file !== undefined ? { file } : {}
  }

  #content(files: readonly FileEntry[]): unknown {
    const { view, params } = this.url
    // Services that are about to start have no file yet.
    if (files.length === 0 && view !== 'live') {
      return html`<first-run ?can-add=${this.source.isServed}></first-run>`
    }
    const chosen = chooseFile(files, view, params['file'])
    if (view !== 'live') {
      // A view that is shown has a heading of its own.
      const heading = html`<h1 class="hidden">${titleOf[view]}</h1>`
      if (chosen.state === 'none') return [heading, emptyOf(view)]
      if (chosen.state === 'unknown') return [heading, this.#unknown(chosen.newest)]
      if (chosen.file.error !== null) {
        return [heading, html`<error-panel .problem=${chosen.file.error}></error-panel>`]
      }
    }
    // A file that has changed is loaded anew.
    const key = chosen.state === 'chosen' ? chosen.file.modifiedAt : ''
    return whenReady(this.#view, titleOf[view], () => keyed(key, this.#element(view, params)))
  }

  #element(view: ViewName, params: ViewParams): unknown {
    const { source } = this
    switch (view) {
      case 'compare':
        return html`<compare-view .source=${source} .params=${params}></compare-view>`
      case 'replay':
        return html`<replay-view .source=${source} .params=${params}></replay-view>`
      case 'profile':
        return html`<profile-view .source=${source} .params=${params}></profile-view>`
      case 'start':
        return html`<start-view .source=${source} .params=${params}></start-view>`
      case 'live':
        return html`<live-view .source=${source} .params=${params}></live-view>`
    }
  }

  #unknown(newest: FileEntry | null): unknown {
    return html`<empty-panel heading="The file that this link names is not here">
      <p>
        It was moved or deleted, or the link is from a dashboard of another folder, or from before
        the last restart.
      </p>
      ${
        newest === null
          ? nothing
          : html`<p>
              <a href=${formatHash({ view: this.url.view, params: { file: newest.id } })}
                >Show the newest: ${newest.name}</a
              >
            </p>`
      }
    </empty-panel>`
  }

  get #list(): readonly FileEntry[] {
    return this.#files.value?.files ?? []
  }

  #onParams({ changes, isTransient }: ParamsChange): void {
    const { view, params } = this.url
    this.#go({ view, params: withChanges(params, changes) }, isTransient)
  }

  readonly #onPick = ({ file }: PickFile): void => {
    // What else the URL says is about the other file.
    this.#go({ view: this.url.view, params: { file: file.id } })
  }

  readonly #onFiles = async ({ files }: FilesGiven): Promise<void> => {
    this.isAdding = true
    this.addProblem = null
    try {
      let last: FileEntry | null = null
      for (const file of files) last = await this.source.add(file)
      await this.#files.retry()
      if (last !== null) this.#go({ view: viewFor(last), params: { file: last.id } })
    } catch (error) {
      this.addProblem = problemOf(error)
      await this.#files.retry()
    } finally {
      this.isAdding = false
    }
  }

  readonly #onUrl = (): void => {
    if (this.#transient !== null) clearTimeout(this.#transient)
    this.#transient = null
    const url = parseHash(location.hash)
    if (formatHash(url) !== formatHash(this.url)) this.url = url
  }

  readonly #onFocus = (): void => {
    void this.#files.retry()
  }

  #go(url: UrlState, isTransient = false): void {
    const hash = formatHash(url)
    if (hash === formatHash(this.url)) return
    if (isTransient) {
      this.#transient ??= setTimeout(this.#writeTransient, transientDelayMs)
    } else {
      this.#writeTransient()
      history.pushState(null, '', hash)
    }
    this.url = url
  }

  #transient: ReturnType<typeof setTimeout> | null = null

  readonly #writeTransient = (): void => {
    if (this.#transient === null) return
    clearTimeout(this.#transient)
    this.#transient = null
    history.replaceState(null, '', formatHash(this.url))
  }

  readonly #focusMain = (): void => {
    this.renderRoot.querySelector('main')?.focus()
  }
}

customElements.define('prewarm-app', AppShell)

/** Puts the app into the page, in the colours that were chosen last. */
export function mount(source: DataSource, loaders: ViewLoaders): void {
  applyTheme(storedTheme())
  const app = new AppShell()
  app.source = source
  app.loaders = loaders
  document.body.append(app)
}
