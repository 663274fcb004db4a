import type { Exemplar, Requests, RouteRecord } from '../formats/profile.ts'
import type { Reason } from '../formats/reasons.ts'
import { connectionHeaders, mayBeSent } from '../formats/policy.ts'
import type { Units } from './units.ts'

const maxVisitsPerRound = 4
/** A route with less than this part of an even share of the traffic is left out of some rounds. */
const rareShare = 0.1
const maxRoundsBetween = 20

/** One recorded request, ready to be sent. */
export interface Case {
  readonly name: string
  readonly method: string
  readonly bytes: Buffer
  readonly status: number
  /** How long an answer may take. */
  readonly deadlineMs: number
}

/** The cases of one route: every so many rounds it is visited so often, and its cases take turns. */
export interface RouteCases {
  readonly everyRounds: number
  readonly visits: number
  readonly cases: Case[]
}

/** What may be rehearsed on one server; what may not is counted in `units`. */
export function selectCases(
  requests: Requests,
  server: number,
  allowedRoutes: readonly string[],
  units: Units,
): RouteCases[] {
  const routes = requests.routes.filter((route) => route.server === server)
  const total = routes.reduce((sum, route) => sum + route.count, 0)
  const selected: RouteCases[] = []
  for (const route of routes) {
    const cases: Case[] = []
    for (const exemplar of route.exemplars) {
      const reason = refusal(route, exemplar, allowedRoutes)
      const name = `${route.method} ${exemplar.url}`
      if (reason !== undefined) units.skip(name, reason)
      else cases.push(toCase(name, route, exemplar))
    }
    // 1 is an even share of the traffic.
    const share = (route.count / total) * routes.length
    if (cases.length > 0) {
      selected.push({
        everyRounds: Math.min(maxRoundsBetween, Math.ceil(Math.max(1, rareShare / share))),
        visits: Math.min(maxVisitsPerRound, Math.max(1, Math.round(share))),
        cases,
      })
    }
  }
  return selected
}

function refusal(
  route: RouteRecord,
  exemplar: Exemplar,
  allowedRoutes: readonly string[],
): Reason | undefined {
  if (exemplar.use === 'compare') return 'HELD_OUT'
  if (exemplar.bodyKept === 'dropped') return 'BODY_NOT_KEPT'
  return mayBeSent(route, allowedRoutes) ? undefined : 'UNSAFE_METHOD'
}

function toCase(name: string, route: RouteRecord, exemplar: Exemplar): Case {
  let head = `${route.method} ${exemplar.url} HTTP/1.1\r\n`
  for (let index = 0; index + 1 < exemplar.headers.length; index += 2) {
    const header = exemplar.headers[index] ?? ''
    if (connectionHeaders.has(header.toLowerCase())) continue
    head += `${header}: ${exemplar.headers[index + 1] ?? ''}\r\n`
  }
  if (exemplar.body !== null) head += `Content-Length: ${exemplar.body.length}\r\n`
  head += 'Connection: keep-alive\r\n\r\n'
  return {
    name,
    method: route.method,
    bytes: Buffer.concat([Buffer.from(head, 'latin1'), exemplar.body ?? Buffer.alloc(0)]),
    status: exemplar.status,
    deadlineMs: Math.max(500, 3 * route.cold.maxMs),
  }
}
