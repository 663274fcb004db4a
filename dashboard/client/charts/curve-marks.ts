import type { Chart, ChartArea, Plugin } from 'chart.js'
import type { Palette } from './palette.ts'
import type { Series, SeriesPoint } from './series.ts'
import type { BandPoint } from './thinning.ts'

/** A series as far as it is seen. */
export interface ShownSeries {
  readonly series: Series
  readonly points: readonly SeriesPoint[]
  readonly band: readonly BandPoint[]
}

/** What is drawn besides the lines themselves. */
export interface CurveMarks {
  readonly palette: Palette
  readonly shown: readonly ShownSeries[]
  /** Name of the series whose time above its steady level is shaded; null: none. */
  readonly shaded: string | null
  /** Where shading ends on the x axis. */
  readonly shadedTo: number
}

const bandOpacity = 0.1
const shadeOpacity = 0.28
const markSize = 5

/** Bands and shading under the lines, steady levels and changepoints over them. */
export function curveMarks(marks: () => CurveMarks): Plugin<'line'> {
  return {
    id: 'prewarm-marks',
    beforeDatasetsDraw(chart) {
      const { palette, shown, shaded, shadedTo } = marks()
      clipped(chart, (context) => {
        for (const { series, points, band } of shown) {
          context.fillStyle = palette.series(series.colour)
          context.globalAlpha = bandOpacity
          fillBand(chart, context, band)
          if (series.name === shaded) {
            context.globalAlpha = shadeOpacity
            fillLost(chart, context, points, series.steady, shadedTo)
          }
        }
      })
    },
    afterDatasetsDraw(chart) {
      const { palette, shown } = marks()
      clipped(chart, (context) => {
        for (const { series, points } of shown) {
          context.strokeStyle = palette.series(series.colour)
          context.fillStyle = palette.series(series.colour)
          drawSteady(chart, context, series.steady)
          for (const x of series.changepoints) drawChange(chart, context, points, x, palette)
        }
      })
    },
  }
}

function clipped(chart: Chart, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx: context } = chart
  const { left, top, width, height } = chart.chartArea
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  draw(context)
  context.restore()
}

function fillBand(
  chart: Chart,
  context: CanvasRenderingContext2D,
  band: readonly BandPoint[],
): void {
  if (band.length < 2) return
  const place = placer(chart)
  context.beginPath()
  for (const { x, high } of band) context.lineTo(...place(x, high))
  for (const { x, low } of [...band].reverse()) context.lineTo(...place(x, low))
  context.fill()
}

/** What of the curve is over its steady level: time that users of those rounds have lost. */
function fillLost(
  chart: Chart,
  context: CanvasRenderingContext2D,
  points: readonly SeriesPoint[],
  steady: number | null,
  to: number,
): void {
  const inside = points.filter(({ x }) => x <= to)
  const [first] = inside
  const last = inside.at(-1)
  if (steady === null || first === undefined || last === undefined) return
  const place = placer(chart)
  context.beginPath()
  context.moveTo(...place(first.x, steady))
  for (const { x, y } of inside) context.lineTo(...place(x, Math.max(y, steady)))
  context.lineTo(...place(last.x, steady))
  context.fill()
}

function drawSteady(chart: Chart, context: CanvasRenderingContext2D, steady: number | null): void {
  if (steady === null) return
  const { left, right } = chart.chartArea
  const y = placer(chart)(0, steady)[1]
  context.globalAlpha = 0.75
  context.lineWidth = 1
  context.setLineDash([5, 4])
  context.beginPath()
  context.moveTo(left, y)
  context.lineTo(right, y)
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
}

/** A diamond on the curve. */
function drawChange(
  chart: Chart,
  context: CanvasRenderingContext2D,
  points: readonly SeriesPoint[],
  x: number,
  palette: Palette,
): void {
  const point = points.find((candidate) => candidate.x >= x)
  const [first] = points
  if (point === undefined || first === undefined || first.x > x) return
  const [left, top] = placer(chart)(point.x, point.y)
  context.beginPath()
  context.moveTo(left, top - markSize)
  context.lineTo(left + markSize, top)
  context.lineTo(left, top + markSize)
  context.lineTo(left - markSize, top)
  context.closePath()
  context.fill()
  context.save()
  context.strokeStyle = palette.surface
  context.lineWidth = 1.5
  context.stroke()
  context.restore()
}

/** Pixels of a point; what a logarithmic axis cannot show is at its lower end. */
function placer(chart: Chart): (x: number, y: number) => [number, number] {
  const { x: xScale, y: yScale } = chart.scales
  const area: ChartArea = chart.chartArea
  if (xScale === undefined || yScale === undefined) return () => [area.left, area.bottom]
  const lowest = yScale.min
  return (x, y) => [xScale.getPixelForValue(x), yScale.getPixelForValue(Math.max(y, lowest))]
}
