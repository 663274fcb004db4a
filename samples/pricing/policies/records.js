'use strict'

const kinds = { household: 'HR', motor: 'KF', travel: 'RE' }
const perils = ['FEU', 'LWA', 'STU', 'EIN', 'GLA', 'ELE', 'FAH', 'VAN']
const towns = ['Hamburg', 'München', 'Köln', 'Leipzig', 'Bremen', 'Mainz', 'Ulm', 'Trier']
const surnames = ['MUELLER', 'von BERG', 'SCHMIDT', 'Öztürk', 'de VRIES', 'KLEIN', 'Novak']
const forenames = ['ANNA', 'Jan-Erik', 'MARIA', 'Emre', 'Lotte', 'PAUL', 'Ida', 'KARL']
const remarks = ['', '  customer since 1998 ', 'pays by  invoice', 'moved', null]

/** Policies as the old system exports them: its names, texts for numbers, and several versions of each. */
function createRecords(random, count) {
  return Array.from({ length: count }, (_, index) => {
    const versions = [createVersion(index + 1, random)]
    while (versions.length < 4) versions.push(edited(versions.at(-1), random))
    return { id: index + 1, versions }
  })
}

function createVersion(id, random) {
  return {
    VSNR: `${random.pick(Object.values(kinds))}-${String(id).padStart(6, '0')}`,
    VER: '1',
    BEGINN: dateText(random),
    ZW: random.pick(['1', '2', '4', '12']),
    VN: {
      NAME: random.pick(surnames),
      VORN: random.pick(forenames),
      GEB: dateText(random, 1940, 60),
      ADR: { STR: `Weg ${1 + random.below(90)}`, PLZ: postcode(random), ORT: random.pick(towns) },
    },
    OBJ: Array.from({ length: 1 + random.below(3) }, (_, index) => createObject(index + 1, random)),
    BEM: random.pick(remarks),
  }
}

function createObject(number, random) {
  return {
    NR: number,
    ART: random.pick(['W', 'H', 'G']),
    FL: `${40 + random.below(200)} qm`,
    BJ: String(1920 + random.below(104)),
    VS: euros(50_000_00 + 100_00 * random.below(9000)),
    ADR: { STR: `Allee ${1 + random.below(200)}`, PLZ: postcode(random), ORT: random.pick(towns) },
    DECK: Array.from({ length: 2 + random.below(4) }, () => createCover(random)),
  }
}

function createCover(random) {
  return {
    GEF: random.pick(perils),
    SB: euros(100_00 * random.below(11)),
    PRM: euros(10_00 + random.below(90_000)),
    AKT: random.pick(['J', 'J', 'J', 'N']),
  }
}

/** The next version: some objects are dropped, changed or new. */
function edited(version, random) {
  const next = structuredClone(version)
  next.VER = String(Number(version.VER) + 1)
  if (random.below(2) === 0) next.VN.ADR.ORT = random.pick(towns)
  if (random.below(4) === 0) next.ZW = random.pick(['1', '2', '4', '12'])
  for (const object of next.OBJ) {
    if (random.below(3) === 0) object.VS = euros(50_000_00 + 100_00 * random.below(9000))
    if (random.below(3) === 0) object.DECK.push(createCover(random))
    for (const cover of object.DECK) if (random.below(4) === 0) cover.AKT = 'N'
  }
  if (random.below(3) === 0) next.OBJ.splice(random.below(next.OBJ.length), 1)
  if (random.below(3) === 0) next.OBJ.push(createObject(20 + Number(next.VER), random))
  return next
}

function dateText(random, year = 2012, span = 12) {
  const twoDigits = (number) => String(number).padStart(2, '0')
  return `${twoDigits(1 + random.below(28))}.${twoDigits(1 + random.below(12))}.${year + random.below(span)}`
}

function postcode(random) {
  return String(1000 + random.below(98_000)).padStart(5, '0')
}

/** `123456` is `1.234,56`. */
function euros(cents) {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, '.')
  return `${whole},${String(cents % 100).padStart(2, '0')}`
}

module.exports = { createRecords, kinds, perils }
