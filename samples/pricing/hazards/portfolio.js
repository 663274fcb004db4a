'use strict'

const { createExcess } = require('./excesses')
const { returnPeriods } = require('./perils')
const { reinsure, weighted } = require('./reinsurance')

const roofs = ['tile', 'tile', 'metal', 'glass', 'thatch']
const severities = [0.001, 0.01, 0.05, 0.2]

/** Portfolios of buildings all over the country. */
function createPortfolios(random, count) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    buildings: Array.from({ length: 2 + random.below(4) }, () => createBuilding(random)),
  }))
}

function createBuilding(random) {
  const value = 100_000 + 5000 * random.below(600)
  return {
    latitude: 47 + random.below(8000) / 1000,
    longitude: 6 + random.below(9000) / 1000,
    floors: 1 + random.below(12),
    builtIn: 1900 + random.below(124),
    roof: random.pick(roofs),
    hasCellar: random.below(2) === 0,
    metresToWater: 20 + random.below(3000),
    metresToStation: 300 + random.below(9000),
    value,
    excess: createExcess(random, value),
  }
}

/** How often in a year an event lies between a return period and the next one. */
const frequencies = returnPeriods.points.map((period, index, { length }) => {
  const rarer = index + 1 < length ? 1 / returnPeriods.points[index + 1] : 0
  return 1 / period - rarer
})

/** By peril: what an event of the return period costs, and what is to be expected of a year. */
function riskMatrix(perils, { buildings }, period) {
  const total = buildings.reduce((sum, { value }) => sum + value, 0)
  return perils.map((peril) => {
    const counts = new Array(severities.length + 1).fill(0)
    const losses = returnPeriods.points.map(() => 0)
    let eventLoss = 0
    for (const building of buildings) {
      const hazard = peril.hazardOf(building)
      const loss = lossOf(peril, building, hazard, period)
      eventLoss += loss
      counts[severityOf(loss / building.value)] += 1
      returnPeriods.points.forEach((each, index) => {
        losses[index] += lossOf(peril, building, hazard, each)
      })
    }
    return {
      peril: peril.name,
      counts,
      eventLoss: Math.round(eventLoss),
      eventShare: Number((eventLoss / total).toFixed(5)),
      yearlyLoss: Math.round(weighted(losses, frequencies)),
      reinsurance: reinsure(losses, frequencies),
    }
  })
}

/** What the insurer pays for a building after an event. */
function lossOf(peril, building, hazard, period) {
  return building.excess.paid(building.value * peril.damage(hazard, period))
}

function severityOf(share) {
  const index = severities.findIndex((limit) => share <= limit)
  return index < 0 ? severities.length : index
}

module.exports = { createPortfolios, riskMatrix }
