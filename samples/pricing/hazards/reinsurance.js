'use strict'

/** A reinsurer takes the same share of every loss. */
class QuotaShare {
  constructor(name, share) {
    this.name = name
    this.share = share
  }

  ceded(loss) {
    return this.share * loss
  }

  premiumFor(expected) {
    return 0.93 * expected
  }
}

/** A reinsurer takes what is above a priority, up to a limit. */
class ExcessOfLoss {
  constructor(name, priority, limit) {
    this.name = name
    this.priority = priority
    this.limit = limit
  }

  ceded(loss) {
    const above = loss - this.priority
    if (above <= 0) return 0
    return above < this.limit ? above : this.limit
  }

  /** The rarer a layer is reached, the dearer is its expected loss. */
  premiumFor(expected) {
    const onLine = expected / this.limit
    return expected * (1.15 + 0.4 / (1 + 60 * onLine))
  }
}

/** Layers in the order in which they take their part of a loss. */
const programme = [
  new QuotaShare('quota share', 0.2),
  new ExcessOfLoss('layer 1', 150_000, 350_000),
  new ExcessOfLoss('layer 2', 500_000, 1_500_000),
  new ExcessOfLoss('catastrophe', 2_000_000, 6_000_000),
]

/** What every layer takes of the losses of all return periods, and what is left of them. */
function reinsure(losses, frequencies) {
  let retained = losses
  const layers = programme.map((layer) => {
    const ceded = retained.map((loss) => layer.ceded(loss))
    const expected = weighted(ceded, frequencies)
    retained = retained.map((loss, index) => loss - ceded[index])
    return {
      layer: layer.name,
      expected: Math.round(expected),
      premium: Math.round(layer.premiumFor(expected)),
    }
  })
  return { retained: Math.round(weighted(retained, frequencies)), layers }
}

function weighted(values, weights) {
  return values.reduce((sum, value, index) => sum + value * weights[index], 0)
}

module.exports = { reinsure, weighted }
