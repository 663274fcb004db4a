import { html, type TemplateResult } from 'lit'
import { formatCount, formatMs } from '../../analysis/units.ts'
import { scrollRegion } from '../components/scroll-region.ts'
import type { ChartAxis, Series } from './series.ts'
import { nearestPoint, valueAt } from './thinning.ts'
import type { XRange } from './x-range.ts'

const evenRows = 12

/** Rounds or times that a table tells of: 1, 2, 5, 10, ... of a whole curve, equally far apart in a part of it. */
export function tablePlaces(range: XRange, isWhole: boolean): readonly number[] {
  const { from, to } = range
  if (!isWhole) {
    return Array.from(
      { length: evenRows },
      (_, index) => from + ((to - from) * index) / (evenRows - 1),
    )
  }
  const places = [from]
  for (let power = 1; power <= to; power *= 10) {
    for (const place of [power, 2 * power, 5 * power]) {
      if (place > from && place < to) places.push(place)
    }
  }
  return [...places, to]
}

const placeNames = { round: 'Round', request: 'Request', time: 'After' } as const

/** `Round 12`, `Request 12`, `1.20 s`. */
export function placeText(axis: ChartAxis, x: number): string {
  return axis === 'time' ? formatMs(x) : `${placeNames[axis]} ${formatCount(Math.round(x))}`
}

/** What the chart shows, in numbers; `level` is what its dashed lines are. */
export function curveTable(
  series: readonly Series[],
  axis: ChartAxis,
  range: XRange,
  isWhole: boolean,
  level: string,
): TemplateResult {
  const places = [...new Set(tablePlaces(range, isWhole).map((x) => placeAt(series, x)))]
  return scrollRegion(
    'Table of the curves',
    html`<table>
      <thead>
        <tr>
          <th scope="col">${placeNames[axis]}</th>
          ${series.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${places.map(
          (x) =>
            html`<tr>
              <th scope="row" class="nowrap">${placeText(axis, x)}</th>
              ${series.map(
                ({ points }) => html`<td class="number">${cellText(valueAt(points, x))}</td>`,
              )}
            </tr>`,
        )}
        <tr>
          <th scope="row">${level}</th>
          ${series.map(({ steady }) => html`<td class="number">${cellText(steady)}</td>`)}
        </tr>
      </tbody>
    </table>`,
  )
}

function cellText(ms: number | null): string {
  return ms === null ? '-' : formatMs(ms)
}

/** The nearest place that has a point. */
function placeAt(series: readonly Series[], x: number): number {
  return nearestPoint(series[0]?.points ?? [], x)?.x ?? x
}
