import type { Effect } from '../../formats/effects.ts'
import { currentSink, type EffectSink } from './sink.ts'

export type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * Puts what `wrap` makes of a method in its place, with the name, length and other own properties of the original, such
 * as those that `util.promisify` looks for. Nothing happens where a Node has no such method, or lets nobody replace it.
 */
export function replaceMethod(
  owner: object,
  name: string,
  wrap: (original: Method) => Method,
): void {
  const place = Object.getOwnPropertyDescriptor(owner, name)
  const original: unknown = place?.value
  if (typeof original !== 'function') return
  const wrapper = wrap(original as Method)
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original))
  Reflect.defineProperty(owner, name, { ...place, value: wrapper })
}

export interface Watch {
  /** What a call is about to do; empty: nothing that matters. Whatever it throws, the arguments are bad ones. */
  effects(self: unknown, args: readonly unknown[]): readonly Effect[]
  /** What a caller gets whose call must not happen; by default the error is thrown. */
  refuse?(error: Error, args: readonly unknown[]): unknown
  /** How the original is called while there is a sink. */
  pass?(original: Method, self: unknown, args: unknown[]): unknown
}

/** Tells the sink of the running code what each call of a method is about to do, and refuses what it refuses. */
export function watch(
  owner: object,
  name: string,
  { effects, refuse = raise, pass = call }: Watch,
): void {
  replaceMethod(owner, name, (original) => {
    // A method, since unlike a function it has no `prototype` of its own. Nothing in it may close over its arguments:
    // every call would have to allocate them, also when nobody watches.
    const { watched } = {
      watched(this: unknown, ...args: unknown[]): unknown {
        const sink = currentSink()
        if (sink === undefined) return Reflect.apply(original, this, args)
        const error = firstRefusal(sink, effectsUnlessBad(effects, this, args))
        return error === undefined ? pass(original, this, args) : refuse(error, args)
      },
    }
    return watched
  })
}

export function firstRefusal(sink: EffectSink, effects: readonly Effect[]): Error | undefined {
  for (const effect of effects) {
    const error = sink.tell(effect)
    if (error !== undefined) return error
  }
  return undefined
}

/** For functions that return a promise. */
export function reject(error: Error): Promise<never> {
  return Promise.reject(error)
}

export function call(original: Method, self: unknown, args: unknown[]): unknown {
  return Reflect.apply(original, self, args)
}

function raise(error: Error): never {
  throw error
}

/** Of bad arguments the original complains better, and does nothing. */
function effectsUnlessBad(
  effects: Watch['effects'],
  self: unknown,
  args: readonly unknown[],
): readonly Effect[] {
  try {
    return effects(self, args)
  } catch {
    return []
  }
}
