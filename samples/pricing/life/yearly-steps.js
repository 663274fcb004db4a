'use strict'

/** What happens to contracts within a year, in the order of `yearlySteps`, each changing a `State`. */
class InterestRates {
  constructor(random) {
    this.random = random
  }

  /** Returns to its mean, with noise, as Vasicek has it; the sum of four numbers is almost normal. */
  step(state) {
    let noise = -2
    for (let draw = 0; draw < 4; draw++) noise += this.random.below(10_000) / 10_000
    const mean = state.terms.ratePercent / 100
    state.interest += 0.25 * (mean - state.interest) + 0.011 * noise
    if (state.interest < -0.02) state.interest = -0.02
  }
}

class Premiums {
  step(state, year) {
    const { premium } = state.terms
    const paid = premium * state.inForce
    state.cashFlow += paid
    state.fund += paid * (year <= 5 ? 0.9 : 0.97)
    state.guaranteed += 0.85 * paid
  }
}

class Returns {
  step(state) {
    const credited = state.interest > 0.01 ? 0.01 + 0.9 * (state.interest - 0.01) : state.interest
    const earned = state.fund * credited
    state.cashFlow += state.fund * state.interest - earned
    state.fund += earned
    state.guaranteed *= 1 + state.terms.guaranteePercent / 100
  }
}

/** A good year fills the bonus reserve, from which contracts get some every third year. */
class Bonus {
  step(state, year) {
    const surplus = state.interest - state.terms.guaranteePercent / 100
    if (surplus > 0) state.bonus += 0.3 * surplus * state.fund
    if (year % 3 !== 0) return
    const declared = 0.5 * state.bonus
    state.bonus -= declared
    state.fund += declared
    state.guaranteed += 0.6 * declared
  }
}

class Deaths {
  constructor(table) {
    this.table = table
  }

  step(state, year) {
    const rate = this.table.deathRate(state.terms.age + year)
    const atDeath = Math.max(1.05 * state.fund, state.terms.deathBenefit * state.inForce)
    state.cashFlow -= rate * (atDeath - state.fund)
    state.shrink(1 - rate)
  }
}

/** The sum at risk above a retention is reinsured, at a price that rises with age. */
class RiskReinsurance {
  constructor(table) {
    this.table = table
  }

  step(state, year) {
    const atRisk = state.terms.deathBenefit * state.inForce - state.fund
    const ceded = Math.max(0, atRisk - 30_000)
    if (ceded === 0) return
    state.cashFlow -= 0.15 * ceded * this.table.deathRate(state.terms.age + year)
  }
}

class Lapses {
  step(state, year) {
    const base = year < 4 ? 0.06 : year < 10 ? 0.035 : 0.02
    const drawn = state.interest > 0.04 ? 1 + 12 * (state.interest - 0.04) : 1
    const rate = Math.min(0.4, base * drawn)
    const penalty = Math.max(0, 0.05 - 0.005 * year)
    state.cashFlow += rate * penalty * state.fund
    state.shrink(1 - rate)
  }
}

class Expenses {
  step(state, year) {
    const inflation = 1.019 ** year
    const fixed = 36 * inflation * state.inForce
    const commission = year === 1 ? 0.035 * state.terms.premium * state.terms.years : 0
    state.cashFlow -= fixed + commission + 0.0025 * state.fund
  }
}

/** Capital is held against the guarantee; what it costs is above what it earns. */
class SolvencyCapital {
  step(state) {
    const gap = Math.max(0, state.guaranteed - 0.9 * state.fund)
    const required = Math.sqrt((0.04 * state.fund) ** 2 + (0.25 * gap) ** 2)
    const released = state.capital - required
    state.cashFlow += released - 0.06 * required + state.interest * state.capital
    state.capital = required
  }
}

/** Losses are carried forward. */
class Taxes {
  step(state) {
    const income = state.cashFlow + state.carriedLoss
    if (income <= 0) {
      state.carriedLoss = income
      return
    }
    state.carriedLoss = 0
    state.cashFlow -= 0.3 * income
  }
}

class Maturity {
  step(state, year) {
    if (year !== state.terms.years) return
    state.cashFlow -= Math.max(0, state.guaranteed - state.fund)
    state.cashFlow += state.capital
    state.fund = Math.max(state.fund, state.guaranteed)
  }
}

function yearlySteps(random, table) {
  return [
    new InterestRates(random),
    new Premiums(),
    new Returns(),
    new Bonus(),
    new Deaths(table),
    new RiskReinsurance(table),
    new Lapses(),
    new Expenses(),
    new SolvencyCapital(),
    new Taxes(),
    new Maturity(),
  ]
}

module.exports = { yearlySteps }
