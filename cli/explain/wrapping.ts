/**
 * Puts `wrap` around a method, whatever that is: others that are preloaded replace methods of the loader before or after this,
 * with or without the one they found. Until the returned function is called.
 */
export function wrapAlways<T extends object, K extends keyof T>(
  target: T,
  key: K,
  wrap: (original: T[K]) => T[K],
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key)
  if (before?.configurable !== true || typeof before.value !== 'function') return () => undefined
  let original = before.value as T[K]
  let wrapped = wrap(original)
  const { enumerable = true } = before
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable,
    get: () => wrapped,
    set(this: unknown, value: T[K]) {
      if (this !== target) {
        // Who hooks `module._compile` of one module means that one.
        const own = { value, writable: true, enumerable: true, configurable: true }
        Object.defineProperty(this as object, key, own)
        return
      }
      // Who puts back what was there has read what is wrapped.
      if (value === wrapped) return
      original = value
      wrapped = typeof value === 'function' ? wrap(value) : value
    },
  })
  return () => {
    Object.defineProperty(target, key, {
      configurable: true,
      enumerable,
      writable: true,
      value: original,
    })
  }
}

/** Calls `onRead` before a property of an object is read for the first time; afterwards it is what it was. */
export function onFirstRead<T extends object>(target: T, key: keyof T, onRead: () => void): void {
  const before = Object.getOwnPropertyDescriptor(target, key)
  if (before?.configurable !== true || !('value' in before)) return
  const restore = (value: unknown): void => {
    Object.defineProperty(target, key, { ...before, value })
    onRead()
  }
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: before.enumerable === true,
    get() {
      restore(before.value)
      return before.value as unknown
    },
    set: restore,
  })
}
