import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type net from 'node:net'
import { sha256 } from '../formats/hash.ts'
import { limits } from '../formats/limits.ts'
import type { Curve, Exemplar, Requests, ServerRecord } from '../formats/profile.ts'
import { identifyServer } from '../runtime/http-servers.ts'
import { RouteLatency } from './latency.ts'
import type { Redactor } from './redact.ts'
import { patternOf, routeOf, targetOf } from './routes.ts'

const exemplarsPerRoute = 16
/** Of the distinct requests of a route every fourth is held out for measuring. */
const heldOutEvery = 4
/** A route that has shown nothing new for this many requests is not searched any longer. */
const searchesPerRoute = 256
const maxRoutes = 300
const overflowRoute = '(other)'
/** Bytes of all exemplars together; far below what a section of a profile may hold, which would be refused as a whole. */
const defaultExemplarBytes = 16 * 1024 * 1024
/** Names and values in turn; the format has room for no more of them. */
const maxHeaderTexts = 400

interface RequestMessage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly server: net.Server
}

interface Route {
  readonly server: number
  readonly method: string
  readonly route: string
  readonly latency: RouteLatency
  readonly exemplars: Exemplar[]
  /** Hashes of the requests, since these may be long and hold secrets. */
  readonly seen: Set<string>
  searches: number
}

const startedAt = Symbol('prewarm.startedAt')
const bodyOf = Symbol('prewarm.body')

type Marked<T> = T & { [startedAt]?: number; [bodyOf]?: Body }

interface Body {
  readonly chunks: Buffer[]
  bytes: number
}

/** Counts and times every request, and keeps the first distinct ones of each route, without their secrets. */
export class RequestRecorder {
  readonly #redactor: Redactor
  readonly #onRequest: (count: number) => void
  readonly #servers = new Map<net.Server, { index: number; record: ServerRecord }>()
  /** By index of the server, method, and name. */
  readonly #routes: Map<string, Map<string, Route>>[] = []
  #routeCount = 0
  /** How often a body was copied, by method and pattern: once a kind has been seen enough, the copying stops. */
  readonly #bodiesTaken = new Map<string, number>()
  #count = 0
  #bytesLeft: number

  constructor(
    redactor: Redactor,
    onRequest: (count: number) => void,
    exemplarBytes = defaultExemplarBytes,
  ) {
    this.#redactor = redactor
    this.#onRequest = onRequest
    this.#bytesLeft = exemplarBytes
  }

  get count(): number {
    return this.#count
  }

  start(): void {
    subscribe('http.server.request.start', this.#onStart)
    subscribe('http.server.response.finish', this.#onFinish)
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.#onStart)
    unsubscribe('http.server.response.finish', this.#onFinish)
  }

  /** The section of the profile, most frequent route first. */
  requests(): Requests {
    return {
      servers: [...this.#servers.values()].map(({ record }) => record),
      routes: this.#sorted().map(({ server, method, route, latency, exemplars }) => ({
        server,
        method,
        route,
        count: latency.count,
        cold: latency.cold(),
        steady: latency.steady(),
        exemplars,
      })),
    }
  }

  curves(): Curve[] {
    return this.#sorted().map(({ latency }, route) => ({ route, points: latency.curve() }))
  }

  #sorted(): Route[] {
    return this.#routes
      .flatMap((routes) => [...routes.values()].flatMap((byName) => [...byName.values()]))
      .sort((a, b) => b.latency.count - a.latency.count)
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as RequestMessage
    ;(response as Marked<ServerResponse>)[startedAt] = performance.now()
    if (request.method !== 'GET' && request.method !== 'HEAD') this.#takeBody(request)
  }

  readonly #onFinish = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage
    const start = (response as Marked<ServerResponse>)[startedAt]
    if (start === undefined) return
    const ms = performance.now() - start
    const route = this.#routeFor(request, server)
    if (route === undefined) return
    route.latency.add(ms)
    const isSought = route.searches < searchesPerRoute && route.exemplars.length < exemplarsPerRoute
    // Nothing is gained by rehearsing errors, and bots make many of them.
    if (isSought && response.statusCode < 400) this.#keepExemplar(route, request, response)
    this.#onRequest(++this.#count)
  }

  /** Runs for every request: two look-ups by strings that exist already cost less than one by a string put together. */
  #routeFor(request: IncomingMessage, server: net.Server): Route | undefined {
    const index = this.#serverIndex(server)
    if (index === undefined) return undefined
    const method = request.method ?? 'GET'
    const routes = (this.#routes[index] ??= new Map<string, Map<string, Route>>())
    let byName = routes.get(method)
    if (byName === undefined) routes.set(method, (byName = new Map<string, Route>()))
    const name = routeOf(request)
    return byName.get(name) ?? this.#addRoute(byName, { server: index, method, route: name })
  }

  #addRoute(byName: Map<string, Route>, place: Pick<Route, 'server' | 'method' | 'route'>): Route {
    const isFull = this.#routeCount >= maxRoutes
    const name = isFull ? overflowRoute : place.route
    const known = byName.get(name)
    if (known !== undefined) return known
    this.#routeCount++
    const route: Route = {
      ...place,
      route: name,
      latency: new RouteLatency(),
      exemplars: [],
      seen: new Set(),
      // Nothing is kept of what has no route of its own.
      searches: isFull ? searchesPerRoute : 0,
    }
    byName.set(name, route)
    return route
  }

  #serverIndex(server: net.Server): number | undefined {
    const known = this.#servers.get(server)
    if (known !== undefined) return known.index
    const identity = identifyServer(server)
    if (identity === undefined) return undefined
    const address = server.address()
    const index = this.#servers.size
    this.#servers.set(server, {
      index,
      record: {
        ...identity,
        port: typeof address === 'object' && address !== null ? address.port : null,
        path: typeof address === 'string' ? address : null,
      },
    })
    return index
  }

  #keepExemplar(route: Route, request: IncomingMessage, response: ServerResponse): void {
    if (request.rawHeaders.length > maxHeaderTexts) return
    route.searches++
    const body = (request as Marked<IncomingMessage>)[bodyOf]
    const target = targetOf(request)
    const raw = body === undefined ? undefined : Buffer.concat(body.chunks)
    const key = sha256(raw === undefined ? target : `${target}\n${raw.toString('latin1')}`)
    if (route.seen.has(key)) return
    route.seen.add(key)
    const hasBody = hasRequestBody(request)
    const url = this.#redactor.redactUrl(target)
    const headers = this.#redactor.redactHeaders(request.rawHeaders)
    if (!this.#spend(url.length + headers.join('').length)) return
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const redacted =
      hasBody && raw !== undefined && body !== undefined && body.bytes <= limits.bodyBytes
        ? this.#redactor.redactBody(raw, type, encoding)
        : undefined
    const kept = redacted !== undefined && this.#spend(redacted.length) ? redacted : undefined
    const number = route.exemplars.length
    route.exemplars.push({
      url,
      headers,
      body: kept ?? null,
      bodyKept: !hasBody ? 'none' : kept === undefined ? 'dropped' : 'whole',
      status: response.statusCode,
      use: number % heldOutEvery === 1 ? 'compare' : 'rehearse',
    })
  }

  /** Whether there is room for so many bytes more. */
  #spend(bytes: number): boolean {
    if (bytes > this.#bytesLeft) return false
    this.#bytesLeft -= bytes
    return true
  }

  /** Copies the chunks as the parser delivers them, so that it sees the bytes whatever the application does with them. */
  #takeBody(request: IncomingMessage): void {
    if (!hasRequestBody(request)) return
    const kind = `${request.method ?? ''} ${patternOf((request.url ?? '').split('?', 1)[0] ?? '')}`
    const taken = this.#bodiesTaken.get(kind) ?? 0
    if (taken >= searchesPerRoute || (taken === 0 && this.#bodiesTaken.size >= maxRoutes)) return
    this.#bodiesTaken.set(kind, taken + 1)
    const body: Body = { chunks: [], bytes: 0 }
    ;(request as Marked<IncomingMessage>)[bodyOf] = body
    const push = request.push
    request.push = function (this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding) {
      if (chunk instanceof Uint8Array) {
        body.bytes += chunk.length
        if (body.bytes <= limits.bodyBytes) body.chunks.push(Buffer.from(chunk))
      }
      return push.call(this, chunk, encoding)
    }
  }
}

/** RFC 9112, section 6: a request has a body when it says how long it is. */
function hasRequestBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return (
    request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  )
}
