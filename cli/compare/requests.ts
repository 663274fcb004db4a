import type { Exemplar, Profile, Requests, RouteRecord } from '../../formats/profile.ts'
import { connectionHeaders, mayBeSent, routeName, switchedProtocols } from '../../formats/policy.ts'
import { prepareRequest } from '../../runtime/prepared-request.ts'
import type { MeasuredRequest } from './messages.ts'

/** What a profile offers for measuring. */
export interface RequestSelection {
  readonly requests: readonly MeasuredRequest[]
  /** The HTTP server that they are for: its position in the order of listening. */
  readonly serverOrdinal: number
  /** Sentences about what was left out. */
  readonly notes: readonly string[]
}

/** A round must stay short against the length of a warm-up; the routes come by weight, so the rest is rare. */
const maxRequests = 100

/** Without the requests that were answered otherwise when they were tried in staging, mostly since redaction took their credentials. */
export function withoutBroken({
  requests,
  ledger,
}: Pick<Profile, 'requests' | 'ledger'>): Requests {
  const broken = new Set(
    ledger
      .filter(({ outcome }) => !['passed', 'observed', 'untried'].includes(outcome))
      .map(({ route, exemplar }) => requests.routes[route]?.exemplars[exemplar]),
  )
  const routes = requests.routes.map((route) => ({
    ...route,
    exemplars: route.exemplars.filter((exemplar) => !broken.has(exemplar)),
  }))
  return { ...requests, routes }
}

/**
 * The held-out requests of the server with the most traffic. A route whose every exemplar is rehearsed gives its
 * first one, since leaving it out would say nothing about it.
 *
 * `perRoute` of each: the more there are, the fewer of a round are the first of their route to be served.
 */
export function selectRequests(
  recorded: Requests,
  allowList: readonly string[],
  perRoute: number,
): RequestSelection {
  const usable = recorded.routes.filter(
    (route) => mayBeSent(route, allowList) && recorded.servers[route.server]?.kind !== 'http2',
  )
  const server = usable[0]?.server ?? 0
  const mine = usable.filter((route) => route.server === server)
  const requests = mine.flatMap((route) => requestsOf(route, perRoute))
  const notes: string[] = []
  if (mine.length < usable.length) {
    notes.push(
      `Only the server with the most traffic is measured; ${usable.length - mine.length} routes of others are not.`,
    )
  }
  if (requests.length > maxRequests) {
    notes.push(
      `${requests.length} requests were recorded for measuring; the ${maxRequests} of the most frequent routes are used.`,
    )
  }
  return {
    requests: requests.slice(0, maxRequests),
    serverOrdinal: recorded.servers[server]?.ordinal ?? 0,
    notes,
  }
}

/** How many of the requests are among those that the replayer may rehearse. */
export function countRehearsed(
  requests: readonly MeasuredRequest[],
  recorded: Requests,
  allowList: readonly string[],
): number {
  const rehearsed = new Set(
    recorded.routes
      .filter((route) => mayBeSent(route, allowList))
      .flatMap((route) =>
        route.exemplars
          .filter((exemplar) => exemplar.use === 'rehearse')
          .map((exemplar) =>
            identity(route.method, exemplar.url, prepareRequest(route, exemplar).body),
          ),
      ),
  )
  return requests.filter(({ method, path, body }) => rehearsed.has(identity(method, path, body)))
    .length
}

function requestsOf(route: RouteRecord, perRoute: number): readonly MeasuredRequest[] {
  const whole = route.exemplars.filter(
    (exemplar) =>
      exemplar.bodyKept !== 'dropped' &&
      exemplar.url.startsWith('/') &&
      exemplar.status !== switchedProtocols &&
      exemplar.cutAfterMs === undefined,
  )
  const heldOut = whole.filter((exemplar) => exemplar.use === 'compare')
  const chosen = heldOut.length > 0 ? heldOut.slice(0, perRoute) : whole.slice(0, 1)
  return chosen.map((exemplar) => ({
    route: routeName(route),
    method: route.method,
    path: exemplar.url,
    headers: headersOf(exemplar),
    body: prepareRequest(route, exemplar).body,
    recordedStatus: exemplar.status,
  }))
}

function headersOf(exemplar: Exemplar): MeasuredRequest['headers'] {
  const headers = new Map<string, { readonly name: string; readonly values: string[] }>()
  for (let index = 0; index + 1 < exemplar.headers.length; index += 2) {
    const name = exemplar.headers[index] ?? ''
    const value = exemplar.headers[index + 1] ?? ''
    const key = name.toLowerCase()
    if (key === 'host' || connectionHeaders.has(key)) continue
    const known = headers.get(key)
    if (known === undefined) headers.set(key, { name, values: [value] })
    else known.values.push(value)
  }
  return Object.fromEntries(
    [...headers.values()].map(({ name, values: [first = '', ...rest] }) => [
      name,
      rest.length === 0 ? first : [first, ...rest],
    ]),
  )
}

function identity(method: string, path: string, body: Uint8Array | null): string {
  return `${method} ${path} ${Buffer.from(body ?? []).toString('base64')}`
}
