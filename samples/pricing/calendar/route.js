'use strict'

const { findEntry } = require('../find-entry')
const { rolls } = require('./business-days')
const { Day } = require('./day')
const { dayCounts } = require('./day-counts')
const { holidays } = require('./holidays')
const loans = require('./loan-schedule')

const choices = {
  places: Object.keys(holidays),
  rolls: Object.keys(rolls),
  dayCounts: Object.keys(dayCounts),
}

/** `GET /loans/:id/schedule`: the payments of a loan, and the interest that has built up by a day. */
function loanSchedules(random, count) {
  const entries = loans.createLoans(random, count)
  return {
    pattern: /^\/loans\/(\d+)\/schedule$/,
    handle(query, id) {
      const loan = findEntry(entries, id)
      const terms = {
        place: query.oneOf('place', choices.places),
        roll: query.oneOf('roll', choices.rolls),
        dayCount: query.oneOf('dayCount', choices.dayCounts),
        paymentsPerYear: Number(query.oneOf('perYear', ['4', '1', '2', '12'])),
      }
      const afterDays = query.whole('afterDays', { min: 0, max: 10_000, otherwise: 400 })
      const on = loan.start.plusDays(afterDays)
      const payments = loans.loanSchedule(loan, terms)
      return {
        loan: id,
        interestCents: loans.totalInterest(payments),
        accrued: { on, ...loans.accruedInterest(loan, payments, { on, ...terms }) },
        payments,
      }
    },
  }
}

module.exports = { choices, loanSchedules }
