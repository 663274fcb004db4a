import { css, html, type TemplateResult } from 'lit'

export interface Tab<T extends string> {
  readonly name: T
  readonly title: string
}

export const tabStyles = css`
  [role='tablist'] {
    display: flex;
    gap: 4px;
    overflow-x: auto;
    border-bottom: 1px solid var(--line);
  }
  [role='tab'] {
    border: 0;
    border-bottom: 3px solid transparent;
    border-radius: 6px 6px 0 0;
    background: none;
    padding: 8px 14px;
    color: var(--muted);
    white-space: nowrap;
    flex: none;
  }
  [role='tab']:focus-visible {
    outline-offset: -2px;
  }
  [role='tab'][aria-selected='true'] {
    color: var(--text);
    border-bottom-color: var(--accent);
    font-weight: 600;
  }
`

/**
 * Tabs and the panel of the selected one, after the pattern of the ARIA Authoring Practices: arrow keys, Home and End select, and only the
 * selected tab can be reached with Tab. To be rendered into the shadow root that has {@link tabStyles}, once.
 */
export function tabs<T extends string>(
  list: readonly Tab<T>[],
  selected: T,
  onSelect: (name: T) => void,
  panel: unknown,
): TemplateResult {
  return html`<div
      role="tablist"
      aria-label="Parts of the profile"
      @keydown=${(event: KeyboardEvent) => {
        const next = afterKey(list, selected, event.key)
        if (next === undefined) return
        event.preventDefault()
        const tablist = event.currentTarget as HTMLElement
        tablist.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
        onSelect(next)
      }}
    >
      ${list.map(
        ({ name, title }) =>
          html`<button
            role="tab"
            id=${`tab-${name}`}
            aria-selected=${name === selected}
            aria-controls="tab-panel"
            tabindex=${name === selected ? 0 : -1}
            @click=${() => {
              onSelect(name)
            }}
          >
            ${title}
          </button>`,
      )}
    </div>
    <div role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${selected}`}>${panel}</div>`
}

function afterKey<T extends string>(
  list: readonly Tab<T>[],
  selected: T,
  key: string,
): T | undefined {
  const at = list.findIndex(({ name }) => name === selected)
  switch (key) {
    case 'ArrowRight':
      return list[(at + 1) % list.length]?.name
    case 'ArrowLeft':
      return list.at(at - 1)?.name
    case 'Home':
      return list[0]?.name
    case 'End':
      return list.at(-1)?.name
    default:
      return undefined
  }
}
