import type { IncomingMessage } from 'node:http'
import type { SegmentKind, Segments } from './segments.ts'

type Asked = Pick<IncomingMessage, 'url'>

/** What Express leaves on a request that it has routed. */
interface Routed {
  readonly baseUrl?: unknown
  readonly route?: { readonly path?: unknown }
}

/** The pattern of a framework's own route; undefined: it does not say. */
export function frameworkRouteOf(request: Asked, segments: Segments): string | undefined {
  const { route, baseUrl } = request as Routed
  if (typeof route?.path !== 'string') return undefined
  // A mount point may have variables too, and is given as it was asked for.
  const mount = typeof baseUrl === 'string' ? patternOf(baseUrl, segments) : ''
  return mount !== '' && route.path === '/' ? mount : mount + route.path
}

/** Express rewrites `url` below a mount point and keeps the whole one in `originalUrl`. */
export function targetOf(request: Asked): string {
  const { originalUrl } = request as { originalUrl?: unknown }
  return typeof originalUrl === 'string' ? originalUrl : (request.url ?? '/')
}

/** `/users/42/orders/9f1c2ab4d5;v=1?page=2` is `/users/:id/orders/:id`. */
export function patternOf(target: string, segments: Segments): string {
  const end = target.search(/[?#]/)
  return segments.replace(end < 0 ? target : target.slice(0, end), nameOf)
}

function nameOf(segment: string, kind: SegmentKind): string {
  return kind === 'literal' ? segment : ':id'
}
