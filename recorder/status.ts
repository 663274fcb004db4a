/** What the recorder in a process offers to the application's own copy of this package. */
export interface SharedRecorder {
  /** Path of the profile; undefined when nothing was written. Rejects as `Recorder.finish` does. */
  stop(): Promise<string | undefined>
}

export const sharedRecorderKey = Symbol.for('prewarm.recorder')
