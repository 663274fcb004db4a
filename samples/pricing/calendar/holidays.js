'use strict'

const { Day } = require('./day')

class FixedHoliday {
  constructor(month, day) {
    this.month = month
    this.day = day
  }

  in(year) {
    return Day.of(year, this.month, this.day)
  }
}

/** A holiday at the weekend is kept on the next working day. */
class ObservedHoliday extends FixedHoliday {
  in(year) {
    const day = super.in(year)
    if (day.weekday === 6) return day.plusDays(2)
    return day.weekday === 0 ? day.plusDays(1) : day
  }
}

class EasterHoliday {
  constructor(offsetDays) {
    this.offsetDays = offsetDays
  }

  in(year) {
    return easterSunday(year).plusDays(this.offsetDays)
  }
}

/** The nth such weekday of a month; from its end when n is negative. */
class WeekdayHoliday {
  constructor(month, weekday, nth) {
    this.month = month
    this.weekday = weekday
    this.nth = nth
  }

  in(year) {
    if (this.nth > 0) {
      const first = Day.of(year, this.month, 1)
      return first.plusDays(((this.weekday - first.weekday + 7) % 7) + 7 * (this.nth - 1))
    }
    const last = Day.of(year, this.month, 31)
    return last.plusDays(-((last.weekday - this.weekday + 7) % 7) + 7 * (this.nth + 1))
  }
}

/** Gregorian Easter, after Butcher. */
function easterSunday(year) {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const corrected = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25)
  const epact = (19 * golden + corrected + 15) % 30
  const leaps = 32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)
  const weekday = leaps % 7
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const days = epact + weekday - 7 * late + 114
  return Day.of(year, Math.floor(days / 31), (days % 31) + 1)
}

const holidays = {
  target: [
    new FixedHoliday(1, 1),
    new EasterHoliday(-2),
    new EasterHoliday(1),
    new FixedHoliday(5, 1),
    new FixedHoliday(12, 25),
    new FixedHoliday(12, 26),
  ],
  london: [
    new ObservedHoliday(1, 1),
    new EasterHoliday(-2),
    new EasterHoliday(1),
    new WeekdayHoliday(5, 1, 1),
    new WeekdayHoliday(5, 1, -1),
    new WeekdayHoliday(8, 1, -1),
    new ObservedHoliday(12, 25),
    new ObservedHoliday(12, 26),
  ],
  newYork: [
    new ObservedHoliday(1, 1),
    new WeekdayHoliday(1, 1, 3),
    new WeekdayHoliday(2, 1, 3),
    new WeekdayHoliday(5, 1, -1),
    new ObservedHoliday(6, 19),
    new ObservedHoliday(7, 4),
    new WeekdayHoliday(9, 1, 1),
    new WeekdayHoliday(10, 1, 2),
    new ObservedHoliday(11, 11),
    new WeekdayHoliday(11, 4, 4),
    new ObservedHoliday(12, 25),
  ],
}

module.exports = { holidays }
