'use strict'

const Decimal = require('decimal.js')

const Money = Decimal.clone({ precision: 28, rounding: Decimal.ROUND_HALF_EVEN })
const one = new Money(1)

/** An annuity certain: a single premium is paid back in rising instalments with interest. */
class Annuity {
  constructor({ premium, years, ratePercent, growthPercent, costPercent }) {
    this.premium = new Money(premium)
    this.years = years
    this.rate = new Money(ratePercent).dividedBy(100)
    this.growth = new Money(growthPercent).dividedBy(100)
    this.costs = new Money(costPercent).dividedBy(100)
  }

  /** Of instalments that begin with 1, paid in arrears. */
  get presentValue() {
    const discount = one.dividedBy(one.plus(this.rate))
    let value = new Money(0)
    let weight = discount
    for (let year = 1; year <= this.years; year++) {
      value = value.plus(weight)
      weight = weight.times(discount).times(one.plus(this.growth))
    }
    return value
  }

  /** Every instalment is rounded to cents, half to even; the last one takes what that has left over. */
  instalments() {
    const invested = this.premium.times(one.minus(this.costs))
    const first = invested.dividedBy(this.presentValue)
    const rows = []
    let capital = invested
    let exact = first
    for (let year = 1; year <= this.years; year++) {
      const interest = capital.times(this.rate).toDecimalPlaces(2)
      const due = capital.plus(interest)
      const payment = year === this.years ? due : exact.toDecimalPlaces(2)
      capital = due.minus(payment)
      exact = exact.times(one.plus(this.growth))
      rows.push({ year, payment, interest, capital })
    }
    return rows
  }
}

module.exports = { Annuity, Money }
