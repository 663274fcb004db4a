/**
 * Only where the application listens to the signal itself: otherwise it ends the process as ever, and a listener of ours
 * would prevent that. Returns what takes the listeners away again.
 */
export function abortOnSignals(abort: AbortController): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    abort.abort()
    if (process.listenerCount(signal) > 1) return
    // The application has taken its listener away meanwhile: without ours the signal would have ended the process.
    process.off(signal, stop)
    process.kill(process.pid, signal)
  }
  const signals = (['SIGTERM', 'SIGINT'] as const).filter(
    (signal) => process.listenerCount(signal) > 0,
  )
  for (const signal of signals) process.prependListener(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}
