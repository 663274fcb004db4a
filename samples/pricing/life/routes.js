'use strict'

const { HttpError } = require('../http-error')
const { Commutations, LifeTable } = require('./life-table')
const { priceProducts } = require('./products')
const { project } = require('./projection')

const sexes = ['female', 'male']
// Fixed, so that an answer does not depend on when it is asked for.
const thisYear = 2026

/** `GET /life-insurance/:age`: premiums, reserves and surrender values of all products at an age. */
function lifePremiums() {
  return {
    pattern: /^\/life-insurance\/(\d+)$/,
    handle(query, age) {
      const ratePercent = query.number('rate', { min: 0, max: 8, otherwise: 1 })
      const columns = new Commutations(tableFor(query, age), ratePercent, age)
      return priceProducts(columns, {
        age,
        years: query.whole('years', { min: 1, max: 30, otherwise: 20 }),
        sum: query.number('sum', { min: 1000, max: 1e8, otherwise: 100_000 }),
      })
    },
  }
}

/** `GET /projections/:age`: what contracts that begin at an age bring in scenarios of the interest rate. */
function projections() {
  return {
    pattern: /^\/projections\/(\d+)$/,
    handle(query, age) {
      const terms = {
        age,
        years: query.whole('years', { min: 1, max: 30, otherwise: 20 }),
        premium: query.number('premium', { min: 100, max: 1e6, otherwise: 2400 }),
        deathBenefit: query.number('deathBenefit', { min: 0, max: 1e8, otherwise: 50_000 }),
        ratePercent: query.number('rate', { min: 0, max: 8, otherwise: 2.5 }),
        guaranteePercent: query.number('guarantee', { min: 0, max: 4, otherwise: 0.25 }),
      }
      return project(tableFor(query, age), terms, {
        scenarios: query.whole('scenarios', { min: 1, max: 100, otherwise: 4 }),
        seed: query.whole('seed', { min: 0, max: 2 ** 31, otherwise: 1 }),
      })
    },
  }
}

function tableFor(query, age) {
  if (age > 80) throw new HttpError(400, 'The oldest who are insured are 80')
  return new LifeTable({
    sex: query.oneOf('sex', sexes),
    isSmoker: query.flag('smoker'),
    bornIn: thisYear - age,
  })
}

module.exports = { lifePremiums, projections, sexes }
