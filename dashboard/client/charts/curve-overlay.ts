import type { Chart } from 'chart.js'
import { html, nothing } from 'lit'
import { seriesVariable } from './palette.ts'

/** Pixels from the left edge of the plot. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Cursor, dots on the lines and the stretch that is dragged over: above the canvas, so that it need not be drawn for them. */
export function curveOverlay(
  chart: Pick<Chart, 'scales' | 'chartArea'>,
  cursor: number | null,
  values: readonly { readonly colour: number; readonly value: number | null }[],
  brush: Stretch | null,
): unknown {
  const { x, y } = chart.scales
  if (x === undefined || y === undefined) return nothing
  const { top, bottom, left, right } = chart.chartArea
  const upright = `top: ${top}px; height: ${bottom - top}px`
  const at = cursor === null ? NaN : x.getPixelForValue(cursor)
  const isSeen = at >= left - 1 && at <= right + 1
  return [
    isSeen ? html`<div class="cursor" .style=${`left: ${at}px; ${upright}`}></div>` : nothing,
    ...values.map(({ colour, value }) => {
      const pixel = y.getPixelForValue(value ?? NaN)
      if (!isSeen || !(pixel >= top && pixel <= bottom)) return nothing
      const place = `left: ${at}px; top: ${pixel}px; background: ${seriesVariable(colour)}`
      return html`<div class="dot" .style=${place}></div>`
    }),
    brush === null
      ? nothing
      : html`<div
          class="brush"
          .style=${`left: ${brush.from}px; width: ${brush.to - brush.from}px; ${upright}`}
        ></div>`,
  ]
}
