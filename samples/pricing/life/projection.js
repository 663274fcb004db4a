'use strict'

const { seededRandom } = require('../seeded-random')
const { yearlySteps } = require('./yearly-steps')

/** Contracts of one kind in one scenario, per contract sold. */
class State {
  constructor(terms) {
    this.terms = terms
    this.inForce = 1
    this.fund = 0
    this.guaranteed = 0
    this.bonus = 0
    this.capital = 0
    this.carriedLoss = 0
    this.interest = terms.ratePercent / 100
    this.cashFlow = 0
  }

  /** Some of the contracts have ended. */
  shrink(share) {
    this.inForce *= share
    this.fund *= share
    this.guaranteed *= share
    this.bonus *= share
  }
}

/** Cash flows of the insurer in scenarios of the interest rate: their present values and quantiles. */
function project(table, terms, { scenarios, seed }) {
  const steps = yearlySteps(seededRandom(seed), table)
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
