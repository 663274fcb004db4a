'use strict'

const { HttpError } = require('./http-error')

/** Reads the parameters of a query string, each with a default; a wrong one is a 400. */
class Query {
  constructor(parameters) {
    this.parameters = parameters
  }

  number(name, { min, max, otherwise }) {
    const text = this.parameters.get(name)
    if (text === null) return otherwise
    const value = Number(text)
    if (value >= min && value <= max) return value
    throw new HttpError(400, `${name} must be a number from ${min} to ${max}`)
  }

  whole(name, limits) {
    const value = this.number(name, limits)
    if (Number.isInteger(value)) return value
    throw new HttpError(400, `${name} must be a whole number`)
  }

  oneOf(name, choices) {
    const value = this.parameters.get(name)
    if (value === null) return choices[0]
    if (choices.includes(value)) return value
    throw new HttpError(400, `${name} must be one of ${choices.join(', ')}`)
  }

  flag(name) {
    return this.oneOf(name, ['no', 'yes']) === 'yes'
  }
}

module.exports = { Query }
