'use strict'

const operations = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
}

const functions = {
  min: (...values) => Math.min(...values),
  max: (...values) => Math.max(...values),
  round: (value, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits,
  clamp: (value, low, high) => (value < low ? low : value > high ? high : value),
  ramp: (value, from, to) => (value <= from ? 0 : value >= to ? 1 : (value - from) / (to - from)),
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
}

/** How strongly operators bind, a choice being the weakest. */
const strengthOf = {
  '?': 1,
  '==': 2,
  '!=': 2,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 7,
}
const negationStrength = 6
const strongest = 8

/** Nodes print themselves with as few parentheses as their strength allows. */
function printed(node, strength) {
  return node.strength < strength ? `(${node.print()})` : node.print()
}

class Literal {
  strength = strongest

  constructor(value) {
    this.value = value
  }

  evaluate() {
    return this.value
  }

  simplified() {
    return this
  }

  collectNames() {}

  print() {
    return String(this.value)
  }
}

class Variable {
  strength = strongest

  constructor(name) {
    this.name = name
  }

  evaluate(scope) {
    return scope.valueOf(this.name)
  }

  simplified() {
    return this
  }

  collectNames(names) {
    names.add(this.name)
  }

  print() {
    return this.name
  }
}

class Negation {
  strength = negationStrength

  constructor(operand) {
    this.operand = operand
  }

  evaluate(scope) {
    return -this.operand.evaluate(scope)
  }

  simplified() {
    const operand = this.operand.simplified()
    return operand instanceof Literal ? new Literal(-operand.value) : new Negation(operand)
  }

  collectNames(names) {
    this.operand.collectNames(names)
  }

  print() {
    return `-${printed(this.operand, negationStrength)}`
  }
}

class Binary {
  constructor(operator, left, right) {
    this.operator = operator
    this.apply = operations[operator]
    this.strength = strengthOf[operator]
    this.left = left
    this.right = right
  }

  evaluate(scope) {
    return this.apply(this.left.evaluate(scope), this.right.evaluate(scope))
  }

  simplified() {
    const left = this.left.simplified()
    const right = this.right.simplified()
    if (left instanceof Literal && right instanceof Literal) {
      return new Literal(this.apply(left.value, right.value))
    }
    return new Binary(this.operator, left, right)
  }

  collectNames(names) {
    this.left.collectNames(names)
    this.right.collectNames(names)
  }

  print() {
    const { operator, strength } = this
    const bindsRight = operator === '^'
    const left = printed(this.left, bindsRight ? strength + 1 : strength)
    const right = printed(this.right, bindsRight ? strength : strength + 1)
    return `${left} ${operator} ${right}`
  }
}

/** Only the branch that is taken is evaluated. */
class Choice {
  strength = strengthOf['?']

  constructor(condition, yes, no) {
    this.condition = condition
    this.yes = yes
    this.no = no
  }

  evaluate(scope) {
    return this.condition.evaluate(scope) === 0 ? this.no.evaluate(scope) : this.yes.evaluate(scope)
  }

  simplified() {
    const condition = this.condition.simplified()
    if (condition instanceof Literal)
      return (condition.value === 0 ? this.no : this.yes).simplified()
    return new Choice(condition, this.yes.simplified(), this.no.simplified())
  }

  collectNames(names) {
    this.condition.collectNames(names)
    this.yes.collectNames(names)
    this.no.collectNames(names)
  }

  print() {
    const condition = printed(this.condition, this.strength + 1)
    return `${condition} ? ${this.yes.print()} : ${this.no.print()}`
  }
}

class Call {
  strength = strongest

  constructor(name, parameters) {
    this.name = name
    this.apply = functions[name]
    this.parameters = parameters
  }

  evaluate(scope) {
    return this.apply(...this.parameters.map((parameter) => parameter.evaluate(scope)))
  }

  simplified() {
    return new Call(
      this.name,
      this.parameters.map((parameter) => parameter.simplified()),
    )
  }

  collectNames(names) {
    for (const parameter of this.parameters) parameter.collectNames(names)
  }

  print() {
    return `${this.name}(${this.parameters.map((parameter) => parameter.print()).join(', ')})`
  }
}

const isFunction = (name) => Object.hasOwn(functions, name)

module.exports = {
  Binary,
  Call,
  Choice,
  Literal,
  Negation,
  Variable,
  isFunction,
  negationStrength,
  strengthOf,
}
