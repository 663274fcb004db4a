import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { liveLimits, type LiveSample, type LiveTraffic } from '../../formats/live.ts'
import { isRehearsal } from '../../runtime/rehearsal-context.ts'
import { frameworkRouteOf, patternOf, targetOf } from '../../runtime/routes.ts'
import { SecretNames } from '../../runtime/secrets.ts'
import { Segments } from '../../runtime/segments.ts'

/** Requests that go on at the same time; more are not counted. */
const maxBegun = 10_000
/** Those whose clients go away never finish, and nothing is known of them but that. */
const longestMs = 60_000
/** Names of a process: paths that nobody has routed can be without end. */
const maxRoutes = 200
const otherRoutes = '(others)'

interface RequestMessage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface StreamMessage {
  readonly stream: ServerHttp2Stream
  readonly headers?: IncomingHttpHeaders
}

interface Begun {
  readonly startedAt: number
  readonly isRehearsed: boolean
  /** Of a request over HTTP/2. */
  readonly headers?: IncomingHttpHeaders | undefined
}

/** Counts and times the requests of clients to all servers, without touching them. HTTP/2 is seen where Node has channels for it. */
export class TrafficWatch {
  #segments = new Segments(new SecretNames([]))
  readonly #names = new Set<string>()
  /** Neither a property nor a weak map, for the reasons that the guard has for its own. */
  readonly #begun = new Map<object, Begun>()
  /** While no client can come: the streams of HTTP/2 are made outside of the context that marks what is rehearsed. */
  isRehearsing = false
  #requests = 0
  #routes = new Map<string, number>()
  #samples: LiveSample[] = []
  #hasCome = false
  #lookedAt = 0

  /** Before that, nothing is looked at. */
  start(): void {
    this.#lookedAt = performance.now()
    this.#warmUp()
    subscribe('http.server.request.start', this.#onStart)
    subscribe('http.server.response.finish', this.#onFinish)
    subscribe('http2.server.stream.start', this.#onStream)
    subscribe('http2.server.stream.close', this.#onStreamClose)
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.#onStart)
    unsubscribe('http.server.response.finish', this.#onFinish)
    unsubscribe('http2.server.stream.start', this.#onStream)
    unsubscribe('http2.server.stream.close', this.#onStreamClose)
    this.#begun.clear()
    // What is no longer seen is not told to be nothing.
    this.#hasCome = false
  }

  /** @param names - further ones whose values are secrets, as the profile knows them */
  redact(names: readonly string[]): void {
    this.#segments = new Segments(new SecretNames(names.filter((name) => !name.startsWith('$'))))
  }

  /** Of the time since it was last asked; undefined: no request has come yet. */
  take(): LiveTraffic | undefined {
    const now = performance.now()
    const forMs = now - this.#lookedAt
    this.#lookedAt = now
    this.#forgetOld(now - longestMs)
    if (!this.#hasCome) return undefined
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const traffic: LiveTraffic = {
      type: 'traffic',
      ms: tenths(now),
      forMs: tenths(forMs),
      requests: this.#requests,
      routes: [...this.#routes.keys()],
      samples: this.#samples,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      cpuMs: Math.round((user + system) / 1000),
    }
    this.#requests = 0
    this.#samples = []
    this.#routes = new Map()
    return traffic
  }

  // A subscriber that throws would end the process.
  readonly #onStart = (message: unknown): void => {
    try {
      this.#begin((message as RequestMessage).response, isRehearsal())
    } catch {
      this.stop()
    }
  }

  readonly #onFinish = (message: unknown): void => {
    try {
      const { request, response } = message as RequestMessage
      const begun = this.#begun.get(response)
      if (begun === undefined) return
      this.#finished(response, begun, () => {
        const name = frameworkRouteOf(request, this.#segments)
        return `${request.method ?? 'GET'} ${name ?? patternOf(targetOf(request), this.#segments)}`
      })
    } catch {
      this.stop()
    }
  }

  readonly #onStream = (message: unknown): void => {
    try {
      const { stream, headers } = message as StreamMessage
      this.#begin(stream, this.isRehearsing, headers)
    } catch {
      this.stop()
    }
  }

  readonly #onStreamClose = (message: unknown): void => {
    try {
      const { stream } = message as StreamMessage
      const begun = this.#begun.get(stream)
      if (begun === undefined) return
      if (stream.rstCode !== 0) {
        this.#begun.delete(stream)
        return
      }
      this.#finished(stream, begun, () => {
        const path = begun.headers?.[':path'] ?? '/'
        return `${begun.headers?.[':method'] ?? 'GET'} ${patternOf(path, this.#segments)}`
      })
    } catch {
      this.stop()
    }
  }

  #begin(key: object, isRehearsed: boolean, headers?: IncomingHttpHeaders): void {
    if (this.#begun.size >= maxBegun) return
    this.#begun.set(key, { startedAt: performance.now(), isRehearsed, headers })
  }

  #finished(key: object, { startedAt, isRehearsed }: Begun, nameOf: () => string): void {
    const endedAt = performance.now()
    this.#begun.delete(key)
    if (!isRehearsed) {
      this.#hasCome = true
      this.#requests++
      if (this.#samples.length >= liveLimits.samples) return
    }
    // Of a rehearsed one too, so that clients do not pay for the first times.
    const name = this.#known(nameOf())
    if (isRehearsed) return
    let route = this.#routes.get(name)
    if (route === undefined) this.#routes.set(name, (route = this.#routes.size))
    const micros = Math.round((endedAt - startedAt) * 1000)
    this.#samples.push([route, Math.round(startedAt), micros])
  }

  /** Else the first client of a cold start would wait a millisecond or two for what it is not about. */
  #warmUp(): void {
    for (let time = 0; time < 20; time++) {
      for (const url of ['/', '/items/42?page=2', '/Some_where/9f1c2ab4d5.json']) {
        const key = {}
        this.#begin(key, true)
        const begun = this.#begun.get(key)
        if (begun === undefined) return
        this.#finished(key, begun, () => {
          return frameworkRouteOf({ url }, this.#segments) ?? patternOf(url, this.#segments)
        })
      }
    }
    this.#names.clear()
  }

  #known(name: string): string {
    const short = name.slice(0, liveLimits.routeLength)
    if (this.#names.has(short)) return short
    if (this.#names.size >= maxRoutes) return otherRoutes
    this.#names.add(short)
    return short
  }

  /** The map is in order of beginning. */
  #forgetOld(before: number): void {
    for (const [key, { startedAt }] of this.#begun) {
      if (startedAt >= before) return
      this.#begun.delete(key)
    }
  }
}

/** Tenths of a millisecond will do. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
