import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { formatCount } from '../../analysis/units.ts'
import { dashOf, type Palette } from './palette.ts'
import type { ChartAxis, Series, SeriesPoint } from './series.ts'
import { axisColours, isLogTick, tickLook, tickMs } from './ticks.ts'
import type { XRange } from './x-range.ts'

/** With no more points than this each is seen as one. */
const fewPoints = 60

export interface CurveLook {
  readonly palette: Palette
  readonly axis: ChartAxis
  readonly isLogarithmic: boolean
  readonly range: XRange
  readonly isWhole: boolean
}

export function curveDataset(
  { name, colour }: Series,
  points: readonly SeriesPoint[],
  palette: Palette,
  isDense: boolean,
): ChartDataset<'line', SeriesPoint[]> {
  return {
    label: name,
    data: points as SeriesPoint[],
    borderColor: palette.series(colour),
    backgroundColor: palette.series(colour),
    borderDash: dashOf(colour),
    borderWidth: isDense ? 1 : 1.75,
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
          text: axis === 'time' ? 'time since the first request' : axis,
          color: look.palette.muted,
        },
        ...axisColours(look.palette),
        ticks: {
          ...tickLook(look.palette),
          precision: 0,
          maxTicksLimit: 9,
          callback: (value) => (axis === 'time' ? tickMs(Number(value)) : roundTick(Number(value))),
        },
      },
      y: {
        type: isLogarithmic ? 'logarithmic' : 'linear',
        ...(isLogarithmic || !isWhole ? {} : { beginAtZero: true }),
        ...axisColours(look.palette),
        ticks: {
          ...tickLook(look.palette),
          maxTicksLimit: 8,
          callback: (value, _index, ticks) =>
            isLogarithmic && !isLogTick(Number(value), ticks) ? '' : tickMs(Number(value)),
        },
      },
    },
  }
}

function roundTick(round: number): string {
  return Number.isInteger(round) ? formatCount(round) : ''
}
