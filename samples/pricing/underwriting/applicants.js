'use strict'

const table = require('./rule-table')

/** Applicants, the same for the same random numbers. */
function createApplicants(random, count) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    bornIn: 1950 + random.below(57),
    heightCm: 150 + random.below(50),
    weightKg: 45 + random.below(60) + random.below(30),
    income: 18_000 + 500 * random.below(200),
    cigarettes: random.below(4) === 0 ? 1 + random.below(40) : 0,
    occupation: random.pick(Object.keys(table.occupations)),
    diagnoses: some(random, Object.keys(table.diagnoses), 4).map((code) => ({
      code,
      severity: random.below(3),
      yearsAgo: random.below(12),
    })),
    pastimes: some(random, Object.keys(table.pastimes), 3).map((code) => ({
      code,
      years: random.below(10),
    })),
    history: { claims: random.below(5), declined: random.below(12) === 0 },
  }))
}

/** Some of a list, each of them once. */
function some(random, list, limit) {
  const count = random.below(limit)
  const chosen = new Set()
  while (chosen.size < count) chosen.add(random.pick(list))
  return [...chosen]
}

module.exports = { createApplicants }
