import { html, svg, type TemplateResult } from 'lit'
import type { CurvePoint } from '../../../../formats/profile.ts'
import { formatCount, formatMs } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import { roundTicks } from '../round-ticks.ts'
import { curveShape, requestTicks, requestX } from './curve-shape.ts'

const sparkline = { width: 90, height: 22 }
const plotHeight = 200
/** The path is drawn this wide and stretched to the page. */
const plotWidth = 1000

/** Small, without axes, for a row of a table whose numbers say the same. */
export function curveSparkline(points: readonly CurvePoint[]): TemplateResult {
  const { width, height } = sparkline
  const { path } = curveShape(points, width, height)
  return html`<svg width=${width} height=${height} aria-hidden="true">
    <path class="curve" d=${path} />
  </svg>`
}

/** The recorded warm-up curve of a route, and the same as a table. */
export function curveFigure(name: string, points: readonly CurvePoint[]): TemplateResult {
  const { path, dots, maxMs, lastRequest } = curveShape(points, plotWidth, plotHeight)
  const first = points[0]
  const last = points.at(-1)
  const label =
    first === undefined || last === undefined
      ? `${name}: no curve`
      : `${name}: ${formatMs(first.meanMs)} at first, ${formatMs(last.meanMs)} at the end of ${formatCount(lastRequest)} requests`
  const y = (ms: number): number => plotHeight - (maxMs === 0 ? 0 : (ms / maxMs) * plotHeight)
  const left = (share: number): string => `${(100 * share).toFixed(2)}%`
  return html`<svg class="wide plot" height=${plotHeight + 40} role="img" aria-label=${label}>
      <g transform="translate(0 12)">
        ${roundTicks(maxMs).map(
          (tick) => svg`<line class="grid" x1="0" x2="100%" y1=${y(tick)} y2=${y(tick)} />`,
        )}
        <svg
          width="100%"
          height=${plotHeight}
          viewBox=${`0 0 ${plotWidth} ${plotHeight}`}
          preserveAspectRatio="none"
        >
          <path class="curve" d=${path} />
        </svg>
        ${dots.map(
          ({ x, y: cy, point }) =>
            svg`<circle class="dot" cx=${left(x / plotWidth)} cy=${cy} r="3">
              <title>${rangeOf(point)}: ${formatMs(point.meanMs)}</title>
            </circle>`,
        )}
        ${roundTicks(maxMs).map(
          (tick) => svg`<text x="2" y=${y(tick) - 3}>${tick === 0 ? '0' : formatMs(tick)}</text>`,
        )}
        ${requestTicks(lastRequest).map((tick) => {
          const share = requestX(tick, lastRequest)
          const anchor = share === 0 ? 'start' : share > 0.95 ? 'end' : 'middle'
          return svg`<text x=${left(share)} y=${plotHeight + 18} text-anchor=${anchor}>
            ${formatCount(tick)}
          </text>`
        })}
      </g>
    </svg>
    <p class="small muted">
      Mean latency while recording, by the number of the request, on a logarithmic axis.
    </p>
    <details>
      <summary>As a table</summary>
      ${scrollRegion('Warm-up curve', curveTable(points))}
    </details>`
}

function curveTable(points: readonly CurvePoint[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Requests</th>
        <th scope="col" class="number">Mean</th>
      </tr>
    </thead>
    <tbody>
      ${points.map(
        (point) =>
          html`<tr>
            <th scope="row">${rangeOf(point)}</th>
            <td class="number">${formatMs(point.meanMs)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function rangeOf({ first, count }: CurvePoint): string {
  return count <= 1
    ? formatCount(first)
    : `${formatCount(first)} to ${formatCount(first + count - 1)}`
}
