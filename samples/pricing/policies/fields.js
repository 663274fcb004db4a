'use strict'

/** A field of the new format: `read` takes a value of the old one and notes what is wrong with it. */
class Field {
  read(value, path, problems) {
    if (value === undefined || value === null) return this.missing(path, problems)
    const read = this.parse(value, path, problems)
    if (read === undefined) problems.push({ path, problem: this.problem })
    return read
  }

  missing(path, problems) {
    problems.push({ path, problem: 'is missing' })
    return undefined
  }
}

class TextField extends Field {
  problem = 'is no text'

  parse(value) {
    return typeof value === 'string' ? value.trim().replaceAll(/\s+/g, ' ') : undefined
  }
}

class NameField extends TextField {
  parse(value) {
    return super
      .parse(value)
      ?.split(' ')
      .map((word) => (word === word.toUpperCase() ? word[0] + word.slice(1).toLowerCase() : word))
      .join(' ')
  }
}

class NumberField extends Field {
  constructor(min, max) {
    super()
    this.min = min
    this.max = max
    this.problem = `is not from ${min} to ${max}`
  }

  parse(value) {
    const number = typeof value === 'number' ? value : Number.parseFloat(value)
    return number >= this.min && number <= this.max ? number : undefined
  }
}

class MoneyField extends Field {
  problem = 'is no amount'

  /** `1.234,56` is 123456 cents. */
  parse(value) {
    let cents = 0
    let decimals = -1
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code >= 48 && code <= 57) {
        cents = 10 * cents + code - 48
        if (decimals >= 0) decimals += 1
      } else if (code === 44 && decimals < 0) decimals = 0
      else if (code !== 46) return undefined
    }
    return decimals === 2 ? cents : undefined
  }
}

class DateField extends Field {
  problem = 'is no date'

  parse(value) {
    const [day, month, year] = value.split('.').map(Number)
    if (!(day >= 1 && day <= 31 && month >= 1 && month <= 12 && year > 1900)) return undefined
    return `${year}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`
  }
}

class CodeField extends Field {
  constructor(meanings) {
    super()
    this.meanings = new Map(Object.entries(meanings))
    this.problem = `is none of ${[...this.meanings.keys()].join(', ')}`
  }

  parse(value) {
    return this.meanings.get(value)
  }
}

class OptionalField extends Field {
  constructor(field) {
    super()
    this.field = field
  }

  parse(value, path, problems) {
    return this.field.read(value, path, problems) || null
  }

  missing() {
    return null
  }
}

class ListField extends Field {
  problem = 'is no list'

  constructor(field) {
    super()
    this.field = field
  }

  parse(value, path, problems) {
    if (!Array.isArray(value)) return undefined
    return value.map((item, index) => this.field.read(item, `${path}[${index}]`, problems))
  }
}

/** An object; each of its fields says what it was called. */
class ObjectField extends Field {
  problem = 'is no object'

  constructor(fields) {
    super()
    this.fields = Object.entries(fields).map(([name, [source, field]]) => ({ name, source, field }))
  }

  parse(value, path, problems) {
    if (typeof value !== 'object') return undefined
    const object = {}
    for (const { name, source, field } of this.fields) {
      object[name] = field.read(value[source], `${path}.${source}`, problems)
    }
    return object
  }
}

module.exports = {
  CodeField,
  DateField,
  ListField,
  MoneyField,
  NameField,
  NumberField,
  ObjectField,
  OptionalField,
  TextField,
}
