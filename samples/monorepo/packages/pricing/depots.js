const names = ['Arnel', 'Borvik', 'Castor', 'Dunholm', 'Elmau', 'Farrow', 'Gosk', 'Hythe']

/** Depots lie on a map of 1000 km by 1000 km. */
export const depots = Array.from({ length: 64 }, (_, index) => ({
  code: `${names[index % 8].slice(0, 2).toUpperCase()}${1 + Math.floor(index / 8)}`,
  name: `${names[index % 8]} ${1 + Math.floor(index / 8)}`,
  x: (index * 389) % 1000,
  y: (index * index * 37 + index * 91) % 1000,
  /** Of parcels a day. */
  capacity: 500 + ((index * 271) % 1500),
}))

const byCode = new Map(depots.map((depot) => [depot.code, depot]))

/** Undefined when there is none. */
export function depotOf(code) {
  return byCode.get(code)
}

export function distanceKm(a, b) {
  return Math.round(Math.hypot(a.x - b.x, a.y - b.y))
}
