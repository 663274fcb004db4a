'use strict'

const verdicts = ['accept', 'acceptWithLoading', 'refer', 'decline']
const sumSteps = [1.5, 3]

/** What the rules have made of an application, and which of them had a say. */
class Decision {
  constructor() {
    this.severity = 0
    this.loadingPerMille = 0
    this.exclusions = new Set()
    this.evidence = new Set()
    this.reasons = []
  }

  load(rule, perMille) {
    if (perMille === 0) return
    this.loadingPerMille += perMille
    this.raiseTo(1)
    this.reasons.push({ rule, loadingPerMille: perMille })
  }

  refer(rule) {
    this.raiseTo(2)
    this.reasons.push({ rule, verdict: 'refer' })
  }

  decline(rule) {
    this.raiseTo(3)
    this.reasons.push({ rule, verdict: 'decline' })
  }

  exclude(rule) {
    this.exclusions.add(rule)
    this.reasons.push({ rule, excluded: true })
  }

  ask(rule, evidence) {
    if (this.evidence.has(evidence)) return
    this.evidence.add(evidence)
    this.reasons.push({ rule, evidence })
  }

  raiseTo(severity) {
    if (severity > this.severity) this.severity = severity
  }

  toJSON() {
    return {
      verdict: verdicts[this.severity],
      loadingPerMille: this.loadingPerMille,
      exclusions: [...this.exclusions],
      evidence: [...this.evidence],
      reasons: this.reasons,
    }
  }
}

/** What the rules ask about: the applicant, the application, and what follows from both. */
class Facts {
  constructor(applicant, { product, sum, years, thisYear }) {
    this.product = product
    this.sum = sum
    this.age = thisYear - applicant.bornIn
    this.ageAtEnd = this.age + years
    this.bmi = applicant.weightKg / (applicant.heightCm / 100) ** 2
    this.sumToIncome = sum / applicant.income
    this.cigarettes = applicant.cigarettes
    this.occupation = applicant.occupation
    this.diagnoses = applicant.diagnoses
    this.pastimes = applicant.pastimes
    this.history = applicant.history
  }
}

/** Tries every rule. */
function decide(rules, facts) {
  const decision = new Decision()
  for (const rule of rules) {
    if (rule.applies(facts)) rule.decide(decision)
  }
  return decision
}

/** The highest step up to which the verdict is no worse than for the sum that was asked for. */
function highestAccepted(rules, applicant, application) {
  const { severity } = decide(rules, new Facts(applicant, application))
  let highest = application.sum
  for (const step of sumSteps) {
    const sum = step * application.sum
    if (decide(rules, new Facts(applicant, { ...application, sum })).severity > severity) break
    highest = sum
  }
  return highest
}

module.exports = { Facts, decide, highestAccepted }
