import type { ReactiveController, ReactiveControllerHost } from 'lit'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const storageKey = 'prewarm-theme'

/** What was chosen last; auto where the browser keeps nothing. */
export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey)
    return themes.find((theme) => theme === stored) ?? 'auto'
  } catch {
    return 'auto'
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // A page without storage still changes its colours.
  }
}

/** Updates its host when colours change: for what is drawn on a canvas. */
export class ThemeObserver implements ReactiveController {
  readonly #changed: () => void
  readonly #system = matchMedia('(prefers-color-scheme: dark)')
  readonly #observer: MutationObserver

  constructor(host: ReactiveControllerHost, changed: () => void) {
    this.#changed = changed
    this.#observer = new MutationObserver(changed)
    host.addController(this)
  }

  hostConnected(): void {
    this.#system.addEventListener('change', this.#changed)
    this.#observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  hostDisconnected(): void {
    this.#system.removeEventListener('change', this.#changed)
    this.#observer.disconnect()
  }
}
