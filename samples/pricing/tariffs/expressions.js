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

class Literal {
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
}

class Variable {
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
}

class Negation {
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
}

class Binary {
  constructor(operator, left, right) {
    this.operator = operator
    this.apply = operations[operator]
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
}

/** Only the branch that is taken is evaluated. */
class Choice {
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
}

class Call {
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
}

const isFunction = (name) => Object.hasOwn(functions, name)

module.exports = { Binary, Call, Choice, Literal, Negation, Variable, isFunction }
