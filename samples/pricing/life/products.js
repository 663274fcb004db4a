'use strict'

const { maxAge } = require('./life-table')

const acquisitionShare = 0.025
const yearlyCost = 0.0018
const premiumCost = 0.03

/** The years of which values are quoted. */
const quotedYears = [1, 2, 3, 5, 10, 15, 20, 25, 30]

/** A life insurance product: its subclasses know what it pays, in units of the sum insured. */
class Product {
  constructor(columns, age, years) {
    this.columns = columns
    this.age = age
    this.years = years
  }

  get netPremium() {
    return this.benefitsAt(0) / this.columns.annuity(this.age, this.years)
  }

  /** With the costs, by equivalence of what is paid and what is received. */
  get grossPremium() {
    const { columns, age, years } = this
    const costs = acquisitionShare + yearlyCost * columns.annuity(age, this.lifetime)
    return (this.benefitsAt(0) + costs) / ((1 - premiumCost) * columns.annuity(age, years))
  }

  get lifetime() {
    return this.years
  }

  /** The prospective reserve at the end of a year. */
  reserveAt(year) {
    const left = this.years - year
    const premiums = left > 0 ? this.columns.annuity(this.age + year, left) : 0
    return this.benefitsAt(year) - this.netPremium * premiums
  }

  /** After Zillmer: acquisition costs are paid back from the premiums. */
  surrenderValueAt(year) {
    const open = this.columns.annuity(this.age + year, Math.max(1, this.years - year))
    const share = open / this.columns.annuity(this.age, this.years)
    return Math.max(0, 0.98 * (this.reserveAt(year) - acquisitionShare * share))
  }
}

class TermAssurance extends Product {
  benefitsAt(year) {
    return this.columns.assurance(this.age + year, this.years - year)
  }
}

class Endowment extends Product {
  benefitsAt(year) {
    const age = this.age + year
    const left = this.years - year
    return this.columns.assurance(age, left) + this.columns.endowment(age, left)
  }
}

class WholeLife extends Product {
  get lifetime() {
    return maxAge - this.age
  }

  benefitsAt(year) {
    return this.columns.assurance(this.age + year, maxAge - this.age - year)
  }
}

/** Pays a twentieth of the sum each year after the premiums have ended. */
class DeferredAnnuity extends Product {
  get lifetime() {
    return maxAge - this.age
  }

  benefitsAt(year) {
    const age = this.age + year
    const left = Math.max(0, this.years - year)
    const start = age + left
    const atStart = this.columns.annuity(start, maxAge - start) / 20
    return this.columns.endowment(age, left) * atStart
  }
}

/** An endowment that pays a quarter of the sum at each quarter of its years, whole at death. */
class StagedEndowment extends Product {
  benefitsAt(year) {
    const { columns } = this
    const age = this.age + year
    let value = columns.assurance(age, this.years - year)
    for (let stage = 1; stage <= 4; stage++) {
      const due = Math.round((this.years * stage) / 4)
      if (due > year) value += columns.endowment(age, due - year) / 4
    }
    return value
  }
}

const lifeProducts = {
  term: TermAssurance,
  endowment: Endowment,
  wholeLife: WholeLife,
  annuity: DeferredAnnuity,
  staged: StagedEndowment,
}

/** Premium, reserves and surrender values of every product for a person. */
function priceProducts(columns, { age, years, sum }) {
  return Object.entries(lifeProducts).map(([name, LifeProduct]) => {
    const product = new LifeProduct(columns, age, years)
    const values = quotedYears
      .filter((year) => year <= years)
      .map((year) => ({
        year,
        reserveCents: inCents(sum, product.reserveAt(year)),
        surrenderCents: inCents(sum, product.surrenderValueAt(year)),
      }))
    return {
      product: name,
      netPremiumCents: inCents(sum, product.netPremium),
      grossPremiumCents: inCents(sum, product.grossPremium),
      values,
    }
  })
}

function inCents(sum, share) {
  return Math.round(100 * sum * share)
}

module.exports = { priceProducts }
