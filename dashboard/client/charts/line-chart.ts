import type { ChartConfiguration, ScatterDataPoint } from 'chart.js'
import { html } from 'lit'
import { scrollRegion } from '../components/scroll-region.ts'
import { toCsv } from './csv.ts'
import type { ChartContent } from './plain-chart.ts'
import { axisColours, isLogTick, tickLook } from './ticks.ts'

export interface Line {
  readonly name: string
  readonly colour: number
  readonly isDashed: boolean
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** A chart of lines with few points over a logarithmic x axis. */
export interface LineChartLook {
  readonly xTitle: string
  /** Of a column in CSV. */
  readonly xName: string
  readonly yName: string
  readonly isStepped: boolean
  readonly isYLogarithmic: boolean
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
  /** The same for an axis. */
  readonly tickX: (x: number) => string
  readonly tickY: (y: number) => string
}

export function lineChart(lines: readonly Line[], look: LineChartLook): ChartContent {
  const { formatX, formatY } = look
  return {
    legend: lines.filter(({ isDashed }) => !isDashed),
    config: (palette) => lineConfig(lines, look, palette),
    csv: () =>
      toCsv(
        ['series', look.xName, look.yName],
        lines.flatMap(({ name, points }) => points.map(({ x, y }) => [name, x, y])),
      ),
    table: () => {
      const places = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))]
      places.sort((a, b) => a - b)
      return scrollRegion(
        'Table of the lines',
        html`<table>
          <thead>
            <tr>
              <th scope="col">${look.xTitle}</th>
              ${lines.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${places.map(
              (x) =>
                html`<tr>
                  <th scope="row" class="nowrap">${formatX(x)}</th>
                  ${lines.map(({ points }) => {
                    const y = points.find((point) => point.x === x)?.y
                    return html`<td class="number">${y === undefined ? '-' : formatY(y)}</td>`
                  })}
                </tr>`,
            )}
          </tbody>
        </table>`,
      )
    },
  }
}

function lineConfig(
  lines: readonly Line[],
  { xTitle, isStepped, isYLogarithmic, formatX, formatY, tickX, tickY }: LineChartLook,
  palette: Parameters<ChartContent['config']>[0],
): ChartConfiguration {
  const config: ChartConfiguration<'line', ScatterDataPoint[]> = {
    type: 'line',
    data: {
      datasets: lines.map(({ name, colour, isDashed, points }) => ({
        label: name,
        data: [...points],
        borderColor: palette.series(colour),
        backgroundColor: palette.series(colour),
        borderWidth: isDashed ? 1.25 : 2,
        borderDash: isDashed ? [5, 4] : [],
        pointRadius: isStepped ? 0 : isDashed ? 1.5 : 2.5,
        stepped: isStepped ? 'middle' : false,
      })),
    },
    options: {
      parsing: false,
      interaction: { mode: 'x', intersect: false },
      plugins: {
        tooltip: {
          callbacks: {
            title: ([item]) => (item === undefined ? '' : formatX(item.parsed.x ?? NaN)),
            label: ({ dataset, parsed }) => `${dataset.label ?? ''}: ${formatY(parsed.y ?? NaN)}`,
          },
        },
      },
      scales: {
        x: {
          type: 'logarithmic',
          title: { display: true, text: xTitle, color: palette.muted },
          ...axisColours(palette),
          ticks: {
            ...tickLook(palette),
            callback: (value, _index, ticks) =>
              isLogTick(Number(value), ticks) ? tickX(Number(value)) : '',
          },
        },
        y: {
          type: isYLogarithmic ? 'logarithmic' : 'linear',
          ...(isYLogarithmic ? {} : { beginAtZero: true }),
          ...axisColours(palette),
          ticks: {
            ...tickLook(palette),
            maxTicksLimit: 7,
            callback: (value, _index, ticks) =>
              isYLogarithmic && !isLogTick(Number(value), ticks) ? '' : tickY(Number(value)),
          },
        },
      },
    },
  }
  return config as ChartConfiguration
}
