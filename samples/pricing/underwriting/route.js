'use strict'

const { findEntry } = require('../find-entry')
const { createApplicants } = require('./applicants')
const { Facts, decide, highestAccepted } = require('./decision')
const { createRules } = require('./rules')

const products = ['life', 'disability', 'accident']
// Fixed, so that an answer does not depend on when it is asked for.
const thisYear = 2026

/** `GET /applicants/:id/decision`: what the rules say to an application, and up to which sum. */
function decisions(random, count) {
  const rules = createRules()
  const applicants = createApplicants(random, count)
  return {
    pattern: /^\/applicants\/(\d+)\/decision$/,
    handle(query, id) {
      const applicant = findEntry(applicants, id)
      const application = {
        product: query.oneOf('product', products),
        sum: query.whole('sum', { min: 1000, max: 5_000_000, otherwise: 100_000 }),
        years: query.whole('years', { min: 1, max: 60, otherwise: 20 }),
        thisYear,
      }
      return {
        applicant: id,
        ruleCount: rules.length,
        decision: decide(rules, new Facts(applicant, application)),
        highestSum: highestAccepted(rules, applicant, application),
      }
    },
  }
}

module.exports = { decisions, products }
