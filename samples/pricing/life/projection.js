'use strict'

const { seededRandom } = require('../seeded-random')

/** The state of one contract in one scenario, per contract sold. */
class State {
  constructor(terms) {
    this.terms = terms
    this.inForce = 1
    this.fund = 0
    this.guaranteed = 0
    this.interest = terms.ratePercent / 100
    this.cashFlow = 0
  }
}

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
    const { premium, years } = state.terms
    const paid = year <= years ? premium * state.inForce : 0
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

class Deaths {
  constructor(table) {
    this.table = table
  }

  step(state, year) {
    const rate = this.table.deathRate(state.terms.age + year)
    const atDeath = Math.max(1.05 * state.fund, state.terms.deathBenefit * state.inForce)
    state.cashFlow -= rate * (atDeath - state.fund)
    shrink(state, 1 - rate)
  }
}

class Lapses {
  step(state, year) {
    const base = year < 4 ? 0.06 : year < 10 ? 0.035 : 0.02
    const drawn = state.interest > 0.04 ? 1 + 12 * (state.interest - 0.04) : 1
    const rate = Math.min(0.4, base * drawn)
    const penalty = Math.max(0, 0.05 - 0.005 * year)
    state.cashFlow += rate * penalty * state.fund
    shrink(state, 1 - rate)
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

class Maturity {
  step(state, year) {
    if (year !== state.terms.years) return
    state.cashFlow -= Math.max(0, state.guaranteed - state.fund)
    state.fund = Math.max(state.fund, state.guaranteed)
  }
}

function shrink(state, share) {
  state.inForce *= share
  state.fund *= share
  state.guaranteed *= share
}

/** Cash flows of the insurer in scenarios of the interest rate: their present values and quantiles. */
function project(table, terms, { scenarios, seed }) {
  const random = seededRandom(seed)
  const steps = [
    new InterestRates(random),
    new Premiums(),
    new Returns(),
    new Deaths(table),
    new Lapses(),
    new Expenses(),
    new Maturity(),
  ]
  const presentValues = new Float64Array(scenarios)
  const meanFlows = new Float64Array(terms.years)
  for (let scenario = 0; scenario < scenarios; scenario++) {
    presentValues[scenario] = runScenario(steps, terms, meanFlows)
  }
  const sorted = presentValues.toSorted()
  return {
    mean: rounded(presentValues.reduce((sum, value) => sum + value, 0) / scenarios),
    quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => rounded(quantile(sorted, share))),
    shortfall: rounded(expectedShortfall(sorted, 0.2)),
    meanFlows: Array.from(meanFlows, (flow) => rounded(flow / scenarios)),
  }
}

function runScenario(steps, terms, meanFlows) {
  const state = new State(terms)
  let discount = 1
  let value = 0
  for (let year = 1; year <= terms.years; year++) {
    state.cashFlow = 0
    for (const step of steps) step.step(state, year)
    discount /= 1 + state.interest
    value += discount * state.cashFlow
    meanFlows[year - 1] += state.cashFlow
  }
  return value
}

function quantile(sorted, share) {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}

/** Mean of the worst share of the outcomes. */
function expectedShortfall(sorted, share) {
  const count = Math.max(1, Math.floor(share * sorted.length))
  return sorted.subarray(0, count).reduce((sum, value) => sum + value, 0) / count
}

function rounded(value) {
  return Math.round(100 * value) / 100
}

module.exports = { project }
