import { sharedRecorderKey, type SharedRecorder } from './status.ts'

/**
 * Ends a recording and writes its profile; the service goes on. Returns the path of the profile, or undefined when nothing is being
 * recorded. Blocks for the time it takes. Throws `ERR_PREWARM_REC_WRITE`, `ERR_PREWARM_REC_SECRET`
 * or `ERR_PREWARM_REC_FAILED`.
 *
 * @example
 * afterLoadTest(() => stopRecording())
 */
export function stopRecording(): string | undefined {
  return (globalThis as { [sharedRecorderKey]?: SharedRecorder })[sharedRecorderKey]?.stop()
}
