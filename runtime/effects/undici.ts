import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type net from 'node:net'
import { stringify, type ParsedUrlQueryInput } from 'node:querystring'
import { AnswerTaker } from './answer-taker.ts'
import { urlOf, verdictOn } from './outbound-verdict.ts'
import { connectingForHttp, currentSink, httpClientSockets, type EffectSink } from './sink.ts'
import { classOf, tapePoolOf } from './tape-pool.ts'
import { tapeServer } from './tape-server.ts'
import {
  hookBySocket,
  hookCopies,
  hookGlobals,
  isObject,
  type Dispatcher,
  type DispatchOptions,
} from './undici-copies.ts'
import { failLater, showing, type Handler } from './undici-handlers.ts'

type Fetch = typeof globalThis.fetch

let isWatching = false

/**
 * Whether calls by undici are watched, of all copies that can be found: the one in Node, those from npm, and whatever is
 * set as the global dispatcher. Also looks for copies that have been loaded since.
 */
export function watchUndici(watch: boolean): void {
  if (watch) hookCopies(hookDispatch)
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

function onConnected(message: unknown): void {
  hookBySocket((message as { socket: object }).socket, hookDispatch)
}

/** Node loads its undici with the first `fetch`, takes 30 ms over it, and sends the call without a pause. */
function hookFetch(): void {
  const original: Fetch = globalThis.fetch
  const { fetch } = {
    fetch(this: unknown, input: Parameters<Fetch>[0], ...init: [RequestInit?]): ReturnType<Fetch> {
      if (isWatching && currentSink() !== undefined) {
        // To ask for any of its classes makes Node load it.
        Reflect.get(globalThis, 'Headers')
        hookGlobals(hookDispatch)
      }
      return original.call(this as never, input, ...init)
    },
  }
  globalThis.fetch = fetch
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
      const { origin, pool } = tapePoolOf(Class)
      const path = `/${tapeServer().admit(verdict.exchange)}`
      return pool.dispatch(copyOf({ ...options, origin, path, query: undefined }), handler)
    }
    if (verdict.does !== 'record') return send(self, options, handler)
    return send(self, options, showing(handler, new AnswerTaker(verdict.take)))
  }
  // Without effect where the application has frozen it; then `onCreate` refuses.
  Reflect.set(owner, 'dispatch', dispatch)
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

/** Whether the next request is one that a hooked `dispatch` has passed on. */
let isCreating = false

interface UndiciRequest {
  readonly origin: unknown
  readonly path: string
  readonly method: string
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
  hookCopies(hookDispatch)
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
