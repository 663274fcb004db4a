/** Colours as a canvas takes them. */
export interface Palette {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  /** By number, from 1. */
  series(colour: number): string
}

const seriesColours = 10

/** What the custom properties of theme.css mean at an element just now. */
export function paletteAt(element: Element): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  element.append(probe)
  // `light-dark()` is only resolved in a property that takes a colour.
  const resolve = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const series = Array.from({ length: seriesColours }, (_, index) => resolve(`series-${index + 1}`))
  const palette = {
    text: resolve('text'),
    muted: resolve('muted'),
    line: resolve('line'),
    surface: resolve('surface'),
    series: (colour: number): string => series[(colour - 1) % seriesColours] ?? '',
  }
  probe.remove()
  return palette
}

/** The colour of a series for styles: `var(--series-3)`. */
export function seriesVariable(colour: number): string {
  return `var(--series-${((colour - 1) % seriesColours) + 1})`
}

/** Series that share a colour differ by their dashes; empty: a whole line. */
export function dashOf(colour: number): number[] {
  const lap = Math.floor((colour - 1) / seriesColours)
  return [[], [7, 3], [2, 3]][lap % 3] ?? []
}
