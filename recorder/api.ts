import { sharedRecorderKey, type SharedRecorder } from './status.ts'

/**
 * Ends a recording, tries its requests one at a time, and writes its profile; the service goes on. Resolves to the path of
 * the profile, or to undefined when nothing is being recorded. Rejects with `ERR_PREWARM_REC_WRITE`,
 * `ERR_PREWARM_REC_SECRET` or `ERR_PREWARM_REC_FAILED`.
 *
 * @example
 * await stopRecording()
 */
export async function stopRecording(): Promise<string | undefined> {
  return (globalThis as { [sharedRecorderKey]?: SharedRecorder })[sharedRecorderKey]?.stop()
}
