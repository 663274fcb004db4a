'use strict'

const { loanSchedules } = require('./calendar/route')
const { riskMatrices } = require('./hazards/route')
const { lifePremiums, projections } = require('./life/routes')
const { annuities } = require('./money/route')
const { policyChanges } = require('./policies/route')
const { seededRandom } = require('./seeded-random')
const { premiums } = require('./tariffs/route')
const { decisions } = require('./underwriting/route')

/** How many applicants, loans, policies and portfolios there are; their ids begin with 1. */
const entryCount = 200

/**
 * Every route, `{ pattern, handle(query, id) }`, over data that are generated here: the same request has
 * the same answer in every process.
 */
function createRoutes() {
  const random = seededRandom(11)
  return [
    { pattern: /^\/healthz$/, handle: () => ({ status: 'ok' }) },
    decisions(random, entryCount),
    loanSchedules(random, entryCount),
    annuities(),
    premiums(),
    policyChanges(random, entryCount),
    lifePremiums(),
    projections(),
    riskMatrices(random, entryCount),
  ]
}

module.exports = { createRoutes, entryCount }
