'use strict'

const { priceByTariff, products } = require('./tariff')

const inputs = {
  sum: { min: 0, max: 5_000_000, otherwise: 60_000 },
  age: { min: 0, max: 120, otherwise: 40 },
  zone: { min: 1, max: 4, otherwise: 2 },
  claims: { min: 0, max: 20, otherwise: 0 },
  years: { min: 0, max: 60, otherwise: 3 },
  instalments: { min: 1, max: 12, otherwise: 1 },
  objectAge: { min: 0, max: 200, otherwise: 10 },
  floor: { min: 0, max: 60, otherwise: 1 },
  alarm: { min: 0, max: 1, otherwise: 0 },
  heating: { min: 0, max: 3, otherwise: 1 },
  bicycles: { min: 0, max: 9, otherwise: 0 },
  power: { min: 10, max: 900, otherwise: 85 },
  distance: { min: 0, max: 200_000, otherwise: 12_000 },
  days: { min: 1, max: 365, otherwise: 14 },
  travellers: { min: 1, max: 12, otherwise: 2 },
  weeksAhead: { min: 0, max: 52, otherwise: 6 },
  excess: { min: 0, max: 5000, otherwise: 300 },
}

/** `GET /premiums`: what a product costs by its tariff, and every formula on the way. */
function premiums() {
  return {
    pattern: /^\/premiums$/,
    handle(query) {
      const given = {}
      for (const [name, limits] of Object.entries(inputs)) given[name] = query.number(name, limits)
      return priceByTariff(query.oneOf('product', products), given)
    },
  }
}

module.exports = { premiums }
