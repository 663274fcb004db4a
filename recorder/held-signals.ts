export interface SignalEvents {
  /** The service hears of the signal once this has resolved. */
  onFirst(): Promise<unknown>
  /** Somebody is losing patience. */
  onSecond(): void
  /** The service is about to be told, or to end. */
  onLast(): void
}

/**
 * Keeps signals that end the service back until the recording is done, since the trial needs a service that still answers. Node
 * delivers signals through `process.emit`, as it was when the first listener was added (lib/internal/process/signal.js): call
 * this before the application is loaded.
 */
export function holdSignals(signals: readonly NodeJS.Signals[], events: SignalEvents): void {
  const emit = process.emit
  const listen = (): void => undefined
  let state: 'open' | 'holding' | 'done' = 'open'
  const deliver = (args: readonly unknown[]): void => {
    state = 'done'
    events.onLast()
    for (const signal of signals) process.off(signal, listen)
    const [name] = args as [NodeJS.Signals]
    // Had we not listened, the signal would have ended the process.
    if (process.listenerCount(name) === 0) process.kill(process.pid, name)
    else Reflect.apply(emit, process, args)
  }
  const isHeld = (event: unknown): boolean =>
    state !== 'done' && signals.some((signal) => signal === event)
  process.emit = function (this: NodeJS.Process, ...args: unknown[]): boolean {
    if (!isHeld(args[0])) return Reflect.apply(emit, this, args) as boolean
    if (state === 'holding') events.onSecond()
    else {
      state = 'holding'
      void events.onFirst().finally(() => {
        deliver(args)
      })
    }
    return true
  } as typeof process.emit
  for (const signal of signals) process.on(signal, listen)
}
