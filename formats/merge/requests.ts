import type {
  Curve,
  Exchange,
  LedgerEntry,
  Requests,
  RouteRecord,
  ServerRecord,
} from '../profile.ts'
import { combine } from './distribution.ts'
import { Evidence, mergeExemplars, Room } from './exemplars.ts'
import { newestOf, type Recording } from './recording.ts'
import { addCounts } from './sums.ts'
import { Places, unite, type Group } from './unite.ts'

export interface MergedRequests {
  readonly requests: Requests
  readonly curve: readonly Curve[]
  readonly ledger: readonly LedgerEntry[]
  readonly tapes: readonly Exchange[]
  /** Distinct requests for which there was no room. */
  readonly leftOut: number
}

/**
 * Servers are told by their kind and place in the order of listening, routes by server, method and pattern; requests add up.
 * The warm-up curve of a route is that of the recording with the most requests that has one.
 */
export function mergeRequests(recordings: readonly Recording[]): MergedRequests {
  const servers = unite(
    recordings.map((of) => ({ of, entries: of.profile.requests.servers })),
    ({ kind, ordinal }) => `${kind} ${ordinal}`,
  )
  const serverPlaces = new Places(servers)
  const serverOf = (of: Recording, { server }: RouteRecord): number =>
    serverPlaces.of(of, server) ?? 0
  const routes = unite(
    recordings.map((of) => ({ of, entries: of.profile.requests.routes })),
    (entry, of) => `${serverOf(of, entry)} ${entry.method} ${entry.route}`,
  )
    .map((group) => ({ group, count: addCounts(group, ({ count }) => count) }))
    .sort((a, b) => b.count - a.count)

  const evidence = new Map(recordings.map((of) => [of, new Evidence(of)]))
  const room = new Room()
  const ledger: LedgerEntry[] = []
  const tapes: Exchange[] = []
  let leftOut = 0
  const merged = routes.map(({ group, count }, route): RouteRecord => {
    const found = mergeExemplars(group, evidence, room)
    found.exemplars.forEach((each, exemplar) => {
      if (each.ledger !== undefined) ledger.push({ ...each.ledger, route, exemplar })
      tapes.push(...each.tapes.map((tape) => ({ ...tape, route, exemplar })))
    })
    leftOut += found.leftOut
    const { of, entry } = group[0]
    return {
      server: serverOf(of, entry),
      method: entry.method,
      route: entry.route,
      count,
      cold: combine(group, ({ cold }) => cold),
      steady: combine(group, ({ steady }) => steady),
      exemplars: found.exemplars.map(({ exemplar }) => exemplar),
    }
  })
  return {
    requests: { servers: servers.map(serverAsNewest), routes: merged },
    curve: curvesOf(routes.map(({ group }) => group)),
    ledger,
    tapes,
    leftOut,
  }
}

function serverAsNewest(group: Group<ServerRecord>): ServerRecord {
  return newestOf(group).entry
}

function curvesOf(routes: readonly Group<RouteRecord>[]): readonly Curve[] {
  const byRoute = new Map<Recording, ReadonlyMap<number, Curve>>()
  const curveOf = (of: Recording, route: number): Curve | undefined => {
    const curves = byRoute.get(of) ?? new Map(of.profile.curve.map((curve) => [curve.route, curve]))
    byRoute.set(of, curves)
    return curves.get(route)
  }
  return routes.flatMap((group, route) => {
    const curve = group
      .map(({ of, index }) => curveOf(of, index))
      .find((each) => each !== undefined)
    return curve === undefined ? [] : [{ ...curve, route }]
  })
}
