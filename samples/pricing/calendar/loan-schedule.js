'use strict'

const { BusinessDays, rolls } = require('./business-days')
const { Day } = require('./day')
const { dayCounts } = require('./day-counts')

const noticeBusinessDays = -3

/** The payments of a loan on a policy, its principal paid back in equal parts. */
function loanSchedule(loan, { place, roll, dayCount, paymentsPerYear }) {
  const businessDays = new BusinessDays(place)
  const fractionBetween = dayCounts[dayCount]
  const payments = []
  const count = loan.years * paymentsPerYear
  const partCents = Math.round(loan.principalCents / count)
  let balanceCents = loan.principalCents
  let previous = loan.start
  for (let number = 1; number <= count; number++) {
    const due = loan.start.plusMonths((12 / paymentsPerYear) * number)
    const paidOn = rolls[roll](due, businessDays)
    const fraction = fractionBetween(previous, paidOn)
    const interestCents = Math.round((balanceCents * loan.rateBasisPoints * fraction) / 10_000)
    const principalCents = number === count ? balanceCents : partCents
    const noticeOn = businessDays.plus(paidOn, noticeBusinessDays)
    payments.push({ number, due, paidOn, noticeOn, interestCents, principalCents, balanceCents })
    balanceCents -= principalCents
    previous = paidOn
  }
  return payments
}

/** Interest that has built up since the last payment before a day. */
function accruedInterest(loan, payments, { on, dayCount }) {
  const open = payments.find(({ paidOn }) => on.isBefore(paidOn))
  if (open === undefined || on.isBefore(loan.start)) return { accruedCents: 0, openCents: 0 }
  const from = open.number === 1 ? loan.start : payments[open.number - 2].paidOn
  const fraction = dayCounts[dayCount](from, on)
  const accruedCents = Math.round((open.balanceCents * loan.rateBasisPoints * fraction) / 10_000)
  return { accruedCents, openCents: open.balanceCents }
}

function totalInterest(payments) {
  return payments.reduce((total, { interestCents }) => total + interestCents, 0)
}

function createLoans(random, count) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    start: Day.of(2019 + random.below(8), 1 + random.below(12), 1 + random.below(31)),
    years: 1 + random.below(4),
    principalCents: 100_000 * (5 + random.below(200)),
    rateBasisPoints: 150 + 5 * random.below(90),
  }))
}

module.exports = { accruedInterest, createLoans, loanSchedule, totalInterest }
