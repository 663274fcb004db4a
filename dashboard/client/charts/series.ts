import type { CurveAxis } from '../../api.ts'

/** What a chart is drawn over; request: of one process, from 1. */
export type ChartAxis = CurveAxis | 'request'

/** One line of a chart. */
export interface Series {
  readonly name: string
  /** Which of the `--series-N` colours, from 1. */
  readonly colour: number
  readonly points: readonly SeriesPoint[]
  /** A dashed level, ms; null: none. */
  readonly steady: number | null
  /** On the x axis. */
  readonly changepoints: readonly number[]
}

export interface SeriesPoint {
  readonly x: number
  readonly y: number
  /** Of a band around the line. */
  readonly low?: number
  readonly high?: number
}
