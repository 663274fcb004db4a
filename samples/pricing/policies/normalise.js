'use strict'

const fields = require('./fields')

const text = new fields.TextField()
const name = new fields.NameField()
const money = new fields.MoneyField()
const date = new fields.DateField()
const number = (min, max) => new fields.NumberField(min, max)
const code = (meanings) => new fields.CodeField(meanings)
const list = (field) => new fields.ListField(field)
const object = (parts) => new fields.ObjectField(parts)
const optional = (field) => new fields.OptionalField(field)

const address = object({ street: ['STR', text], postcode: ['PLZ', text], town: ['ORT', name] })

const cover = object({
  peril: [
    'GEF',
    code({
      FEU: 'fire',
      LWA: 'water',
      STU: 'storm',
      EIN: 'burglary',
      GLA: 'glass',
      ELE: 'flood',
      FAH: 'bicycle',
      VAN: 'vandalism',
    }),
  ],
  excessCents: ['SB', money],
  premiumCents: ['PRM', money],
  active: ['AKT', code({ J: true, N: false })],
})

const policy = object({
  number: ['VSNR', text],
  version: ['VER', number(1, 9999)],
  start: ['BEGINN', date],
  instalments: ['ZW', number(1, 12)],
  holder: [
    'VN',
    object({
      surname: ['NAME', name],
      forename: ['VORN', name],
      bornOn: ['GEB', date],
      address: ['ADR', address],
    }),
  ],
  objects: [
    'OBJ',
    list(
      object({
        id: ['NR', number(1, 999)],
        kind: ['ART', code({ W: 'flat', H: 'house', G: 'garage' })],
        areaSquareMetres: ['FL', number(10, 1000)],
        builtIn: ['BJ', number(1900, 2030)],
        sumCents: ['VS', money],
        address: ['ADR', address],
        covers: ['DECK', list(cover)],
      }),
    ),
  ],
  remark: ['BEM', optional(text)],
})

/** A record of the old system in the new format, and what is wrong with it. */
function normalise(record) {
  const problems = []
  const document = policy.read(record, '$', problems)
  for (const insured of document.objects) {
    const merged = mergeCovers(insured.covers, insured.id, problems)
    insured.covers = merged.sort((a, b) => (a.peril < b.peril ? -1 : 1))
    insured.premiumCents = premiumOf(merged)
  }
  document.premiumCents = document.objects.reduce((sum, each) => sum + each.premiumCents, 0)
  return { document, problems }
}

/** Of several covers of one peril the last one counts. */
function mergeCovers(covers, id, problems) {
  const byPeril = new Map()
  for (const each of covers) {
    if (byPeril.has(each.peril))
      problems.push({ path: `object ${id}`, problem: `two ${each.peril}` })
    byPeril.set(each.peril, each)
  }
  return [...byPeril.values()]
}

function premiumOf(covers) {
  let sum = 0
  for (const each of covers) if (each.active) sum += each.premiumCents
  return sum
}

module.exports = { normalise }
