'use strict'

const { Annuity } = require('./annuity')
const { rateOfReturn, sensitivity } = require('./rate-of-return')

/** `GET /annuities/:years`: the instalments that a premium buys, and what they yield. */
function annuities() {
  return {
    pattern: /^\/annuities\/(\d+)$/,
    handle(query, id) {
      const premium = query.number('premium', { min: 1000, max: 1e9, otherwise: 100_000 })
      const annuity = new Annuity({
        premium,
        years: Math.max(1, Math.min(id, 60)),
        ratePercent: query.number('rate', { min: 0, max: 15, otherwise: 2.5 }),
        growthPercent: query.number('growth', { min: 0, max: 5, otherwise: 0 }),
        costPercent: query.number('costs', { min: 0, max: 10, otherwise: 3 }),
      })
      const rows = annuity.instalments()
      const payments = rows.map(({ payment }) => payment)
      const found = rateOfReturn([annuity.premium.negated(), ...payments])
      return {
        yield: found && { ...found, percent: found.percent.toFixed(6) },
        sensitivity: found && sensitivity(payments, found.percent),
        rows,
      }
    },
  }
}

module.exports = { annuities }
