import { depots, distanceKm } from './depots.js'

/** Vans go no further in one day. */
const legKm = 320

/** The shortest way between two depots in legs of a day, by Dijkstra; undefined when there is none. */
export function cheapestRoute(from, to) {
  const open = new Map([[from, 0]])
  const came = new Map()
  const done = new Set()
  while (open.size > 0) {
    const [depot, km] = [...open].reduce((best, each) => (each[1] < best[1] ? each : best))
    if (depot === to) return { km, stops: wayTo(came, to) }
    open.delete(depot)
    done.add(depot)
    for (const next of depots) {
      const leg = distanceKm(depot, next)
      if (done.has(next) || leg > legKm || km + leg >= (open.get(next) ?? Infinity)) continue
      open.set(next, km + leg)
      came.set(next, depot)
    }
  }
  return undefined
}

function wayTo(came, to) {
  const stops = []
  for (let depot = to; depot !== undefined; depot = came.get(depot)) stops.unshift(depot.code)
  return stops
}
