'use strict'

/** The points at which a table is given, in rising order. */
class Axis {
  constructor(points) {
    this.points = points
  }

  /** The index of the interval that a value lies in; beyond an end, that of the end. */
  intervalOf(value) {
    const { points } = this
    let low = 0
    let high = points.length - 2
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (points[middle] <= value) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Where in an interval a value lies, from 0 to 1. */
  shareOf(value, interval) {
    const from = this.points[interval]
    const share = (value - from) / (this.points[interval + 1] - from)
    return share < 0 ? 0 : share > 1 ? 1 : share
  }
}

class LinearCurve {
  constructor(axis, values) {
    this.axis = axis
    this.values = values
  }

  at(value) {
    const interval = this.axis.intervalOf(value)
    const share = this.axis.shareOf(value, interval)
    return this.values[interval] + share * (this.values[interval + 1] - this.values[interval])
  }
}

class StepCurve extends LinearCurve {
  at(value) {
    const interval = this.axis.intervalOf(value)
    return this.values[this.axis.shareOf(value, interval) < 1 ? interval : interval + 1]
  }
}

/** Cubic, and never above or below its points: slopes after Fritsch and Carlson. */
class MonotoneCurve extends LinearCurve {
  constructor(axis, values) {
    super(axis, values)
    this.slopes = values.map((_, index) => this.slopeAt(index))
  }

  slopeAt(index) {
    const last = this.values.length - 1
    if (index === 0) return this.secant(0)
    if (index === last) return this.secant(last - 1)
    const before = this.secant(index - 1)
    const after = this.secant(index)
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after)
  }

  secant(index) {
    const { points } = this.axis
    return (this.values[index + 1] - this.values[index]) / (points[index + 1] - points[index])
  }

  at(value) {
    const interval = this.axis.intervalOf(value)
    const t = this.axis.shareOf(value, interval)
    const width = this.axis.points[interval + 1] - this.axis.points[interval]
    const rest = 1 - t
    return (
      (1 + 2 * t) * rest * rest * this.values[interval] +
      t * rest * rest * width * this.slopes[interval] +
      t * t * (3 - 2 * t) * this.values[interval + 1] -
      t * t * rest * width * this.slopes[interval + 1]
    )
  }
}

/** A table over two axes, linear between its points. */
class Surface {
  constructor(rows, columns, values) {
    this.rows = rows
    this.columns = columns
    this.values = values
  }

  at(row, column) {
    const i = this.rows.intervalOf(row)
    const j = this.columns.intervalOf(column)
    const down = this.rows.shareOf(row, i)
    const across = this.columns.shareOf(column, j)
    const upper = this.between(i, j, across)
    return upper + down * (this.between(i + 1, j, across) - upper)
  }

  between(i, j, share) {
    const width = this.columns.points.length
    const left = this.values[i * width + j]
    return left + share * (this.values[i * width + j + 1] - left)
  }
}

module.exports = { Axis, LinearCurve, MonotoneCurve, StepCurve, Surface }
