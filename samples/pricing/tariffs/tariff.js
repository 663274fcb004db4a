'use strict'

const { formulas } = require('./formulas')
const { parseFormula } = require('./parser')
const { FormulaError } = require('./tokens')

/** The names that a formula may use: what was given, and other formulas, each evaluated once. */
class Scope {
  constructor(expressions, given) {
    this.expressions = expressions
    this.values = new Map(Object.entries(given))
    this.open = new Set()
  }

  valueOf(name) {
    const known = this.values.get(name)
    if (known !== undefined) return known
    const expression = this.expressions.get(name)
    if (expression === undefined) throw new FormulaError(`nothing is called ${name}`)
    if (this.open.has(name)) throw new FormulaError(`${name} depends on itself`)
    this.open.add(name)
    const value = expression.evaluate(this)
    this.open.delete(name)
    this.values.set(name, value)
    return value
  }
}

/** Reads the formulas of a product and prices what was given. Actuaries change them while the service runs. */
function priceByTariff(product, given) {
  const expressions = new Map()
  for (const [name, text] of Object.entries(formulas[product])) {
    expressions.set(name, parseFormula(text).simplified())
  }
  const scope = new Scope(expressions, given)
  const premium = scope.valueOf('premium')
  return { premium, parts: explain(expressions, scope) }
}

/** What every formula came to, and what it was made of. */
function explain(expressions, scope) {
  return Array.from(expressions, ([name, expression]) => {
    const names = new Set()
    expression.collectNames(names)
    const value = Math.round(1e6 * scope.valueOf(name)) / 1e6
    return { name, formula: expression.print(), value, uses: [...names] }
  })
}

module.exports = { priceByTariff, products: Object.keys(formulas) }
