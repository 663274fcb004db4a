'use strict'

const { choices } = require('./calendar/route')
const { entryCount } = require('./routes')
const { seededRandom } = require('./seeded-random')
const { products } = require('./tariffs/tariff')
const underwriting = require('./underwriting/route')

/** How often of 100 each kind of request is made. */
const mix = [
  { share: 24, create: premium },
  { share: 18, create: decision },
  { share: 14, create: lifeInsurance },
  { share: 12, create: policyChanges },
  { share: 10, create: loanSchedule },
  { share: 8, create: riskMatrix },
  { share: 7, create: annuity },
  { share: 5, create: projection },
  { share: 2, create: () => '/healthz' },
]

/** What customers tell of what they want to insure. */
const detailsOf = {
  household: (random) => ({
    objectAge: random.below(80),
    floor: random.below(6),
    alarm: random.below(2),
    heating: random.below(4),
    bicycles: random.below(4),
    instalments: random.pick([1, 2, 4, 12]),
  }),
  motor: (random) => ({
    objectAge: random.below(15),
    power: 40 + random.below(200),
    distance: 2000 + 500 * random.below(60),
    excess: random.pick([0, 150, 300, 500, 1000]),
    instalments: random.pick([1, 2, 4, 12]),
  }),
  travel: (random) => ({
    days: 3 + random.below(40),
    travellers: 1 + random.below(5),
    weeksAhead: random.below(30),
  }),
}

/** Requests without end; the same for the same seed. */
function* streamRequests(seed) {
  const random = seededRandom(seed)
  while (true) {
    let ticket = random.below(100)
    const kind = mix.find(({ share }) => (ticket -= share) < 0)
    const headers = { accept: 'application/json' }
    yield { method: 'GET', path: kind.create(random), headers, body: undefined }
  }
}

/** The first `count` requests of a seed: `{ method, path, headers, body }`. */
function generateRequests(seed, count) {
  const stream = streamRequests(seed)
  return Array.from({ length: count }, () => stream.next().value)
}

function premium(random) {
  const product = random.pick(products)
  return withQuery('/premiums', {
    product,
    sum: 5000 + 1000 * random.below(200),
    age: 18 + random.below(65),
    zone: 1 + random.below(4),
    claims: random.below(4),
    years: random.below(20),
    ...detailsOf[product](random),
  })
}

function decision(random) {
  return withQuery(`/applicants/${entryId(random)}/decision`, {
    product: random.pick(underwriting.products),
    sum: 10_000 * (1 + random.below(90)),
    years: 5 + random.below(30),
  })
}

function lifeInsurance(random) {
  return withQuery(`/life-insurance/${18 + random.below(50)}`, {
    ...person(random),
    years: 10 + random.below(16),
    sum: 10_000 * (1 + random.below(50)),
    rate: random.below(12) / 4,
  })
}

function policyChanges(random) {
  const from = 1 + random.below(3)
  const to = from + 1 + random.below(4 - from)
  return withQuery(`/policies/${entryId(random)}/changes`, { from, to })
}

function loanSchedule(random) {
  return withQuery(`/loans/${entryId(random)}/schedule`, {
    place: random.pick(choices.places),
    roll: random.pick(choices.rolls),
    dayCount: random.pick(choices.dayCounts),
    perYear: random.pick([1, 2, 4, 12]),
    afterDays: random.below(1500),
  })
}

function riskMatrix(random) {
  return withQuery(`/portfolios/${entryId(random)}/risk-matrix`, {
    period: random.pick([10, 20, 50, 100, 200, 400]),
  })
}

function annuity(random) {
  return withQuery(`/annuities/${4 + random.below(8)}`, {
    premium: 10_000 + 2500 * random.below(100),
    rate: random.below(16) / 4,
    growth: random.below(4) / 2,
    costs: random.below(6),
  })
}

function projection(random) {
  return withQuery(`/projections/${20 + random.below(40)}`, {
    ...person(random),
    years: 10 + random.below(16),
    premium: 600 + 100 * random.below(60),
    deathBenefit: 10_000 * random.below(20),
    guarantee: random.below(5) / 4,
    seed: random.below(1_000_000),
  })
}

function person(random) {
  return { sex: random.pick(['female', 'male']), smoker: random.pick(['no', 'no', 'yes']) }
}

/** Low ids are asked for more often: some customers are in the middle of something. */
function entryId(random) {
  return 1 + random.below(1 + random.below(entryCount))
}

function withQuery(path, parameters) {
  return `${path}?${new URLSearchParams(parameters)}`
}

module.exports = { generateRequests, streamRequests }
