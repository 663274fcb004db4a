import { formatDay } from './days.js'

/** Days of hourly readings as one line each, with the extremes and the trend of their means. */
export function summarise(readings) {
  const days = readings.map(summariseDay)
  return {
    days,
    warmest: days.reduce((best, day) => (day.maxC > best.maxC ? day : best)),
    wettest: days.reduce((best, day) => (day.rainMm > best.rainMm ? day : best)),
    trendCPerDay: round(slope(days.map(({ meanC }) => meanC)), 3),
  }
}

function summariseDay({ day, hours }) {
  const temperatures = hours.map(({ temperatureC }) => temperatureC)
  return {
    day: formatDay(day),
    minC: round(Math.min(...temperatures), 1),
    meanC: round(sum(temperatures) / temperatures.length, 1),
    maxC: round(Math.max(...temperatures), 1),
    rainMm: round(sum(hours.map(({ rainMm }) => rainMm)), 1),
    windMs: round(Math.max(...hours.map(({ windMs }) => windMs)), 1),
  }
}

/** Of the line that fits best: by how much the values rise from one to the next. */
export function slope(values) {
  const middle = (values.length - 1) / 2
  const mean = sum(values) / values.length
  const spread = sum(values.map((_, at) => (at - middle) ** 2))
  return spread === 0 ? 0 : sum(values.map((value, at) => (at - middle) * (value - mean))) / spread
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

export function round(value, digits) {
  return Number(value.toFixed(digits))
}
