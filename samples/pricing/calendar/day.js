'use strict'

// Years are counted from March here: a leap day is then the last day of its year.
const daysBeforeMonth = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337]
const daysOf400Years = 146_097
const daysToEpoch = 719_468

/** A date of the Gregorian calendar without a time; `serial` counts days from 1970-01-01. */
class Day {
  constructor(year, month, day, serial) {
    this.year = year
    this.month = month
    this.day = day
    this.serial = serial
  }

  /** A day beyond the end of its month is that end. */
  static of(year, month, day) {
    const kept = Math.min(day, daysInMonth(year, month))
    return new Day(year, month, kept, serialOf(year, month, kept))
  }

  static ofSerial(serial) {
    const shifted = serial + daysToEpoch
    const era = Math.floor(shifted / daysOf400Years)
    const dayOfEra = shifted - era * daysOf400Years
    const yearOfEra = Math.floor(
      (dayOfEra -
        Math.floor(dayOfEra / 1460) +
        Math.floor(dayOfEra / 36_524) -
        Math.floor(dayOfEra / 146_096)) /
        365,
    )
    const dayOfYear = dayOfEra - daysOfYears(yearOfEra)
    const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
    const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    const year = yearOfEra + 400 * era + (month <= 2 ? 1 : 0)
    return new Day(year, month, dayOfYear - daysBeforeMonth[monthFromMarch] + 1, serial)
  }

  /** From 0, Sunday, to 6. */
  get weekday() {
    return (((this.serial + 4) % 7) + 7) % 7
  }

  get isEndOfMonth() {
    return this.day === daysInMonth(this.year, this.month)
  }

  plusDays(count) {
    return Day.ofSerial(this.serial + count)
  }

  plusMonths(count) {
    const months = 12 * this.year + this.month - 1 + count
    return Day.of(Math.floor(months / 12), (months % 12) + 1, this.day)
  }

  isBefore(other) {
    return this.serial < other.serial
  }

  toString() {
    const month = this.month < 10 ? `0${this.month}` : this.month
    const day = this.day < 10 ? `0${this.day}` : this.day
    return `${this.year}-${month}-${day}`
  }

  toJSON() {
    return this.toString()
  }
}

function serialOf(year, month, day) {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const monthFromMarch = month > 2 ? month - 3 : month + 9
  const dayOfEra = daysOfYears(shiftedYear - 400 * era) + daysBeforeMonth[monthFromMarch] + day - 1
  return era * daysOf400Years + dayOfEra - daysToEpoch
}

function daysOfYears(count) {
  return 365 * count + Math.floor(count / 4) - Math.floor(count / 100)
}

function isLeapYear(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function daysInMonth(year, month) {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

module.exports = { Day, isLeapYear }
