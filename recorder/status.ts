import type { ArgumentCodec } from '../runtime/argument-codec.ts'

/** What the recorder in a process offers to the application's own copy of this package. */
export interface SharedRecorder {
  /** Path of the profile; undefined when nothing was written. Rejects as `Recorder.finish` does. */
  stop(): Promise<string | undefined>
  /** The function as it is recorded from now on, or itself when nothing is recorded any longer. */
  recordable<F extends AnyFunction>(name: string, fn: F, codec: ArgumentCodec | undefined): F
}

export type AnyFunction = (...args: never[]) => unknown

export const sharedRecorderKey = Symbol.for('prewarm.recorder')
