'use strict'

/** Each key of a condition in the rule table is compiled to a closure over an applicant's facts. */
const tests = {
  above: (read, limit) => (facts) => read(facts) > limit,
  below: (read, limit) => (facts) => read(facts) < limit,
  from: (read, limit) => (facts) => read(facts) >= limit,
  is: (read, wanted) => (facts) => read(facts) === wanted,
  oneOf: (read, wanted) => (facts) => wanted.includes(read(facts)),
  has: (read, wanted) => (facts) => read(facts).some(({ code }) => code === wanted),
  some(read, condition) {
    const holds = compileCondition(condition)
    return (facts) => read(facts).some(holds)
  },
}

/**
 * A condition of the table as a function of facts: `{ bmi: { above: 30 } }`, several of which must all
 * hold; `any` and `not` combine others.
 */
function compileCondition(condition) {
  const parts = Object.entries(condition).map(([key, value]) => {
    if (key === 'any') return any(value.map(compileCondition))
    if (key === 'not') return not(compileCondition(value))
    return all(compileTests(reader(key), value))
  })
  return all(parts)
}

function compileTests(read, wanted) {
  return Object.entries(wanted).map(([test, operand]) => tests[test](read, operand))
}

/** `history.claims` reads a fact in a fact. */
function reader(path) {
  const [name, inner] = path.split('.')
  if (inner === undefined) return (facts) => facts[name]
  return (facts) => facts[name][inner]
}

function all(parts) {
  if (parts.length === 1) return parts[0]
  if (parts.length === 2) {
    const [first, second] = parts
    return (facts) => first(facts) && second(facts)
  }
  return (facts) => parts.every((part) => part(facts))
}

function any(parts) {
  return (facts) => parts.some((part) => part(facts))
}

function not(part) {
  return (facts) => !part(facts)
}

module.exports = { compileCondition }
