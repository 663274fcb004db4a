import { rememberCodec, type ArgumentCodec } from '../runtime/argument-codec.ts'
import { checkWork } from '../runtime/work-names.ts'
import { sharedRecorderKey, type AnyFunction, type SharedRecorder } from './status.ts'

/**
 * Ends a recording, tries its requests and calls one at a time, and writes its profile; the service goes on. Resolves to the path of
 * the profile, or to undefined when nothing is being recorded. Rejects with `ERR_PREWARM_REC_WRITE`,
 * `ERR_PREWARM_REC_SECRET` or `ERR_PREWARM_REC_FAILED`.
 *
 * @example
 * await stopRecording()
 */
export async function stopRecording(): Promise<string | undefined> {
  return shared()?.stop()
}

/**
 * Names work that is not HTTP, so that its calls are recorded and `rehearse` can repeat them. When nothing is recorded
 * this is `fn` itself. While recording, a promise that it returns is passed on as a new one. A codec is for
 * arguments that are not plain data. Throws `ERR_PREWARM_CFG_VALUE` for what cannot be a name or a function.
 *
 * @example
 * const resize = recordable('resize-image', async (job) => { ... })
 */
export function recordable<F extends AnyFunction, Form = unknown>(
  name: string,
  fn: F,
  codec?: ArgumentCodec<Parameters<F>, Form>,
): F {
  checkWork('recordable', name, fn)
  const known = codec as ArgumentCodec | undefined
  rememberCodec(name, known)
  return shared()?.recordable(name, fn, known) ?? fn
}

function shared(): SharedRecorder | undefined {
  return (globalThis as { [sharedRecorderKey]?: SharedRecorder })[sharedRecorderKey]
}
