import type { Profile } from '../formats/profile.ts'

/** Which of the recorded requests to leave out, by index of their route and their own; whole routes by the first alone. */
export interface LeftOut {
  readonly routes: ReadonlySet<number>
  readonly exemplars: ReadonlyMap<number, ReadonlySet<number>>
}

/** A profile without some of its requests, and without all that belongs to them; the others keep their order. */
export function withoutRequests(profile: Profile, { routes, exemplars }: LeftOut): Profile {
  const { requests, curve, ledger, tapes } = profile
  const keptRoutes = requests.routes.map((_, route) => !routes.has(route))
  const routeAt = newIndices(keptRoutes)
  const keptExemplars = requests.routes.map((route, index) =>
    route.exemplars.map((_, exemplar) => exemplars.get(index)?.has(exemplar) !== true),
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

/** Where each entry of a list is when only some are kept; undefined: it is not. */
function newIndices(kept: readonly boolean[]): (number | undefined)[] {
  let next = 0
  return kept.map((isKept) => (isKept ? next++ : undefined))
}
