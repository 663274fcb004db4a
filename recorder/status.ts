/** What the recorder in a process offers to the application's own copy of this package. */
export interface SharedRecorder {
  /** Path of the profile; undefined when nothing was written. Throws what `Recorder.stop` throws. */
  stop(): string | undefined
}

export const sharedRecorderKey = Symbol.for('prewarm.recorder')
