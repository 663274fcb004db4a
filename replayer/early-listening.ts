import type { HeldServer } from './gate.ts'

/**
 * Tells the application that a held server listens, for frameworks that make their request handlers only then: without them, nothing
 * can be rehearsed. When the port opens in truth, it is told to those only who have not heard of it.
 */
export function announceEarly({ server, isClosed }: HeldServer): void {
  // As Node does it: not before listen() has returned.
  process.nextTick(() => {
    if (isClosed()) return
    const told = new Set(server.rawListeners('listening'))
    server.emit('listening')
    const emit = server.emit.bind(server)
    server.emit = (event: string, ...args: unknown[]): boolean => {
      if (event !== 'listening') return emit(event, ...args)
      server.emit = emit
      const untold = server.rawListeners(event).filter((listener) => !told.has(listener))
      for (const listener of untold) Reflect.apply(listener, server, args)
      return untold.length > 0
    }
  })
}
