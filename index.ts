export { PrewarmError, isPrewarmError, type ErrorCode } from './formats/errors.ts'
export type { Reason } from './formats/reasons.ts'
export type { RunReport, WorkCounts } from './formats/report.ts'
export { defineConfig, type PrewarmConfig } from './formats/settings.ts'
export { recordable, stopRecording } from './recorder/api.ts'
export {
  isRehearsal,
  register,
  rehearse,
  status,
  whenReady,
  type RehearseOptions,
} from './replayer/api.ts'
export type { Resource, ResourceContext } from './replayer/resource.ts'
export type { ArgumentCodec } from './runtime/argument-codec.ts'
export type { Status } from './replayer/status.ts'
