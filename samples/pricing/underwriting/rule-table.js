'use strict'

/** Extra premium in per mille of the standard premium, by body mass index and age. */
const bodyMass = {
  ages: [18, 35, 50, 65, 120],
  bands: [
    { from: 0, to: 17, loadings: [150, 100, 150, 250] },
    { from: 30, to: 33, loadings: [50, 50, 75, 75] },
    { from: 33, to: 36, loadings: [100, 100, 125, 150] },
    { from: 36, to: 40, loadings: [200, 175, 200, 250] },
    { from: 40, to: 45, loadings: [350, 300, 350, 'refer'] },
    { from: 45, to: 99, loadings: ['refer', 'refer', 'decline', 'decline'] },
  ],
}

/** Of diagnoses: by severity, how much it loads when recent (two years), and what is left later. */
const diagnoses = {
  asthma: [
    { recent: 50, later: 0 },
    { recent: 100, later: 50 },
    { recent: 'refer', later: 150 },
  ],
  diabetes: [
    { recent: 100, later: 75 },
    { recent: 250, later: 200 },
    { recent: 'decline', later: 'refer' },
  ],
  hypertension: [
    { recent: 50, later: 25 },
    { recent: 125, later: 75 },
    { recent: 'refer', later: 200 },
  ],
  cancer: [
    { recent: 'refer', later: 150 },
    { recent: 'decline', later: 300 },
    { recent: 'decline', later: 'decline' },
  ],
  epilepsy: [
    { recent: 75, later: 25 },
    { recent: 200, later: 100 },
    { recent: 'refer', later: 200 },
  ],
  depression: [
    { recent: 75, later: 0 },
    { recent: 175, later: 50 },
    { recent: 'decline', later: 'refer' },
  ],
  backPain: [
    { recent: 0, later: 0 },
    { recent: 50, later: 0 },
    { recent: 100, later: 50 },
  ],
  heartAttack: [
    { recent: 'refer', later: 150 },
    { recent: 'decline', later: 350 },
    { recent: 'decline', later: 'decline' },
  ],
  migraine: [
    { recent: 0, later: 0 },
    { recent: 25, later: 0 },
    { recent: 75, later: 25 },
  ],
  hepatitis: [
    { recent: 100, later: 25 },
    { recent: 200, later: 100 },
    { recent: 'decline', later: 200 },
  ],
  arthritis: [
    { recent: 50, later: 25 },
    { recent: 125, later: 100 },
    { recent: 'refer', later: 175 },
  ],
  sleepApnoea: [
    { recent: 50, later: 0 },
    { recent: 100, later: 50 },
    { recent: 'refer', later: 150 },
  ],
}

/** What an occupation adds, and the products that leave it out. */
const occupations = {
  office: { loading: 0, excludes: [] },
  nurse: { loading: 25, excludes: [] },
  electrician: { loading: 50, excludes: [] },
  roofer: { loading: 150, excludes: ['disability'] },
  diver: { loading: 250, excludes: ['disability', 'accident'] },
  pilot: { loading: 100, excludes: ['accident'] },
  miner: { loading: 200, excludes: ['disability'] },
  farmer: { loading: 75, excludes: [] },
}

const pastimes = {
  climbing: { beginner: 50, expert: 150, excludes: ['accident'] },
  paragliding: { beginner: 100, expert: 200, excludes: ['accident', 'disability'] },
  motorRacing: { beginner: 150, expert: 'refer', excludes: ['accident'] },
  diving: { beginner: 25, expert: 100, excludes: [] },
  riding: { beginner: 0, expert: 25, excludes: [] },
}

/** Above which sum a product needs which evidence, by age. */
const evidence = [
  { name: 'questionnaire', sums: { 18: 50_000, 40: 40_000, 55: 20_000 } },
  { name: 'doctorReport', sums: { 18: 300_000, 40: 200_000, 55: 100_000 } },
  { name: 'bloodTest', sums: { 18: 500_000, 40: 350_000, 55: 150_000 } },
  { name: 'exerciseEcg', sums: { 18: 900_000, 40: 600_000, 55: 300_000 } },
  { name: 'incomeProof', sums: { 18: 400_000, 40: 400_000, 55: 250_000 } },
]

/** What does not follow a grid. */
const single = [
  { name: 'smoker, heavy', when: { cigarettes: { above: 30 } }, then: 150 },
  { name: 'smoker', when: { cigarettes: { above: 0 } }, then: 50 },
  {
    name: 'smoker with a heart condition',
    when: {
      cigarettes: { above: 0 },
      any: [{ diagnoses: { has: 'heartAttack' } }, { diagnoses: { has: 'hypertension' } }],
    },
    then: 200,
  },
  {
    name: 'asthma of a smoker',
    when: { cigarettes: { from: 10 }, diagnoses: { has: 'asthma' } },
    then: 100,
  },
  { name: 'many claims', when: { 'history.claims': { above: 3 } }, then: 'refer' },
  {
    name: 'declined elsewhere',
    when: { 'history.declined': { is: true }, not: { age: { below: 25 } } },
    then: 'refer',
  },
  {
    name: 'sum out of proportion',
    when: { sumToIncome: { above: 15 }, not: { product: { oneOf: ['accident'] } } },
    then: 'refer',
  },
  { name: 'too old at the end', when: { ageAtEnd: { above: 85 } }, then: 'decline' },
]

module.exports = { bodyMass, diagnoses, evidence, occupations, pastimes, single }
