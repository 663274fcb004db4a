import type { ChartConfiguration, ChartDataset } from 'chart.js'
import type { CurveAxis } from '../../api.ts'
import { formatCount, formatMs } from '../../analysis/units.ts'
import { dashOf, type Palette } from './palette.ts'
import type { Series, SeriesPoint } from './series.ts'
import type { XRange } from './x-range.ts'

/** With no more points than this each is seen as one. */
const fewPoints = 60

export interface CurveLook {
  readonly palette: Palette
  readonly axis: CurveAxis
  readonly isLogarithmic: boolean
  readonly range: XRange
  readonly isWhole: boolean
}

export function curveDataset(
  { name, colour }: Series,
  points: readonly SeriesPoint[],
  palette: Palette,
): ChartDataset<'line', SeriesPoint[]> {
  return {
    label: name,
    data: points as SeriesPoint[],
    borderColor: palette.series(colour),
    backgroundColor: palette.series(colour),
    borderDash: dashOf(colour),
    borderWidth: 1.75,
    borderJoinStyle: 'round',
    pointRadius: points.length <= fewPoints ? 2 : 0,
    pointBorderWidth: 0,
  }
}

/** Without data: those are set with every update. Nothing is looked up under the pointer by Chart.js. */
export function curveOptions(look: CurveLook): NonNullable<ChartConfiguration<'line'>['options']> {
  const { axis, range, isWhole, isLogarithmic } = look
  return {
    parsing: false,
    normalized: true,
    events: [],
    plugins: { tooltip: { enabled: false } },
    layout: { padding: { top: 6, right: 10 } },
    scales: {
      x: {
        type: 'linear',
        min: range.from,
        max: range.to,
        title: {
          display: true,
          text: axis === 'round' ? 'round' : 'time since the first request',
          color: look.palette.muted,
        },
        ...axisColours(look.palette),
        ticks: {
          ...tickLook(look.palette),
          precision: 0,
          maxTicksLimit: 9,
          callback: (value) => (axis === 'round' ? roundTick(Number(value)) : formatMs(Number(value))),
        },
      },
      y: {
        type: isLogarithmic ? 'logarithmic' : 'linear',
        ...(isLogarithmic || !isWhole ? {} : { beginAtZero: true }),
        ...axisColours(look.palette),
        ticks: {
          ...tickLook(look.palette),
          maxTicksLimit: 8,
          callback: (value) => (isLogarithmic ? logTick(Number(value)) : formatMs(Number(value))),
        },
      },
    },
  }
}

export function axisColours(palette: Palette): AxisColours {
  return { grid: { color: palette.line }, border: { color: palette.line } }
}

export function tickLook(palette: Palette): {
  readonly color: string
  readonly maxRotation: 0
} {
  return { color: palette.muted, maxRotation: 0 }
}

function roundTick(round: number): string {
  return Number.isInteger(round) ? formatCount(round) : ''
}

/** Of the places between powers of ten only 2 and 5 times. */
export function logTick(value: number): string {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9)
  return [1, 2, 5].some((shown) => Math.abs(digit - shown) < 1e-6) ? formatMs(value) : ''
}

export interface AxisColours {
  readonly grid: { readonly color: string }
  readonly border: { readonly color: string }
}
