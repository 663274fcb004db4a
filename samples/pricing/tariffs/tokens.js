'use strict'

/** Matches a number, a name or an operator, and captures which. */
const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([<>=!]=|[-+*/^%<>?:(),]))/y

/** A formula that cannot be read. */
class FormulaError extends Error {}

/** The tokens of a formula, one at a time, with one to look ahead. */
class Tokens {
  constructor(text) {
    this.text = text
    this.position = 0
    this.next = this.read()
  }

  read() {
    token.lastIndex = this.position
    const found = token.exec(this.text)
    if (found === null) {
      if (this.text.slice(this.position).trim() === '') return { kind: 'end', text: '' }
      throw new FormulaError(`unexpected character at ${this.position} of ${this.text}`)
    }
    this.position = token.lastIndex
    const [, number, name, operator] = found
    if (number !== undefined) return { kind: 'number', text: number }
    if (name !== undefined) return { kind: 'name', text: name }
    return { kind: operator, text: operator }
  }

  take() {
    const taken = this.next
    this.next = this.read()
    return taken
  }

  takeIf(kind) {
    if (this.next.kind !== kind) return false
    this.take()
    return true
  }

  expect(kind) {
    const taken = this.take()
    if (taken.kind === kind) return taken
    throw new FormulaError(`${kind} expected, not '${taken.text}', in ${this.text}`)
  }
}

module.exports = { FormulaError, Tokens }
