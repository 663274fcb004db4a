import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type net from 'node:net'
import type { Meta } from '../../formats/profile.ts'
import type { LatencyCounts } from '../../formats/report.ts'
import { identifyServer } from '../../runtime/http-servers.ts'
import { frameworkRouteOf, patternOf, targetOf } from '../../runtime/routes.ts'
import { SecretNames } from '../../runtime/secrets.ts'
import { Segments } from '../../runtime/segments.ts'
import type { Outline } from '../plan.ts'
import {
  firstRequests,
  laterRequests,
  LatencyEvidence,
  limitOf,
  type Sample,
} from './latency-evidence.ts'

/** The most frequent ones. */
const maxRoutes = 64
const maxBegun = 1000

interface WatchedRoute {
  /** `GET /items/:id` */
  readonly name: string
  readonly isMain: boolean
  readonly limit: number
  readonly first: Sample[]
  readonly later: Sample[]
}

interface RequestMessage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly server: net.Server
}

interface Begun {
  readonly startedAt: number
  readonly cpu: NodeJS.CpuUsage
}

/** Times the first requests of clients by route, and stops as soon as enough is known. HTTP/2 is not looked at. */
export class LatencyWatch {
  /** By server (`http 0`), method and name. */
  readonly #routes = new Map<string, Map<string, Map<string, WatchedRoute>>>()
  readonly #segments: Segments
  readonly #evidence: LatencyEvidence
  /**
   * Not a property of the response: it would not have the shape any more that the code has learnt. Nor a weak map: for the
   * garbage collection of the young it keeps all of them alive.
   */
  readonly #begun = new Map<ServerResponse, Begun>()
  #left = 0
  #isOver = false
  #isRehearsing = false
  #onEnd: () => void = () => undefined

  constructor({ servers, routes }: Pick<Outline, 'servers' | 'routes'>, { redactedKeys }: Meta) {
    const total = routes.reduce((sum, { count }) => sum + count, 0)
    for (const route of routes) {
      const server = servers[route.server]
      const limit = limitOf(route.cold, route.steady)
      const isTimed = server !== undefined && server.kind !== 'http2' && limit !== undefined
      if (!isTimed || this.#left === maxRoutes) continue
      const byMethod = entryOf(this.#routes, `${server.kind} ${server.ordinal}`)
      const isMain = route.count > total / 2
      const name = `${route.method} ${route.route}`
      entryOf(byMethod, route.method).set(route.route, {
        name,
        isMain,
        limit,
        first: [],
        later: [],
      })
      this.#left++
    }
    this.#segments = new Segments(
      new SecretNames(redactedKeys.filter((key) => !key.startsWith('$'))),
    )
    this.#evidence = new LatencyEvidence(this.#left)
    this.#isOver = this.#left === 0
  }

  /** Because all is known, or there is nothing to be told from requests. */
  get isOver(): boolean {
    return this.#isOver
  }

  get leansToHarm(): boolean {
    return this.#evidence.leansToHarm
  }

  counts(): LatencyCounts {
    return this.#evidence.counts()
  }

  /**
   * While requests are rehearsed: Node's server learns that somebody listens to it, and what is done here for every request becomes
   * as warm as what is timed. Nothing is kept.
   */
  rehearse(): void {
    if (this.#isOver) return
    this.#isRehearsing = true
    this.#subscribe()
  }

  /** @param onEnd - called once, when enough is known or the time is up */
  start(onEnd: () => void): void {
    this.#onEnd = onEnd
    if (this.#isRehearsing) this.#forget()
    else this.#subscribe()
    this.#isRehearsing = false
  }

  #subscribe(): void {
    subscribe('http.server.request.start', this.#onStart)
    subscribe('http.server.response.finish', this.#onFinish)
  }

  #forget(): void {
    this.#begun.clear()
    for (const byMethod of this.#routes.values()) {
      for (const byName of byMethod.values()) byName.forEach(forget)
    }
  }

  /** The time is up: what there is has to do. */
  stop(): void {
    if (this.#isOver) return
    for (const byMethod of this.#routes.values()) {
      for (const byName of byMethod.values()) {
        for (const route of byName.values()) this.#judge(route)
      }
    }
    this.#end()
  }

  #end(): void {
    this.#isOver = true
    this.#routes.clear()
    this.#begun.clear()
    unsubscribe('http.server.request.start', this.#onStart)
    unsubscribe('http.server.response.finish', this.#onFinish)
    this.#onEnd()
  }

  // A subscriber that throws would end the process.
  readonly #onStart = (message: unknown): void => {
    try {
      const { response } = message as RequestMessage
      // Those whose clients go away never finish.
      if (this.#begun.size >= maxBegun) this.#begun.clear()
      this.#begun.set(response, { startedAt: performance.now(), cpu: process.cpuUsage() })
    } catch {
      this.#end()
    }
  }

  readonly #onFinish = (message: unknown): void => {
    try {
      const { request, response, server } = message as RequestMessage
      const begun = this.#begun.get(response)
      if (begun === undefined) return
      this.#begun.delete(response)
      this.#finished(server, request, begun)
    } catch {
      this.#end()
    }
  }

  #finished(server: net.Server, request: IncomingMessage, { startedAt, cpu }: Begun): void {
    const identity = identifyServer(server)
    if (identity === undefined) return
    const byMethod = this.#routes.get(`${identity.kind} ${identity.ordinal}`)
    const byName = byMethod?.get(request.method ?? 'GET')
    if (byName === undefined) return
    const name =
      frameworkRouteOf(request, this.#segments) ?? patternOf(targetOf(request), this.#segments)
    const route = byName.get(name)
    if (route === undefined) return
    const { user, system } = process.cpuUsage(cpu)
    const isFirst = route.first.length < firstRequests
    const samples = isFirst ? route.first : route.later
    samples.push({ startedAt, ms: performance.now() - startedAt, busyMs: (user + system) / 1000 })
    if (route.later.length < laterRequests) return
    if (this.#isRehearsing) {
      forget(route)
      return
    }
    byName.delete(name)
    this.#left--
    this.#judge(route)
    if (this.#evidence.verdict !== 'undecided' || this.#left === 0) this.#end()
  }

  #judge({ name, isMain, limit, first, later }: WatchedRoute): void {
    this.#evidence.judge(name, isMain, limit, first, later)
  }
}

function forget({ first, later }: WatchedRoute): void {
  first.length = 0
  later.length = 0
}

function entryOf<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let entry = map.get(key)
  if (entry === undefined) map.set(key, (entry = new Map<string, V>()))
  return entry
}
