import type { IncomingMessage } from 'node:http'
import { hasSecret, SecretNames } from './secrets.ts'

/** What Express leaves on a request that it has routed. */
interface Routed {
  readonly baseUrl?: unknown
  readonly route?: { readonly path?: unknown }
}

const maxMemo = 5000
const memo = new Map<string, string>()
const commonNames = new SecretNames([])

/** The pattern of the route that answered: the framework's own where it says so, else the path with its variables named. */
export function routeOf(request: IncomingMessage): string {
  const { route, baseUrl } = request as Routed
  if (typeof route?.path === 'string') {
    // A mount point may have variables too, and is given as it was asked for.
    const mount = typeof baseUrl === 'string' ? patternOf(baseUrl) : ''
    return mount !== '' && route.path === '/' ? mount : mount + route.path
  }
  return patternOf(pathOf(request))
}

/** Express rewrites `url` below a mount point and keeps the whole one in `originalUrl`. */
export function targetOf(request: IncomingMessage): string {
  const { originalUrl } = request as { originalUrl?: unknown }
  return typeof originalUrl === 'string' ? originalUrl : (request.url ?? '/')
}

function pathOf(request: IncomingMessage): string {
  const target = targetOf(request)
  const end = target.search(/[?#]/)
  return end < 0 ? target : target.slice(0, end)
}

/** `/users/42/orders/9f1c2ab4d5;v=1` is `/users/:id/orders/:id`. */
export function patternOf(path: string): string {
  const known = memo.get(path)
  if (known !== undefined) return known
  const pattern = path
    .split('/')
    .map((segment) => segment.replace(/(?:;|%3b).*/is, ''))
    .map((segment) => (isVariable(segment) ? ':id' : segment))
    .join('/')
  if (memo.size >= maxMemo) memo.clear()
  memo.set(path, pattern)
  return pattern
}

/** Whether a segment of a path names a thing rather than a kind of things. */
export function isVariable(segment: string): boolean {
  return (
    /^\d+$/.test(segment) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(segment) ||
    // Hashes, object ids and the like: long, and digits among the letters.
    (/^[\w-]{8,}$/.test(segment) && (segment.match(/\d/g)?.length ?? 0) >= segment.length / 4) ||
    // Base64: longer, with letters of both cases and digits.
    /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{16,}$/.test(segment) ||
    // A secret must not become the name of a route.
    /=|:.*@/.test(segment) ||
    hasSecret(segment, commonNames) ||
    segment.length > 64
  )
}
