'use strict'

const { compileCondition } = require('./conditions')
const table = require('./rule-table')

class Rule {
  constructor(name, condition) {
    this.name = name
    this.applies = compileCondition(condition)
  }
}

class LoadingRule extends Rule {
  constructor(name, condition, perMille) {
    super(name, condition)
    this.perMille = perMille
  }

  decide(decision) {
    decision.load(this.name, this.perMille)
  }
}

class ReferralRule extends Rule {
  decide(decision) {
    decision.refer(this.name)
  }
}

class DeclineRule extends Rule {
  decide(decision) {
    decision.decline(this.name)
  }
}

class ExclusionRule extends Rule {
  decide(decision) {
    decision.exclude(this.name)
  }
}

class EvidenceRule extends Rule {
  constructor(name, condition, evidence) {
    super(name, condition)
    this.evidence = evidence
  }

  decide(decision) {
    decision.ask(this.name, this.evidence)
  }
}

function ruleOf(name, when, then) {
  if (then === 'refer') return new ReferralRule(name, when)
  if (then === 'decline') return new DeclineRule(name, when)
  return new LoadingRule(name, when, then)
}

function* bodyMassRules({ ages, bands }) {
  for (const { from, to, loadings } of bands) {
    for (const [index, then] of loadings.entries()) {
      const age = { from: ages[index], below: ages[index + 1] }
      yield ruleOf(
        `bmi ${from} to ${to} from age ${age.from}`,
        { bmi: { from, below: to }, age },
        then,
      )
    }
  }
}

function* diagnosisRules(diagnoses) {
  for (const [code, severities] of Object.entries(diagnoses)) {
    for (const [index, { recent, later }] of severities.entries()) {
      const given = { code: { is: code }, severity: { is: index } }
      const isRecent = { diagnoses: { some: { ...given, yearsAgo: { below: 2 } } } }
      const isPast = { diagnoses: { some: { ...given, yearsAgo: { from: 2 } } } }
      yield ruleOf(`${code} ${index}, recent`, isRecent, recent)
      yield ruleOf(`${code} ${index}, past`, isPast, later)
      if (recent === 0) continue
      const when = { ...isRecent, product: { is: 'disability' } }
      yield new ExclusionRule(`${code} ${index}`, when)
    }
  }
}

function* occupationRules(occupations) {
  for (const [occupation, { loading, excludes }] of Object.entries(occupations)) {
    yield ruleOf(occupation, { occupation: { is: occupation } }, loading)
    for (const product of excludes) {
      const when = { occupation: { is: occupation }, product: { is: product } }
      yield new ExclusionRule(`${occupation} at work`, when)
    }
  }
}

function* pastimeRules(pastimes) {
  for (const [code, { beginner, expert, excludes }] of Object.entries(pastimes)) {
    const beginnerWhen = { pastimes: { some: { code: { is: code }, years: { below: 3 } } } }
    const expertWhen = { pastimes: { some: { code: { is: code }, years: { from: 3 } } } }
    yield ruleOf(`${code}, beginner`, beginnerWhen, beginner)
    yield ruleOf(`${code}, expert`, expertWhen, expert)
    if (excludes.length > 0) {
      yield new ExclusionRule(code, { pastimes: { has: code }, product: { oneOf: excludes } })
    }
  }
}

function* evidenceRules(evidence) {
  for (const { name, sums } of evidence) {
    for (const [age, sum] of Object.entries(sums)) {
      const when = { age: { from: Number(age) }, sum: { above: sum } }
      yield new EvidenceRule(`sum above ${sum} from age ${age}`, when, name)
    }
  }
}

/** All rules of the table, in the order in which they are tried. */
function createRules() {
  return [
    ...table.single.map(({ name, when, then }) => ruleOf(name, when, then)),
    ...bodyMassRules(table.bodyMass),
    ...diagnosisRules(table.diagnoses),
    ...occupationRules(table.occupations),
    ...pastimeRules(table.pastimes),
    ...evidenceRules(table.evidence),
  ]
}

module.exports = { createRules }
