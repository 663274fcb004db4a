'use strict'

const maxAge = 115

/** Mortality after Gompertz and Makeham, with the fall of mortality since the table was made. */
class LifeTable {
  constructor({ sex, isSmoker, bornIn }) {
    this.level = sex === 'female' ? 2.1e-5 : 3.4e-5
    this.growth = sex === 'female' ? 1.103 : 1.099
    this.accidents = isSmoker ? 9e-4 : 4e-4
    this.smoking = isSmoker ? 1.9 : 1
    this.bornIn = bornIn
  }

  /** The probability to die between one birthday and the next. */
  deathRate(age) {
    if (age >= maxAge) return 1
    const force = this.accidents + this.level * this.growth ** age * this.smokingAt(age)
    const rate = 1 - Math.exp(-force * this.improvement(age))
    return rate > 1 ? 1 : rate
  }

  smokingAt(age) {
    const fading = age > 70 ? (age - 70) / 45 : 0
    return 1 + (this.smoking - 1) * (1 - fading)
  }

  improvement(age) {
    const years = this.bornIn + age - 2010
    const yearly = age < 60 ? 0.018 : age < 85 ? 0.012 : 0.004
    return years > 0 ? (1 - yearly) ** Math.min(years, 40) : 1
  }
}

/** Commutation columns: living and dying, discounted to the first age. */
class Commutations {
  constructor(table, ratePercent, firstAge) {
    this.discount = 1 / (1 + ratePercent / 100)
    this.living = new Float64Array(maxAge + 2)
    this.dying = new Float64Array(maxAge + 2)
    this.sumOfLiving = new Float64Array(maxAge + 2)
    this.sumOfDying = new Float64Array(maxAge + 2)
    this.fill(table, firstAge)
    this.accumulate(firstAge)
  }

  fill(table, firstAge) {
    let alive = 100_000
    let factor = 1
    for (let age = firstAge; age <= maxAge; age++) {
      const deaths = alive * table.deathRate(age)
      this.living[age] = alive * factor
      this.dying[age] = deaths * factor * this.discount
      alive -= deaths
      factor *= this.discount
    }
  }

  accumulate(firstAge) {
    for (let age = maxAge; age >= firstAge; age--) {
      this.sumOfLiving[age] = this.sumOfLiving[age + 1] + this.living[age]
      this.sumOfDying[age] = this.sumOfDying[age + 1] + this.dying[age]
    }
  }

  /** Value of 1 at the beginning of each of so many years of life. */
  annuity(age, years) {
    const end = Math.min(age + years, maxAge + 1)
    return (this.sumOfLiving[age] - this.sumOfLiving[end]) / this.living[age]
  }

  /** Value of 1 at death within so many years. */
  assurance(age, years) {
    const end = Math.min(age + years, maxAge + 1)
    return (this.sumOfDying[age] - this.sumOfDying[end]) / this.living[age]
  }

  /** Value of 1 for who lives to the end of so many years. */
  endowment(age, years) {
    return this.living[Math.min(age + years, maxAge + 1)] / this.living[age]
  }
}

module.exports = { Commutations, LifeTable, maxAge }
