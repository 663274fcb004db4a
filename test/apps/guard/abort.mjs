// Preloaded after the replayer: dies in the middle of the first seconds, but only where a profile is in use.
import { status } from 'prewarm'

setTimeout(() => {
  if (status().state !== 'cold') process.abort()
}, 500).unref()
