import { LitElement, css, html, nothing, svg, type TemplateResult } from 'lit'
import { formatBytes, formatMs } from '../../../analysis/units.ts'
import { sharedStyles } from '../../components/shared-styles.ts'
import { measureOf, nameInPackage, type ModuleGroup, type ModuleMeasure } from './packages.ts'
import { fittingText, headerHeight, treemapOf, type TreemapGroup } from './treemap.ts'

const heightPx = 440
const colours = 8
/** Of a character in bold. */
const boldPx = 8.6

/** Asks for one package alone. */
export class PickPackage extends Event {
  static readonly type = 'pick-package'
  readonly name: string

  constructor(name: string) {
    super(PickPackage.type)
    this.name = name
  }
}

/** Packages and their modules as areas. A click is the short way to what the table beside it can do as well. */
export class ModuleTreemap extends LitElement {
  static override readonly properties = {
    groups: { attribute: false },
    by: {},
    widthPx: { state: true },
  }
  static override readonly styles = [
    ...sharedStyles,
    css`
      svg {
        display: block;
        border-radius: 6px;
        overflow: hidden;
      }
      g {
        cursor: pointer;
      }
      .group {
        fill: color-mix(in srgb, var(--series) 34%, var(--surface));
        stroke: var(--surface);
        stroke-width: 2px;
      }
      .cell {
        fill: color-mix(in srgb, var(--series) 20%, var(--surface));
        stroke: var(--surface);
        stroke-width: 1px;
      }
      g:hover .cell {
        fill: color-mix(in srgb, var(--series) 28%, var(--surface));
      }
      text {
        fill: var(--text);
        font-size: 12px;
        pointer-events: none;
      }
      text.name {
        font-weight: 600;
      }
      .colour-0 {
        --series: var(--muted);
      }
      .colour-1 {
        --series: var(--series-1);
      }
      .colour-2 {
        --series: var(--series-2);
      }
      .colour-3 {
        --series: var(--series-3);
      }
      .colour-4 {
        --series: var(--series-4);
      }
      .colour-5 {
        --series: var(--series-5);
      }
      .colour-6 {
        --series: var(--series-6);
      }
      .colour-7 {
        --series: var(--series-7);
      }
      .colour-8 {
        --series: var(--series-8);
      }
    `,
  ]

  declare groups: readonly ModuleGroup[]
  declare by: ModuleMeasure
  declare widthPx: number
  readonly #observer = new ResizeObserver((entries) => {
    const width = entries.at(-1)?.contentRect.width
    if (width !== undefined) this.widthPx = Math.floor(width)
  })

  constructor() {
    super()
    this.widthPx = 0
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#observer.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#observer.disconnect()
  }

  override render(): TemplateResult {
    const map = treemapOf(this.groups, this.by, this.widthPx, heightPx)
    return html`<svg
      width=${this.widthPx}
      height=${heightPx}
      role="img"
      aria-label="Packages and their modules as areas; the table below has the numbers"
    >
      ${map.map((each, index) => this.#group(each, index))}
    </svg>`
  }

  #group({ group, rect, hasHeader, cells }: TreemapGroup, index: number): unknown {
    const { x, y, width, height } = rect
    return svg`<g
      class=${`colour-${index < colours ? index + 1 : 0}`}
      @click=${() => this.dispatchEvent(new PickPackage(group.name))}
    >
      <rect class="group" x=${x} y=${y} width=${width} height=${height}>
        <title>${group.name}</title>
      </rect>
      ${cells.map(({ module, rect: cell }) => {
        const name = nameInPackage(module)
        const label = cell.height < 18 ? '' : fittingName(name, cell.width)
        return svg`<rect class="cell" x=${cell.x} y=${cell.y} width=${cell.width} height=${cell.height}>
            <title>${module.id}: ${this.#text(measureOf(module, this.by))}</title>
          </rect>
          ${label === '' ? nothing : svg`<text x=${cell.x + 5} y=${cell.y + 14}>${label}</text>`}`
      })}
      ${
        hasHeader
          ? svg`<text class="name" x=${x + 6} y=${y + headerHeight - 5}>
              ${fittingText(group.name, width, boldPx)}
            </text>`
          : nothing
      }
    </g>`
  }

  #text(value: number): string {
    return this.by === 'self' ? formatMs(value) : formatBytes(value)
  }
}

customElements.define('module-treemap', ModuleTreemap)

/** Where a path does not fit, the file says more than the folder. */
function fittingName(name: string, widthPx: number): string {
  const whole = fittingText(name, widthPx)
  return whole === name ? name : fittingText(name.slice(name.lastIndexOf('/') + 1), widthPx)
}
