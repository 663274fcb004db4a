'use strict'

/** What the insured bear themselves of a loss; `paid` is what is left for the insurer. */
class FixedExcess {
  constructor(amount) {
    this.amount = amount
  }

  paid(loss) {
    return loss > this.amount ? loss - this.amount : 0
  }
}

class ShareOfLoss {
  constructor(share, least, most) {
    this.share = share
    this.least = least
    this.most = most
  }

  paid(loss) {
    const borne = this.share * loss
    const bounded = borne < this.least ? this.least : borne > this.most ? this.most : borne
    return loss > bounded ? loss - bounded : 0
  }
}

/** Small losses are borne, larger ones are paid whole. */
class Franchise {
  constructor(limit) {
    this.limit = limit
  }

  paid(loss) {
    return loss > this.limit ? loss : 0
  }
}

/** Nothing above a limit is paid. */
class FirstLoss {
  constructor(limit, excess) {
    this.limit = limit
    this.excess = excess
  }

  paid(loss) {
    const rest = this.excess.paid(loss)
    return rest < this.limit ? rest : this.limit
  }
}

function createExcess(random, value) {
  const fixed = new FixedExcess(500 * (1 + random.below(10)))
  switch (random.below(4)) {
    case 0:
      return new ShareOfLoss(0.05 + random.below(10) / 100, 1000, 0.05 * value)
    case 1:
      return new Franchise(1000 * (1 + random.below(20)))
    case 2:
      return new FirstLoss((0.2 + random.below(6) / 10) * value, fixed)
    default:
      return fixed
  }
}

module.exports = { createExcess }
