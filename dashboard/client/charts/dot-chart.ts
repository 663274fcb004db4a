import type { ChartConfiguration, ScatterDataPoint } from 'chart.js'
import { html } from 'lit'
import { median } from '../../analysis/quantile.ts'
import { scrollRegion } from '../components/scroll-region.ts'
import { toCsv } from './csv.ts'
import type { ChartContent } from './plain-chart.ts'
import { axisColours, tickLook } from './ticks.ts'

/** A row of dots. */
export interface DotRow {
  readonly name: string
  readonly colour: number
  readonly dots: readonly { readonly run: number; readonly value: number }[]
}

/** How far dots stand off the middle of their row, so that those of equal value are all seen. */
const offsets = [0, 0.14, -0.14, 0.07, -0.07, 0.2, -0.2]

/** A dot for each run, in a row for each arm, with a bar at the median. */
export function dotChart(
  rows: readonly DotRow[],
  valueName: string,
  format: (value: number) => string,
  tick: (value: number) => string,
): ChartContent {
  return {
    legend: [],
    config: (palette) => dotConfig(rows, format, tick, palette),
    csv: () =>
      toCsv(
        ['arm', 'run', valueName],
        rows.flatMap(({ name, dots }) => dots.map(({ run, value }) => [name, run, value])),
      ),
    table: () => dotTable(rows, format),
  }
}

function dotConfig(
  rows: readonly DotRow[],
  format: (value: number) => string,
  tick: (value: number) => string,
  palette: Parameters<ChartContent['config']>[0],
): ChartConfiguration {
  const config: ChartConfiguration<'scatter', ScatterDataPoint[]> = {
    type: 'scatter',
    data: {
      datasets: [
        ...rows.map(({ name, colour, dots }, row) => ({
          label: name,
          data: dots.map(({ run, value }) => ({
            x: value,
            y: row + (offsets[run % offsets.length] ?? 0),
          })),
          pointRadius: 4,
          pointHoverRadius: 5,
          pointBorderWidth: 0,
          pointBackgroundColor: palette.series(colour),
        })),
        {
          label: 'median',
          data: rows.map(({ dots }, row) => ({
            x: median(dots.map(({ value }) => value)),
            y: row,
          })),
          pointStyle: 'line' as const,
          pointRotation: 90,
          pointRadius: 15,
          pointHoverRadius: 15,
          pointBorderWidth: 2.5,
          pointBorderColor: palette.text,
        },
      ],
    },
    options: {
      plugins: {
        tooltip: {
          callbacks: {
            label: ({ dataset, parsed, dataIndex }) =>
              dataset.label === 'median'
                ? `median of ${rows[dataIndex]?.name ?? ''}: ${format(parsed.x ?? NaN)}`
                : `${dataset.label ?? ''}: ${format(parsed.x ?? NaN)}`,
          },
        },
      },
      scales: {
        x: {
          type: 'linear',
          beginAtZero: true,
          ...axisColours(palette),
          ticks: {
            ...tickLook(palette),
            maxTicksLimit: 8,
            callback: (value) => tick(Number(value)),
          },
        },
        y: {
          type: 'linear',
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          grid: { display: false },
          border: { color: palette.line },
          afterBuildTicks: (axis) => {
            axis.ticks = rows.map((_, value) => ({ value }))
          },
          ticks: {
            color: palette.text,
            autoSkip: false,
            callback: (value) => shortened(rows[Number(value)]?.name ?? ''),
          },
        },
      },
    },
  }
  return config as ChartConfiguration
}

const longestName = 20

function shortened(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`
}

function dotTable(
  rows: readonly DotRow[],
  format: (value: number) => string,
): ReturnType<ChartContent['table']> {
  const runs = [...new Set(rows.flatMap(({ dots }) => dots.map(({ run }) => run)))].sort(
    (a, b) => a - b,
  )
  return scrollRegion(
    'Table of the runs',
    html`<table>
      <thead>
        <tr>
          <th scope="col">Run</th>
          ${rows.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${runs.map(
          (run) =>
            html`<tr>
              <th scope="row">${run}</th>
              ${rows.map(({ dots }) => {
                const value = dots.find((dot) => dot.run === run)?.value
                return html`<td class="number">${value === undefined ? '-' : format(value)}</td>`
              })}
            </tr>`,
        )}
      </tbody>
    </table>`,
  )
}
