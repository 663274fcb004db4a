const centsPerKgAndKm = { economy: 0.045, standard: 0.06, express: 0.11 }
const handlingCents = { economy: 240, standard: 290, express: 520 }
const fragileShare = 0.15

/** Of every parcel and all together, cents. Large and light parcels cost as much as their size would weigh. */
export function priceOf({ service, parcels }, { km, stops }) {
  const each = parcels.map((parcel) => {
    const kg = chargeableGrams(parcel) / 1000
    const carriage = kg * km * centsPerKgAndKm[service]
    const handling = handlingCents[service] * (stops.length - 1)
    return Math.round((carriage + handling) * (parcel.isFragile ? 1 + fragileShare : 1))
  })
  const sum = each.reduce((total, cents) => total + cents, 0)
  const discount = parcels.length >= 10 ? 0.12 : parcels.length >= 5 ? 0.06 : 0
  return { parcels: each, discount, totalCents: Math.round(sum * (1 - discount)) }
}

function chargeableGrams({ grams, sizeMm: [length, width, height] }) {
  const volumetric = (length * width * height) / 5000
  return Math.max(grams, volumetric)
}
