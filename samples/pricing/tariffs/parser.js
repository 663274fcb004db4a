'use strict'

const nodes = require('./expressions')
const { FormulaError, Tokens } = require('./tokens')

const { isFunction, negationStrength, strengthOf } = nodes

/** A Pratt parser: what may begin an expression is a prefix, what may go on with one binds by strength. */
class Parser {
  constructor(text) {
    this.tokens = new Tokens(text)
  }

  parse() {
    const expression = this.expression(0)
    this.tokens.expect('end')
    return expression
  }

  expression(strength) {
    let left = this.prefix()
    while (strength < (strengthOf[this.tokens.next.kind] ?? 0)) left = this.infix(left)
    return left
  }

  prefix() {
    const { kind, text } = this.tokens.take()
    switch (kind) {
      case 'number':
        return new nodes.Literal(Number(text))
      case 'name':
        return this.tokens.takeIf('(') ? this.call(text) : new nodes.Variable(text)
      case '-':
        return new nodes.Negation(this.expression(negationStrength))
      case '(': {
        const inner = this.expression(0)
        this.tokens.expect(')')
        return inner
      }
      default:
        throw new FormulaError(`unexpected '${text}' in ${this.tokens.text}`)
    }
  }

  infix(left) {
    const { kind } = this.tokens.take()
    if (kind === '?') return this.choice(left)
    // A power binds to the right: 2 ^ 3 ^ 2 is 2 ^ 9.
    const strength = kind === '^' ? strengthOf[kind] - 1 : strengthOf[kind]
    return new nodes.Binary(kind, left, this.expression(strength))
  }

  choice(condition) {
    const yes = this.expression(0)
    this.tokens.expect(':')
    return new nodes.Choice(condition, yes, this.expression(0))
  }

  call(name) {
    if (!isFunction(name)) throw new FormulaError(`no function ${name}`)
    const parameters = []
    do parameters.push(this.expression(0))
    while (this.tokens.takeIf(','))
    this.tokens.expect(')')
    return new nodes.Call(name, parameters)
  }
}

function parseFormula(text) {
  return new Parser(text).parse()
}

module.exports = { parseFormula }
