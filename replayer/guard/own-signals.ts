import { constants } from 'node:os'

/** Signals that somebody sends to end a process, by name and by number. */
const stopSignals: ReadonlyMap<unknown, NodeJS.Signals> = new Map<unknown, NodeJS.Signals>(
  (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).flatMap((name) => [
    [name, name],
    [constants.signals[name], name],
  ]),
)

/**
 * Calls back before the process ends itself by one of these signals: Nest, signal-exit and others clean up when they are sent one,
 * take their listeners away, and send it once more. No `exit` event tells of that. Returns what takes the hook away again.
 */
export function beforeOwnSignal(callback: () => void): () => void {
  const { kill } = process
  const hooked: typeof kill = (pid, signal = 'SIGTERM') => {
    const name = stopSignals.get(signal)
    const isLast = name !== undefined && process.listenerCount(name) === 0
    if (isLast && pid === process.pid) callback()
    return kill.call(process, pid, signal)
  }
  process.kill = hooked
  return () => {
    // Somebody else may have put a hook around it.
    if (process.kill === hooked) process.kill = kill
  }
}
