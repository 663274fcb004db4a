import { isReason, reasons, type Reason } from '../../../../formats/reasons.ts'

/** What kind of thing a reason is: the stacked bars have one colour for each. */
export type ReasonKind =
  'intended' | 'policy' | 'limit' | 'mismatch' | 'engine' | 'unavailable' | 'failed' | 'guard'

interface KindWords {
  readonly title: string
  /** What to do next. */
  readonly advice: string
}

export const reasonKinds: Readonly<Record<ReasonKind, KindWords>> = {
  intended: { title: 'on purpose', advice: 'Nothing to do.' },
  policy: {
    title: 'not allowed',
    advice:
      '`prewarm plan` shows what each recorded request does, and which settings would allow it.',
  },
  limit: {
    title: 'no time left',
    advice: 'A larger budget (`PREWARM_BUDGET`) gets further; the port then opens later.',
  },
  mismatch: {
    title: 'not fitting',
    advice: 'Record a new profile with the code and the environment that run here.',
  },
  engine: {
    title: 'left to V8',
    advice: 'Nothing to do: V8 optimises it later, when traffic makes it hot.',
  },
  unavailable: {
    title: 'not possible',
    advice: 'Nothing to do, unless Node.js or its flags can be changed.',
  },
  failed: {
    title: 'failed',
    advice: 'Look at the detail of the unit, and at the log of the service.',
  },
  guard: {
    title: 'stopped by the guard',
    advice: '`prewarm guard status` shows since when and why, `prewarm guard clear` takes it back.',
  },
}

const kinds: Readonly<Record<Reason, ReasonKind>> = {
  MODE_OFF: 'intended',
  NO_PROFILE: 'failed',
  PROFILE_CORRUPT: 'failed',
  PROFILE_VERSION: 'mismatch',
  PROFILE_LOCKED: 'failed',
  CONFIG_INVALID: 'failed',
  SINGLE_EXECUTABLE: 'unavailable',
  APP_MISMATCH: 'mismatch',
  NODE_MISMATCH: 'mismatch',
  ARCH_MISMATCH: 'mismatch',
  ENV_MISMATCH: 'mismatch',
  TAG_MISMATCH: 'mismatch',
  INSTRUMENTED: 'unavailable',
  SOURCE_CHANGED: 'mismatch',
  LOAD_STALE: 'mismatch',
  CACHE_REJECTED: 'failed',
  COMPILE_CACHE_IN_USE: 'unavailable',
  CACHE_FOLDER: 'unavailable',
  CACHE_FORMAT: 'unavailable',
  NOT_LOADED: 'mismatch',
  LOAD_FAILED: 'failed',
  UNSAFE_METHOD: 'policy',
  ROUTE_SKIPPED: 'policy',
  EFFECTS_UNKNOWN: 'policy',
  EFFECT_REFUSED: 'policy',
  EFFECT_NOT_TAPED: 'policy',
  HELD_OUT: 'intended',
  BODY_NOT_KEPT: 'unavailable',
  STATUS_CHANGED: 'failed',
  OUTCOME_CHANGED: 'failed',
  REQUEST_FAILED: 'failed',
  TIMED_OUT: 'failed',
  RESOURCE_FAILED: 'failed',
  PROTOCOL: 'unavailable',
  NO_GATE: 'unavailable',
  FUNCTION_NOT_FOUND: 'engine',
  NOT_WARM: 'engine',
  TIER_NOT_REACHED: 'engine',
  DEOPTED: 'engine',
  QUARANTINED: 'guard',
  TIER_UP_UNAVAILABLE: 'unavailable',
  TIER_UP_OFF: 'guard',
  HARMFUL: 'guard',
  CRASH_LOOP: 'guard',
  NO_SERVER: 'mismatch',
  NO_SUCH_SERVER: 'mismatch',
  NOT_ASKED: 'intended',
  WAVE_FULL: 'limit',
  BUDGET_SPENT: 'limit',
  ABORTED: 'limit',
  INTERNAL_ERROR: 'failed',
}

/** Where the advice of the kind says too little. */
const advice: Readonly<Partial<Record<Reason, string>>> = {
  MODE_OFF: 'Set `PREWARM_MODE=auto` to use the profile again.',
  NO_PROFILE:
    'Name the file with `PREWARM_PROFILE` or `prewarm run -p`, and see that the service may read it.',
  PROFILE_CORRUPT: 'Copy the file again, or record a new one.',
  PROFILE_VERSION:
    'Use the prewarm that recorded it, or record with the one that is installed here.',
  PROFILE_LOCKED:
    'Give the process the key with which the profile was recorded; code caches need none.',
  CONFIG_INVALID: 'The sentence above names the setting and its value.',
  ENV_MISMATCH: 'Record with the `NODE_ENV` that production has.',
  TAG_MISMATCH:
    'Record with the same build of Node.js, the same V8 flags and the same kind of processor.',
  LOAD_STALE:
    'The pack is written anew by itself; where the folder is read-only, run `prewarm bake` after the last change of files.',
  CACHE_REJECTED:
    'The module was compiled as ever. If there are many, record again with this Node.js.',
  COMPILE_CACHE_IN_USE:
    'Start without `NODE_COMPILE_CACHE`: the caches of the profile hold what Node.js would keep, and the functions of the first requests besides.',
  CACHE_FOLDER:
    'Write it when the image is built, with `prewarm bake`, or name a folder that the service may write to with `PREWARM_CACHE_DIR`.',
  CACHE_FORMAT:
    'A newer prewarm may know this Node.js; CommonJS modules have their caches as ever.',
  NOT_LOADED: 'Nothing is lost unless traffic asks for it; a new recording leaves it out.',
  STATUS_CHANGED:
    'A credential that was redacted, or data that is not there, are the usual causes. `prewarm verify` repeats it without serving.',
  RESOURCE_FAILED: 'Look at the hooks that the application gives to `register()`.',
  NOT_ASKED: 'Call `rehearse()` with the name of the work before its first real call.',
  ABORTED: 'The service was told to stop meanwhile; nothing else is wrong.',
  INTERNAL_ERROR: 'This is a defect of prewarm: please report it with this file.',
}

export interface ReasonWords {
  readonly code: string
  readonly kind: ReasonKind
  readonly sentence: string
  readonly advice: string
}

/** What a reason means and what to do about it; one that this version does not know comes from a newer report. */
export function wordsOf(code: string): ReasonWords {
  if (!isReason(code)) {
    return {
      code,
      kind: 'failed',
      sentence: 'This version of the dashboard does not know the reason.',
      advice: 'Open the file with the prewarm that wrote it.',
    }
  }
  const kind = kinds[code]
  return { code, kind, sentence: reasons[code], advice: advice[code] ?? reasonKinds[kind].advice }
}
