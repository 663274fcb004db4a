'use strict'

const { Axis, LinearCurve, MonotoneCurve, StepCurve, Surface } = require('./curves')

const returnPeriods = new Axis([5, 25, 100, 500])
const latitudes = new Axis([47, 48, 49, 50, 51, 52, 53, 54, 55])
const longitudes = new Axis([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])

/** A peril: how strong an event of a return period is at a place, and what it does to a building. */
class Peril {
  constructor(random, { name, strongest, curve }) {
    this.name = name
    this.exposure = createExposure(random)
    this.strength = createStrength(random, strongest)
    this.vulnerability = createVulnerability(random, curve)
  }

  /** How much a place and its building make of an event. */
  hazardOf(building) {
    return this.modify(this.exposure.at(building.latitude, building.longitude), building)
  }

  /** Share of its value that a building loses. */
  damage(hazard, period) {
    return this.vulnerability.at(hazard * this.strength.at(period))
  }

  modify(exposure) {
    return exposure
  }
}

class Storm extends Peril {
  modify(exposure, { floors }) {
    return exposure * (1 + 0.03 * (floors - 2)) ** 0.8
  }
}

class Flood extends Peril {
  modify(exposure, { metresToWater, hasCellar }) {
    const reach = Math.exp(-metresToWater / 400)
    return exposure * reach * (hasCellar ? 1.25 : 1)
  }
}

class Hail extends Peril {
  modify(exposure, { roof }) {
    return exposure * (roof === 'glass' ? 1.6 : roof === 'tile' ? 1 : 0.7)
  }
}

class Earthquake extends Peril {
  modify(exposure, { builtIn, floors }) {
    const code = builtIn < 1957 ? 1.5 : builtIn < 1981 ? 1.2 : 0.8
    return exposure * exposure * code * (1 + 0.05 * floors)
  }
}

class Fire extends Peril {
  modify(exposure, { roof, metresToStation }) {
    const late = metresToStation > 3000 ? 1 + 0.1 * Math.log(metresToStation / 3000) : 1
    return 0.5 * (1 + exposure) * late * (roof === 'thatch' ? 2.2 : 1)
  }
}

function createExposure(random) {
  const count = latitudes.points.length * longitudes.points.length
  const values = Float64Array.from({ length: count }, () => 0.3 + random.below(1000) / 1000)
  return new Surface(latitudes, longitudes, values)
}

function createStrength(random, strongest) {
  let reached = 0
  const values = returnPeriods.points.map(() => (reached += 10 + random.below(90)))
  return new MonotoneCurve(
    returnPeriods,
    values.map((value) => (value / reached) * strongest),
  )
}

function createVulnerability(random, Curve) {
  const strengths = new Axis([0, 10, 20, 35, 50, 70, 90, 120])
  let reached = 0
  const values = strengths.points.map((_, index) => {
    if (index > 0) reached = Math.min(1, reached + (index * random.below(100)) / 1500)
    return reached
  })
  return new Curve(strengths, values)
}

function createPerils(random) {
  return [
    new Storm(random, { name: 'storm', strongest: 62, curve: MonotoneCurve }),
    new Flood(random, { name: 'flood', strongest: 95, curve: MonotoneCurve }),
    new Hail(random, { name: 'hail', strongest: 70, curve: LinearCurve }),
    new Earthquake(random, { name: 'earthquake', strongest: 55, curve: LinearCurve }),
    new Fire(random, { name: 'fire', strongest: 80, curve: StepCurve }),
  ]
}

module.exports = { createPerils, returnPeriods }
