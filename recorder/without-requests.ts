import type { Profile } from '../formats/profile.ts'

/** Entries of a list that are left out whole, by index, and parts of those that stay. */
export interface LeftOut {
  readonly whole: ReadonlySet<number>
  readonly parts: ReadonlyMap<number, ReadonlySet<number>>
}

/**
 * A profile without some of its requests, and without all that belongs to them; the others keep their order.
 *
 * @param leftOut - routes, and requests of them
 */
export function withoutRequests(profile: Profile, leftOut: LeftOut): Profile {
  const { requests, curve, ledger, tapes } = profile
  const keptRoutes = requests.routes.map((_, route) => !leftOut.whole.has(route))
  const routeAt = newIndices(keptRoutes)
  const keptExemplars = requests.routes.map((route, index) =>
    route.exemplars.map((_, exemplar) => leftOut.parts.get(index)?.has(exemplar) !== true),
  )
  const exemplarAt = keptExemplars.map(newIndices)
  const move = <T extends { readonly route: number; readonly exemplar: number }>(entry: T): T[] => {
    const route = routeAt[entry.route]
    const exemplar = exemplarAt[entry.route]?.[entry.exemplar]
    return route === undefined || exemplar === undefined ? [] : [{ ...entry, route, exemplar }]
  }
  return {
    ...profile,
    requests: {
      ...requests,
      routes: requests.routes
        .map((route, index) => ({
          ...route,
          exemplars: route.exemplars.filter((_, exemplar) => keptExemplars[index]?.[exemplar]),
        }))
        .filter((_, index) => keptRoutes[index]),
    },
    curve: curve.flatMap((entry) => {
      const route = routeAt[entry.route]
      return route === undefined ? [] : [{ ...entry, route }]
    }),
    ledger: ledger.flatMap(move),
    tapes: tapes.flatMap(move),
  }
}

/** The same for recorded calls of work. */
export function withoutCalls(profile: Profile, { whole, parts }: LeftOut): Profile {
  const work = profile.work.flatMap((entry, index) => {
    if (whole.has(index)) return []
    const samples = entry.samples.filter((_, sample) => parts.get(index)?.has(sample) !== true)
    return [{ ...entry, samples }]
  })
  return { ...profile, work }
}

/** Where each entry of a list is when only some are kept; undefined: it is not. */
function newIndices(kept: readonly boolean[]): (number | undefined)[] {
  let next = 0
  return kept.map((isKept) => (isKept ? next++ : undefined))
}
