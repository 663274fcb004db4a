'use strict'

const { holidays } = require('./holidays')

/** The business days of a place; the holidays of a year are found when it is first asked for. */
class BusinessDays {
  constructor(place) {
    this.holidays = holidays[place]
    this.serialsOfYear = new Map()
  }

  has(day) {
    const weekday = day.weekday
    if (weekday === 0 || weekday === 6) return false
    return !this.holidaysOf(day.year).includes(day.serial)
  }

  holidaysOf(year) {
    let serials = this.serialsOfYear.get(year)
    if (serials === undefined) {
      serials = this.holidays.map((holiday) => holiday.in(year).serial)
      this.serialsOfYear.set(year, serials)
    }
    return serials
  }

  following(day) {
    let next = day
    while (!this.has(next)) next = next.plusDays(1)
    return next
  }

  preceding(day) {
    let previous = day
    while (!this.has(previous)) previous = previous.plusDays(-1)
    return previous
  }

  /** `count` business days later, or earlier when it is negative. */
  plus(day, count) {
    const step = Math.sign(count)
    let reached = day
    for (let left = Math.abs(count); left > 0; left--) {
      reached = reached.plusDays(step)
      reached = step > 0 ? this.following(reached) : this.preceding(reached)
    }
    return reached
  }
}

/** What to do with a payment that is due on a day without business. */
const rolls = {
  unadjusted: (day) => day,
  following: (day, businessDays) => businessDays.following(day),
  preceding: (day, businessDays) => businessDays.preceding(day),
  modifiedFollowing(day, businessDays) {
    const next = businessDays.following(day)
    return next.month === day.month ? next : businessDays.preceding(day)
  },
}

module.exports = { BusinessDays, rolls }
