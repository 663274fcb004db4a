'use strict'

const { Money } = require('./annuity')

const tolerance = new Money('1e-12')
const maxSteps = 40

/** Value and slope of a series of yearly cash flows at a discount factor, by Horner's rule. */
function valueAt(flows, discount) {
  let value = new Money(0)
  let slope = new Money(0)
  for (let year = flows.length - 1; year >= 0; year--) {
    slope = slope.times(discount).plus(value)
    value = value.times(discount).plus(flows[year])
  }
  return { value, slope }
}

/** The internal rate of return by Newton's iteration; undefined: the flows have none that it finds. */
function rateOfReturn(flows, guessPercent = 3) {
  let discount = new Money(1).dividedBy(new Money(1).plus(guessPercent / 100))
  for (let step = 1; step <= maxSteps; step++) {
    const { value, slope } = valueAt(flows, discount)
    if (slope.isZero()) return undefined
    const change = value.dividedBy(slope)
    discount = discount.minus(change)
    if (change.abs().lessThan(tolerance)) {
      return { percent: new Money(100).dividedBy(discount).minus(100), steps: step }
    }
  }
  return undefined
}

/** Macaulay duration and convexity at a rate, in years. */
function sensitivity(flows, ratePercent) {
  const discount = new Money(1).dividedBy(new Money(1).plus(new Money(ratePercent).dividedBy(100)))
  let price = new Money(0)
  let weighted = new Money(0)
  let squared = new Money(0)
  let factor = discount
  flows.forEach((flow, index) => {
    const year = index + 1
    const present = flow.times(factor)
    price = price.plus(present)
    weighted = weighted.plus(present.times(year))
    squared = squared.plus(present.times(year * (year + 1)))
    factor = factor.times(discount)
  })
  return {
    price: price.toDecimalPlaces(2),
    duration: weighted.dividedBy(price).toDecimalPlaces(4),
    convexity: squared.times(discount).times(discount).dividedBy(price).toDecimalPlaces(4),
  }
}

module.exports = { rateOfReturn, sensitivity }
