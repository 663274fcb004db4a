import type { ServerHttp2Stream } from 'node:http2'

type Emit = (this: object, ...args: unknown[]) => boolean

const entries = new WeakMap<object, () => void>()
const prototypes = new WeakSet()
let isEntering = false

/**
 * From now on `enter` is called before each event of `stream`, to set the async context that its listeners run in. Node makes
 * the streams of HTTP/2 outside of any, so that whoever answers when the body has come would not be known to answer a
 * request (seen on Node 20 to 26). The context is entered and not run in, since what a listener throws must leave with it.
 */
export function enterOnEvents(stream: ServerHttp2Stream, enter: () => void): void {
  isEntering = true
  entries.set(stream, enter)
  // On the prototype, since with a property of its own a stream would have another shape than those of clients.
  const prototype = Object.getPrototypeOf(stream) as { emit: Emit }
  if (prototypes.has(prototype)) return
  prototypes.add(prototype)
  const { emit: original } = prototype
  const value: Emit = function emit(...args) {
    if (isEntering) entries.get(this)?.()
    return original.apply(this, args)
  }
  Object.defineProperty(value, 'length', { value: original.length })
  Object.defineProperty(prototype, 'emit', { value, writable: true, configurable: true })
}

/** Events run as Node runs them again. */
export function stopEntering(): void {
  isEntering = false
}
