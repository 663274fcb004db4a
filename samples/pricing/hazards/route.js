'use strict'

const { findEntry } = require('../find-entry')
const { createPerils } = require('./perils')
const { createPortfolios, riskMatrix } = require('./portfolio')

/** `GET /portfolios/:id/risk-matrix`: what an event of a return period costs, by peril and severity. */
function riskMatrices(random, count) {
  const perils = createPerils(random)
  const portfolios = createPortfolios(random, count)
  return {
    pattern: /^\/portfolios\/(\d+)\/risk-matrix$/,
    handle(query, id) {
      return riskMatrix(
        perils,
        findEntry(portfolios, id),
        query.number('period', { min: 1, max: 1000, otherwise: 100 }),
      )
    },
  }
}

module.exports = { riskMatrices }
