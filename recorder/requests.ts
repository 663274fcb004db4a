import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type net from 'node:net'
import { messageOf } from '../formats/errors.ts'
import { mostKept } from '../formats/most-kept.ts'
import { switchedProtocols } from '../formats/policy.ts'
import type { Curve, Exemplar, Requests, ServerRecord } from '../formats/profile.ts'
import { identifyServer } from '../runtime/http-servers.ts'
import { enterOnEvents } from '../runtime/stream-context.ts'
import { askedOverHttp2, type AskedRequest } from './asked-request.ts'
import { BodyCopier, hasRequestBody } from './bodies.ts'
import type { EffectRecorder, LiveObservation } from './effects.ts'
import { ExemplarKeeper, ExemplarList } from './exemplars.ts'
import { RouteLatency } from './latency.ts'
import { openAnswer, OpenAnswers, statusOf, type OpenAnswer } from './open-answers.ts'
import type { Redactor } from './redact.ts'
import { frameworkRouteOf, patternOf, targetOf } from '../runtime/routes.ts'
import { watchServer, type StreamEvent } from './server-events.ts'

const maxRoutes = 300
const overflowRoute = '(other)'

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
  /** Undefined: nothing is kept of what has no route of its own. */
  readonly list: ExemplarList | undefined
}

/** After so many requests that taught nothing new, only every sixteenth one is observed. */
const maxUneventful = 1000

/** Counts and times every request, and keeps the first distinct ones of each route, without their secrets. */
export class RequestRecorder {
  readonly #redactor: Redactor
  readonly #effects: EffectRecorder
  readonly #live = new Map<Exemplar, LiveObservation>()
  #uneventful = 0
  readonly #onRequest: (count: number) => void
  readonly #servers = new Map<net.Server, { index: number; record: ServerRecord }>()
  /** By index of the server, method, and name. */
  readonly #routes: Map<string, Map<string, Route>>[] = []
  #routeCount = 0
  readonly #keeper: ExemplarKeeper
  readonly #bodies = new BodyCopier((hook) => this.#guard(hook))
  readonly #answers = new OpenAnswers(
    (hook) => this.#guard(hook),
    (open, isCut) => {
      this.#keep(open, isCut)
    },
  )
  readonly #watched = new WeakSet<net.Server>()
  #isStopped = false
  #count = 0

  constructor(
    redactor: Redactor,
    effects: EffectRecorder,
    onRequest: (count: number) => void,
    exemplarBytes = mostKept.exemplarBytes,
  ) {
    this.#redactor = redactor
    this.#effects = effects
    this.#onRequest = onRequest
    this.#keeper = new ExemplarKeeper(redactor, exemplarBytes)
  }

  get count(): number {
    return this.#count
  }

  /** What the requests that became exemplars did when clients sent them. */
  get live(): ReadonlyMap<Exemplar, LiveObservation> {
    return this.#live
  }

  /** Those that have answered. */
  servers(): net.Server[] {
    return [...this.#servers.keys()]
  }

  /** @param index - into `servers` of the section */
  serverAt(index: number): net.Server | undefined {
    return [...this.#servers].find(([, known]) => known.index === index)?.[0]
  }

  start(): void {
    subscribe('http.server.request.start', this.#onStart)
    subscribe('http.server.response.finish', this.#onFinish)
  }

  /** To be called when a server is told to listen. */
  watch(server: net.Server): void {
    if (this.#watched.has(server)) return
    this.#watched.add(server)
    const onUpgrade = this.#guard((request: AskedRequest) => {
      this.#keepUpgrade(server, request)
    })
    const onStream = this.#guard(({ stream, headers, rawHeaders }: StreamEvent) => {
      const request = askedOverHttp2(headers, rawHeaders)
      // So WebSockets come over HTTP/2: RFC 8441.
      if (request.method === 'CONNECT') this.#keepUpgrade(server, request)
      else {
        const open = openAnswer(server, request, stream, !stream.endAfterHeaders, stream)
        this.#begin(open)
        enterOnEvents(stream, () => {
          this.#effects.enter(open.live)
        })
      }
    })
    watchServer(server, { onStream, onUpgrade })
  }

  /** Ends the observation; answers that are still being sent count as far as they have come. */
  stop(): void {
    this.#unsubscribe()
    this.#guard(() => {
      this.#answers.cutAll()
    })(undefined)
    this.#isStopped = true
  }

  #unsubscribe(): void {
    unsubscribe('http.server.request.start', this.#onStart)
    unsubscribe('http.server.response.finish', this.#onFinish)
  }

  /** The section of the profile, most frequent route first. */
  requests(): Requests {
    return {
      servers: [...this.#servers.values()].map(({ record }) => record),
      routes: this.#sorted().map(({ server, method, route, latency, list }) => ({
        server,
        method,
        route,
        count: latency.count,
        cold: latency.cold(),
        steady: latency.steady(),
        exemplars: list?.exemplars ?? [],
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

  readonly #onStart = this.#guard((message: unknown): void => {
    const { request, response, server } = message as RequestMessage
    this.#begin(openAnswer(server, request, request, hasRequestBody(request), response))
  })

  readonly #onFinish = this.#guard((message: unknown): void => {
    this.#answers.finish((message as RequestMessage).response)
  })

  /** What the code that runs now goes on to do belongs to the request. */
  #begin(open: OpenAnswer): void {
    this.#answers.begin(open)
    const isObserved = this.#uneventful < maxUneventful || this.#count % 16 === 0
    if (isObserved) open.live = this.#effects.begin()
    else this.#effects.beginUnobserved()
    const { method = 'GET', url = '/' } = open.request
    if (method === 'GET' || method === 'HEAD' || !open.hasBody) return
    this.#bodies.watch(open.source, `${method} ${patternOf(url, this.#redactor.segments)}`)
  }

  #keep(open: OpenAnswer, isCut: boolean): void {
    const { server, request, source, hasBody, answer, startedAt, live } = open
    const ms = performance.now() - startedAt
    if (live !== undefined) this.#effects.answered(live)
    this.#uneventful++
    const status = statusOf(answer)
    const isError = status >= 400
    const route = this.#routeFor(request, server, isError)
    if (route === undefined) return
    // How long a client stays with an endless answer is no latency.
    if (isCut) route.latency.addUntimed()
    else route.latency.add(ms)
    // Nothing is gained by rehearsing errors, and bots make many of them.
    if (!isError) {
      const body = this.#bodies.take(source)
      const exemplar =
        route.list &&
        this.#keeper.keep(route.list, request, hasBody, body, {
          status,
          ...('rstCode' in answer ? { protocol: 'h2' } : {}),
          ...(isCut ? { cutAfterMs: ms } : {}),
        })
      if (exemplar !== undefined) {
        this.#uneventful = 0
        if (live !== undefined) this.#live.set(exemplar, live)
      }
    }
    this.#onRequest(++this.#count)
  }

  #keepUpgrade(server: net.Server, request: AskedRequest): void {
    const route = this.#routeFor(request, server, false)
    if (route === undefined) return
    route.latency.addUntimed()
    if (route.list !== undefined) {
      this.#keeper.keep(route.list, request, false, undefined, { status: switchedProtocols })
    }
    this.#onRequest(++this.#count)
  }

  /** A subscriber that throws would end the process: after an error of ours nothing more is observed. */
  #guard<T>(hook: (value: T) => void): (value: T) => void {
    return (value) => {
      if (this.#isStopped) return
      try {
        hook(value)
      } catch (error) {
        this.#isStopped = true
        this.#unsubscribe()
        process.emitWarning(`Requests are no longer recorded: ${messageOf(error)}`, {
          type: 'PrewarmWarning',
          code: 'ERR_PREWARM_REC_FAILED',
        })
      }
    }
  }

  /** Runs for every request: two look-ups by strings that exist already cost less than one by a string put together. */
  #routeFor(request: AskedRequest, server: net.Server, isError: boolean): Route | undefined {
    const index = this.#serverIndex(server)
    if (index === undefined) return undefined
    const method = request.method ?? 'GET'
    const routes = (this.#routes[index] ??= new Map<string, Map<string, Route>>())
    let byName = routes.get(method)
    if (byName === undefined) routes.set(method, (byName = new Map<string, Route>()))
    const { segments } = this.#redactor
    const ofFramework = frameworkRouteOf(request, segments)
    const name = ofFramework ?? patternOf(targetOf(request), segments)
    const known = byName.get(name)
    if (known !== undefined) return known
    // Else whoever asks for what is not there would use up the routes.
    const isOwn = (!isError || ofFramework !== undefined) && this.#routeCount < maxRoutes
    const place = { server: index, method }
    if (!isOwn) {
      const other = { ...place, route: overflowRoute, list: undefined }
      return byName.get(overflowRoute) ?? addRoute(byName, other)
    }
    this.#routeCount++
    return addRoute(byName, { ...place, route: name, list: new ExemplarList() })
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
}

function addRoute(byName: Map<string, Route>, parts: Omit<Route, 'latency'>): Route {
  const route = { ...parts, latency: new RouteLatency() }
  byName.set(route.route, route)
  return route
}
