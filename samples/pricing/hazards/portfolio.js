'use strict'

const { returnPeriods } = require('./perils')

const roofs = ['tile', 'tile', 'metal', 'glass', 'thatch']
const severities = [0.001, 0.01, 0.05, 0.2]

/** Portfolios of buildings all over the country. */
function createPortfolios(random, count) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    buildings: Array.from({ length: 6 + random.below(8) }, (_, number) => ({
      number: number + 1,
      latitude: 47 + random.below(8000) / 1000,
      longitude: 6 + random.below(9000) / 1000,
      floors: 1 + random.below(12),
      builtIn: 1900 + random.below(124),
      roof: random.pick(roofs),
      hasCellar: random.below(2) === 0,
      metresToWater: 20 + random.below(3000),
      metresToStation: 300 + random.below(9000),
      value: 100_000 + 5000 * random.below(600),
    })),
  }))
}

/** The loss of a building in an event, after its excess. */
function lossOf(peril, building, period, excessPercent) {
  const damage = building.value * peril.damageTo(building, period)
  return Math.max(0, damage - (building.value * excessPercent) / 100)
}

/** Expected yearly loss: the losses of events, weighted by how often they are exceeded. */
function yearlyLoss(peril, building, excessPercent) {
  const { points } = returnPeriods
  let loss = 0
  let previous = lossOf(peril, building, points[0], excessPercent)
  for (let index = 1; index < points.length; index++) {
    const current = lossOf(peril, building, points[index], excessPercent)
    const frequency = 1 / points[index - 1] - 1 / points[index]
    loss += (frequency * (previous + current)) / 2
    previous = current
  }
  return loss
}

/** Counts the buildings of each peril by the severity of an event of the return period. */
function riskMatrix(perils, portfolio, { period, excessPercent }) {
  const total = portfolio.buildings.reduce((sum, { value }) => sum + value, 0)
  return perils.map((peril) => {
    const counts = new Array(severities.length + 1).fill(0)
    let eventLoss = 0
    let expected = 0
    for (const building of portfolio.buildings) {
      const loss = lossOf(peril, building, period, excessPercent)
      eventLoss += loss
      expected += yearlyLoss(peril, building, excessPercent)
      counts[severityOf(loss / building.value)] += 1
    }
    return {
      peril: peril.name,
      counts,
      eventLoss: Math.round(eventLoss),
      eventShare: Number((eventLoss / total).toFixed(5)),
      yearlyLoss: Math.round(expected),
    }
  })
}

function severityOf(share) {
  const index = severities.findIndex((limit) => share <= limit)
  return index < 0 ? severities.length : index
}

module.exports = { createPortfolios, riskMatrix }
