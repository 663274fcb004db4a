export { codeCaches } from './code-caches.ts'
export {
  decodeProfile,
  decodeUnlocked,
  encodeProfile,
  openProfile,
  type ProfileFile,
} from './codec.ts'
export { effectName, isRawSocket, type Effect } from './effects.ts'
export { PrewarmError, errorCodes, isPrewarmError, type ErrorCode } from './errors.ts'
export { findFunctions, headHashOf, type FunctionSource } from './function-text.ts'
export { limits } from './limits.ts'
export { mergeProfiles, type MergeLosses, type Merged } from './merge/merge.ts'
export type { Recording } from './merge/recording.ts'
export {
  formatVersion,
  sections,
  type Curve,
  type CurvePoint,
  type Distribution,
  type Exchange,
  type Exemplar,
  type HotFunction,
  type LedgerEntry,
  type Meta,
  type ModuleRecord,
  type Profile,
  type Requests,
  type RouteRecord,
  type Section,
  type SectionName,
  type ServerRecord,
  type Tier,
  type WorkRecord,
  type WorkSample,
} from './profile.ts'
export { defaultPolicy, refusalOf, type Policy } from './policy.ts'
export { isReason, reasons, type Reason } from './reasons.ts'
export { parseProfileKey } from './sealed.ts'
export type {
  GuardReport,
  GuardVerdict,
  RunReport,
  StageName,
  StageReport,
  UnitCounts,
  WorkCounts,
} from './report.ts'
