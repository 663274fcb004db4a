import type { XRange } from './x-range.ts'

/** The user has zoomed or moved; null: all of the axis. */
export class RangeChange extends Event {
  static readonly type = 'range-change'
  readonly range: XRange | null

  constructor(range: XRange | null) {
    super(RangeChange.type)
    this.range = range
  }
}

/** The user has switched a series on or off. */
export class ToggleSeries extends Event {
  static readonly type = 'toggle-series'
  readonly series: string

  constructor(series: string) {
    super(ToggleSeries.type)
    this.series = series
  }
}
