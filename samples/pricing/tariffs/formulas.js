'use strict'

/** The tariffs as actuaries write them: formulas that may use each other and what the customer has given. */
const formulas = {
  household: {
    premium: 'round(max(minimum, net * (1 + tax)) / instalments * surcharge, 2)',
    minimum: '48 + 12 * (zone >= 3)',
    net: 'burglary + fire + water + storm + bicycle - discount',
    base: 'sum / 1000 * 0.82 * (1 - 0.11 * ramp(sum, 40000, 160000))',
    burglary: 'base * 0.34 * zoneFactor * (alarm == 1 ? 0.8 : 1) * (floor == 0 ? 1.15 : 1)',
    fire: 'base * 0.21 * (age > 60 ? 1.06 : 1) * (heating == 2 ? 1.3 : 1)',
    water: 'base * 0.28 * (1 + 0.02 * max(0, objectAge - 25) ^ 0.5) * claimFactor',
    storm: 'base * 0.12 * (floor > 3 ? 1.2 : 1) * (0.9 + 0.07 * zone)',
    bicycle: 'bicycles * clamp(18.5 + 0.004 * sum / 10, 18.5, 74)',
    zoneFactor: 'zone == 1 ? 0.74 : zone == 2 ? 0.9 : zone == 3 ? 1.12 : 1.45',
    claimFactor: 'min(2.4, 1 + 0.35 * claims + 0.08 * claims ^ 2)',
    discount: 'base * clamp(0.02 * years - 0.05 * claims, 0, 0.2)',
    tax: '0.1615 + 0.0285 * (fire / (base + 1))',
    surcharge: 'instalments == 12 ? 1.05 : instalments == 4 ? 1.03 : instalments == 2 ? 1.02 : 1',
  },
  motor: {
    premium: 'round((liability + casco + legal) * bonus * surcharge / instalments * (1 + 0.19), 2)',
    liability: 'base * ageFactor * distanceFactor * (1 + 0.04 * max(0, zone - 2))',
    casco:
      'value > 0 ? value ^ 0.72 * 0.31 * typeFactor * exp(-0.04 * objectAge) * (1 - relief) : 0',
    relief: '0.18 * ramp(excess, 150, 1000) + 0.04 * (alarm == 1)',
    legal: '24.9 + 3.1 * (age < 25) + 0.0006 * distance',
    value: 'sum * 0.3 * 0.86 ^ objectAge',
    base: '312 + 4.8 * power ^ 0.5 + 0.9 * power * (power > 150)',
    ageFactor: 'age < 25 ? 1 + 0.12 * (25 - age) : age > 70 ? 1 + 0.025 * (age - 70) : 1',
    distanceFactor: '0.72 + 0.28 * sqrt(distance / 12000)',
    typeFactor: 'zone == 1 ? 0.92 : 1 + 0.06 * ln(1 + zone)',
    bonus: 'max(0.22, 0.98 ^ years * (0.55 + 0.45 * exp(-0.18 * years)) * claimFactor)',
    claimFactor: '1 + 0.3 * claims - 0.1 * (claims > 2) * (years > 10)',
    surcharge: '1 + 0.0125 * (instalments - 1) ^ 0.6',
  },
  travel: {
    premium:
      'round(max(9.9, (medical + cancellation + baggage + accident) * party * (1 - early)), 2)',
    medical: 'days * 0.92 * ageFactor * regionFactor * (1 - 0.2 * ramp(days, 21, 180))',
    cancellation: 'sum * 0.0021 * (3.2 - 1.4 * ramp(days, 3, 42)) * (age > 65 ? 1.4 : 1)',
    baggage: 'min(sum * 0.02, 2000) * 0.009 * (1 + 0.05 * claims)',
    accident: '0.35 + days * 0.11 * (zone >= 3 ? 1.25 : 1)',
    ageFactor: 'age <= 12 ? 0.5 : age <= 64 ? 1 : 1 + 0.07 * (age - 64) ^ 1.12',
    regionFactor: 'zone == 4 ? 2.35 : zone == 3 ? 1.4 : 1',
    party: 'travellers == 1 ? 1 : 1.62 + 0.18 * (travellers - 2)',
    early: '0.03 * clamp(weeksAhead / 4, 0, 3) * (1 - 0.5 * ramp(claims, 1, 4))',
  },
}

module.exports = { formulas }
