import { formatMs } from '../../analysis/units.ts'
import type { Palette } from './palette.ts'

/** `50 ms`, `1.5 s`: as {@link formatMs}, without zeros that say nothing on an axis. */
export function tickMs(ms: number): string {
  return formatMs(ms)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace('. ', ' ')
}

/** Of the places of a logarithmic axis 1, 2 and 5 times a power of ten, or only the powers where there are many. */
export function isLogTick(value: number, ticks: readonly { readonly value: number }[]): boolean {
  const decades = Math.log10((ticks.at(-1)?.value ?? 1) / (ticks[0]?.value ?? 1))
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9)
  return (decades > 2 ? [1] : [1, 2, 5]).some((shown) => Math.abs(digit - shown) < 1e-6)
}

/** Colours of an axis; a tick without a text has no line. */
export function axisColours(palette: Palette): {
  readonly grid: {
    readonly color: (context: { readonly tick?: { readonly label?: unknown } }) => string
  }
  readonly border: { readonly color: string }
} {
  return {
    grid: { color: ({ tick }) => (tick?.label === '' ? 'transparent' : palette.line) },
    border: { color: palette.line },
  }
}

export function tickLook(palette: Palette): { readonly color: string; readonly maxRotation: 0 } {
  return { color: palette.muted, maxRotation: 0 }
}
