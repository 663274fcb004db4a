import type { RouteRecord } from './profile.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Headers, lower case, that belong to the recorded connection and not to the request: whoever sends it sets its own. */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** `POST /graphql`: how allow-lists and reports name a route. */
export function routeName(route: Pick<RouteRecord, 'method' | 'route'>): string {
  return `${route.method} ${route.route}`
}

/**
 * Whether requests of a route may be sent without a client having asked: the method is safe (RFC 9110, 9.2.1), or the
 * allow-list names the route. A `*` at the end of an entry matches any rest.
 */
export function mayBeSent(
  route: Pick<RouteRecord, 'method' | 'route'>,
  allowList: readonly string[],
): boolean {
  const name = routeName(route)
  return (
    safeMethods.has(route.method) ||
    allowList.some((entry) =>
      entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
    )
  )
}
