import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerHttp2Stream } from 'node:http2'

type Run = ReturnType<typeof AsyncLocalStorage.snapshot>
type Emit = (this: object, ...args: unknown[]) => boolean

const contexts = new WeakMap<object, Run>()
const prototypes = new WeakSet()
let isKeeping = false

/**
 * From now on events of `stream` run in the async context of the code that runs now. Node makes the streams of HTTP/2
 * outside of any, so that whoever answers when the body has come would not be known to answer a request (seen on Node 20 to 26).
 */
export function keepContext(stream: ServerHttp2Stream): void {
  isKeeping = true
  contexts.set(stream, AsyncLocalStorage.snapshot())
  // On the prototype, since with a property of its own a stream would have another shape than those of clients.
  const prototype = Object.getPrototypeOf(stream) as { emit: Emit }
  if (prototypes.has(prototype)) return
  prototypes.add(prototype)
  const { emit: original } = prototype
  const value: Emit = function emit(...args) {
    const run = isKeeping ? contexts.get(this) : undefined
    return run === undefined ? original.apply(this, args) : run(() => original.apply(this, args))
  }
  Object.defineProperty(value, 'length', { value: original.length })
  Object.defineProperty(prototype, 'emit', { value, writable: true, configurable: true })
}

/** Events run as Node runs them again. */
export function stopKeepingContexts(): void {
  isKeeping = false
}
