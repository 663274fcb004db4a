import { loader } from '../commonjs.ts'
import type { Handler } from './undici-handlers.ts'

export interface DispatchOptions {
  readonly origin?: unknown
  readonly path?: unknown
  readonly method?: unknown
  readonly query?: unknown
  readonly upgrade?: unknown
}

export type Dispatch = (this: Dispatcher, options: DispatchOptions, handler: Handler) => boolean

export interface Dispatcher {
  dispatch: Dispatch
}

/** Puts another `dispatch` into a class. */
type Hook = (owner: Dispatcher) => void

export function hookCopies(hook: Hook): void {
  hookGlobals(hook)
  for (const [file, module] of Object.entries(loader._cache)) {
    if (!/undici.*[\\/]dispatcher-base\.js$/.test(file)) continue
    const { prototype } = (module?.exports ?? {}) as { prototype?: unknown }
    hookChain(prototype, hook)
  }
}

export function hookGlobals(hook: Hook): void {
  const globals = globalThis as unknown as Record<symbol, unknown>
  for (const version of [1, 2])
    hookChain(globals[Symbol.for(`undici.globalDispatcher.${version}`)], hook)
}

/** Copies that are bundled into the application can be told by nothing but their connections: the parser has the client. */
export function hookBySocket(connected: object, hook: Hook): void {
  const socket = connected as Record<symbol, unknown>
  for (const key of Object.getOwnPropertySymbols(socket)) {
    const value = socket[key]
    if (isObject(value) && 'client' in value) hookChain(value.client, hook)
  }
}

const hooked = new WeakSet<object>()

/**
 * Hooks `dispatch` in the classes of a dispatcher instead of putting another one in its place: pools that are warm, that
 * the application has made itself or got hold of before, have the same class at their root.
 */
function hookChain(dispatcher: unknown, hook: Hook): void {
  let owner = dispatcher as Dispatcher | null | undefined
  while (typeof owner === 'object' && owner !== null) {
    if (hooked.has(owner)) return
    const parent = Object.getPrototypeOf(owner) as Dispatcher | null
    const isClass = Object.hasOwn(owner, 'constructor')
    // The method at the root is abstract, and that of an instance its own affair.
    if (isClass && Object.hasOwn(owner, 'dispatch') && parent !== null && 'dispatch' in parent) {
      hooked.add(owner)
      hook(owner)
    }
    owner = parent
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
