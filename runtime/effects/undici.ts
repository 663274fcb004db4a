import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type net from 'node:net'
import { stringify, type ParsedUrlQueryInput } from 'node:querystring'
import { loader } from '../commonjs.ts'
import { AnswerTaker } from './answer-taker.ts'
import { urlOf, verdictOn } from './outbound-verdict.ts'
import { connectingForHttp, currentSink, httpClientSockets, type EffectSink } from './sink.ts'
import { tapeServer } from './tape-server.ts'
import { failLater, showing, type Handler } from './undici-handlers.ts'

interface DispatchOptions {
  readonly origin?: unknown
  readonly path?: unknown
  readonly method?: unknown
  readonly query?: unknown
  readonly upgrade?: unknown
}

type Dispatch = (this: Dispatcher, options: DispatchOptions, handler: Handler) => boolean

interface Dispatcher {
  dispatch: Dispatch
}

type DispatcherClass = new (
  origin: string,
  options: {
    pipelining: number
    connect(options: unknown, callback: (error: Error | null, socket?: net.Socket) => void): void
  },
) => Dispatcher

type Fetch = typeof globalThis.fetch

let isWatching = false

/**
 * Whether calls by undici are watched, of all copies that can be found: the one in Node, those from npm, and whatever is
 * set as the global dispatcher. Also looks for copies that have been loaded since.
 */
export function watchUndici(watch: boolean): void {
  if (watch) hookCopies()
  if (watch === isWatching) return
  isWatching = watch
  if (watch) {
    subscribe('undici:request:create', onCreate)
    subscribe('undici:client:sendHeaders', onSendHeaders)
  } else {
    unsubscribe('undici:request:create', onCreate)
    unsubscribe('undici:client:sendHeaders', onSendHeaders)
  }
}

/** Once, before any application code: what cannot be found out when watching begins. */
export function hookUndici(): void {
  subscribe('undici:client:connected', onConnected)
  hookFetch()
}

/** Node loads its undici with the first `fetch`, takes 30 ms over it, and sends the call without a pause. */
function hookFetch(): void {
  const original: Fetch = globalThis.fetch
  const { fetch } = {
    fetch(this: unknown, input: Parameters<Fetch>[0], ...init: [RequestInit?]): ReturnType<Fetch> {
      if (isWatching && currentSink() !== undefined) {
        // To ask for any of its classes makes Node load it.
        Reflect.get(globalThis, 'Headers')
        hookGlobals()
      }
      return original.call(this as never, input, ...init)
    },
  }
  globalThis.fetch = fetch
}

function hookCopies(): void {
  hookGlobals()
  for (const [file, module] of Object.entries(loader._cache)) {
    if (!/undici.*[\\/]dispatcher-base\.js$/.test(file)) continue
    const { prototype } = (module?.exports ?? {}) as { prototype?: unknown }
    hookChain(prototype)
  }
}

function hookGlobals(): void {
  const globals = globalThis as unknown as Record<symbol, unknown>
  for (const version of [1, 2]) hookChain(globals[Symbol.for(`undici.globalDispatcher.${version}`)])
}

/** Copies that are bundled into the application can be told by nothing but their connections: the parser has the client. */
function onConnected(message: unknown): void {
  const socket = (message as { socket: object }).socket as Record<symbol, unknown>
  for (const key of Object.getOwnPropertySymbols(socket)) {
    const value = socket[key]
    if (isObject(value) && 'client' in value) hookChain(value.client)
  }
}

const hooked = new WeakSet<object>()

/**
 * Hooks `dispatch` in the classes of a dispatcher instead of putting another one in its place: pools that are warm, that
 * the application has made itself or got hold of before, have the same class at their root.
 */
function hookChain(dispatcher: unknown): void {
  let owner = dispatcher as Dispatcher | null | undefined
  while (typeof owner === 'object' && owner !== null) {
    if (hooked.has(owner)) return
    const parent = Object.getPrototypeOf(owner) as Dispatcher | null
    const isClass = Object.hasOwn(owner, 'constructor')
    // The method at the root is abstract, and that of an instance its own affair.
    if (isClass && Object.hasOwn(owner, 'dispatch') && parent !== null && 'dispatch' in parent) {
      hooked.add(owner)
      hookDispatch(owner)
    }
    owner = parent
  }
}

/** Calls that were decided over, on their way from a pool to its clients, which can be much later. */
const passed = new WeakSet()

function hookDispatch(owner: Dispatcher): void {
  const original = owner.dispatch
  const { dispatch } = {
    dispatch(this: Dispatcher, options: DispatchOptions, handler: Handler): boolean {
      if (!isWatching) return original.call(this, options, handler)
      if (passed.has(options)) return send(this, options, handler)
      const url = urlOfPool(this)
      // An agent only chooses the pool. Of bad arguments undici complains better.
      if (url === undefined || !isObject(options) || !isObject(handler))
        return original.call(this, options, handler)
      const own = copyOf(options)
      const sink = currentSink()
      // Marked though nobody cares: it may wait in the pool until somebody does.
      return sink === undefined ? send(this, own, handler) : decide(sink, this, url, own, handler)
    },
  }
  const send = (self: Dispatcher, options: DispatchOptions, handler: Handler): boolean => {
    isCreating = true
    try {
      return connectingForHttp(() => original.call(self, options, handler))
    } finally {
      isCreating = false
    }
  }
  const decide = (
    sink: EffectSink,
    self: Dispatcher,
    url: URL,
    options: DispatchOptions,
    handler: Handler,
  ): boolean => {
    const method = typeof options.method === 'string' ? options.method : 'GET'
    const Class = classOf(self)
    const canBeTaped = Class !== undefined && !options.upgrade && method !== 'CONNECT'
    const verdict = verdictOn(sink, {
      method,
      url: urlOf(url.origin, targetOf(options)),
      canBeTaped,
    })
    if (verdict.does === 'refuse') {
      failLater(handler, verdict.error)
      return true
    }
    if (verdict.does === 'answer' && Class !== undefined) {
      const { origin, pool } = poolOf(Class)
      const path = `/${tapeServer().admit(verdict.exchange)}`
      return pool.dispatch(copyOf({ ...options, origin, path, query: undefined }), handler)
    }
    if (verdict.does !== 'record') return send(self, options, handler)
    return send(self, options, showing(handler, new AnswerTaker(verdict.take)))
  }
  owner.dispatch = dispatch
}

/** The application may use its own again for other calls. */
function copyOf(options: DispatchOptions): DispatchOptions {
  const copy = Object.assign(
    Object.create(Object.getPrototypeOf(options) as object | null),
    options,
  ) as DispatchOptions
  passed.add(copy)
  return copy
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Pools and clients keep the URL of their server under a symbol of this name in all copies; agents have none. */
function urlOfPool(dispatcher: Dispatcher): URL | undefined {
  for (const key of Object.getOwnPropertySymbols(dispatcher)) {
    if (key.description !== 'url') continue
    const value = (dispatcher as unknown as Record<symbol, unknown>)[key]
    return value instanceof URL ? value : undefined
  }
  return undefined
}

function targetOf({ path, query }: DispatchOptions): string {
  const target = String(path)
  return isObject(query) ? `${target}?${stringify(query as ParsedUrlQueryInput)}` : target
}

/** The class of undici below those that an application derives, whose constructors are unknown. */
function classOf(dispatcher: Dispatcher): DispatcherClass | undefined {
  let owner = Object.getPrototypeOf(dispatcher) as { constructor: DispatcherClass } | null
  for (; owner !== null; owner = Object.getPrototypeOf(owner) as typeof owner) {
    // Bundlers put something before or after a name.
    if (/^_?(?:Pool|Client)\d*$/.test(owner.constructor.name)) return owner.constructor
  }
  return undefined
}

const tapeOrigin = 'http://127.0.0.1'
const pools = new Map<DispatcherClass, Dispatcher>()

/** Leads to the tape, whatever its origin says, and is in no application's hands. */
function poolOf(Class: DispatcherClass): { origin: string; pool: Dispatcher } {
  let pool = pools.get(Class)
  if (pool === undefined) {
    pool = new Class(tapeOrigin, {
      pipelining: 1,
      connect(_options, callback) {
        tapeServer()
          .connect()
          .then((socket) => {
            callback(null, socket)
          }, callback)
      },
    })
    pools.set(Class, pool)
  }
  return { origin: tapeOrigin, pool }
}

/** Whether the next request is one that a hooked `dispatch` has passed on. */
let isCreating = false

interface UndiciRequest {
  readonly origin: unknown
  readonly path: string
  readonly method: string
  readonly upgrade?: unknown
  onError?(error: Error): void
  onResponseError?(error: Error): void
}

/**
 * Sees the requests of every copy. What a hooked copy sends was decided over before; a copy that is bundled into the
 * application and has never been connected is told of here, too late to be answered from a tape.
 */
function onCreate(message: unknown): void {
  const isKnown = isCreating
  isCreating = false
  if (isKnown) return
  const sink = currentSink()
  if (sink === undefined) return
  hookCopies()
  const { request } = message as { request: UndiciRequest }
  const { method } = request
  const url = urlOf(String(request.origin), request.path)
  const verdict = verdictOn(sink, { method, url, canBeTaped: false })
  if (verdict.does === 'record') verdict.take(undefined)
  if (verdict.does !== 'refuse') return
  // Having failed, it leaves the queue of its client without being sent. To throw here would block the pool for good.
  if (request.onResponseError === undefined) request.onError?.(verdict.error)
  else request.onResponseError(verdict.error)
}

/** What goes over it was told of when the request was created. */
function onSendHeaders(message: unknown): void {
  httpClientSockets.add((message as { socket: net.Socket }).socket)
}
