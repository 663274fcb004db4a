'use strict'

const { Day, isLeapYear } = require('./day')

/** Day-count conventions: which fraction of a year lies between two days. */
const dayCounts = {
  'actual/actual': actualActual,
  'actual/360': (from, to) => (to.serial - from.serial) / 360,
  'actual/365': (from, to) => (to.serial - from.serial) / 365,
  '30/360': (from, to) => {
    const fromDay = Math.min(from.day, 30)
    const toDay = fromDay === 30 ? Math.min(to.day, 30) : to.day
    return thirty360(from, to, fromDay, toDay)
  },
  '30E/360': (from, to) => thirty360(from, to, Math.min(from.day, 30), Math.min(to.day, 30)),
  '30E/360 ISDA': (from, to) =>
    thirty360(from, to, from.isEndOfMonth ? 30 : from.day, to.isEndOfMonth ? 30 : to.day),
}

function thirty360(from, to, fromDay, toDay) {
  const months = 12 * (to.year - from.year) + to.month - from.month
  return (30 * months + toDay - fromDay) / 360
}

/** Days in leap years count as 1/366, others as 1/365. */
function actualActual(from, to) {
  let fraction = 0
  let start = from
  while (start.year < to.year) {
    const newYear = Day.of(start.year + 1, 1, 1)
    fraction += (newYear.serial - start.serial) / yearLength(start.year)
    start = newYear
  }
  return fraction + (to.serial - start.serial) / yearLength(to.year)
}

function yearLength(year) {
  return isLeapYear(year) ? 366 : 365
}

module.exports = { dayCounts }
