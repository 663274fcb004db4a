import v8 from 'node:v8'

/**
 * Compiles with all functions, and not only those that run at once. The flag is part of what V8 accepts caches by, so that it must be
 * off again when a cache is made.
 */
export function allAtOnce<T>(compile: () => T): T {
  v8.setFlagsFromString('--no-lazy')
  try {
    return compile()
  } finally {
    v8.setFlagsFromString('--lazy')
  }
}
