/**
 * Why a profile, or one unit of it (a cached module, a late module, a recorded request or call), was not applied.
 * The list is closed: a run report holds no other code, so that dashboards and alerts can rely on it.
 */
export const reasons = {
  MODE_OFF: 'The mode is off: nothing was touched.',
  NO_PROFILE: 'No profile was named, or the file does not exist or cannot be read.',
  PROFILE_CORRUPT: 'The profile is damaged, truncated or not a profile.',
  PROFILE_VERSION: 'The profile has a format version that this prewarm cannot read.',
  PROFILE_LOCKED:
    'The requests of the profile are encrypted, and the key is missing, another one, or does not fit what is there.',
  CONFIG_INVALID: 'A setting, or the configuration file, cannot be used.',
  SINGLE_EXECUTABLE:
    'It is a single executable application, whose code does not come out of files: profiles are not supported there.',
  APP_MISMATCH: 'The profile was recorded from another application.',
  NODE_MISMATCH: 'The profile was recorded on another major version of Node.js.',
  ARCH_MISMATCH: 'The profile was recorded on another processor architecture or platform.',
  ENV_MISMATCH:
    'NODE_ENV is another one than when the profile was recorded: modules that this environment has not asked for are not loaded early.',
  TAG_MISMATCH:
    'V8 would refuse the code cache: other V8 build, V8 flags or CPU features than when it was recorded.',
  INSTRUMENTED:
    'Coverage is collected; or source maps, a debugger or a tool that was loaded before prewarm need modules to be compiled by Node.js itself where prewarm does it: on Node 20, and without the folder of code caches.',
  COMPILE_CACHE_IN_USE:
    'The compile cache of Node.js is in use already, by NODE_COMPILE_CACHE or by the application: ES modules can only have one.',
  CACHE_FOLDER:
    'The folder of code caches is switched off, cannot be read or written, or everybody may write to it: ES modules go without.',
  CACHE_FORMAT:
    'This Node.js does not take entries of its compile cache as we write them, or has none: ES modules go without.',
  SOURCE_CHANGED: 'The source of the module is not the one that was recorded.',
  LOAD_STALE:
    'A file or folder that the load pack was made of has changed since: the module was found, read and compiled as usual.',
  CACHE_REJECTED: 'V8 refused the code cache of the module.',
  NOT_LOADED: 'The recorded module was not loaded in this process.',
  LOAD_FAILED: 'The module could not be found or threw while it was initialised.',
  UNSAFE_METHOD: 'The HTTP method can have effects, and its route is not on the allow-list.',
  ROUTE_SKIPPED: 'The policy names the route, or the work, as one that is never rehearsed.',
  EFFECTS_UNKNOWN:
    'The request or call was not tried alone in staging, so that nobody knows what else it does.',
  EFFECT_REFUSED:
    'The request or call does something to the outside that the policy does not allow.',
  EFFECT_NOT_TAPED:
    'The request or call makes an outbound HTTP call to which no answer was recorded.',
  HELD_OUT: 'The request is kept for measuring and is never rehearsed.',
  BODY_NOT_KEPT:
    'The request body was not kept: it was too large, of a kind that cannot be redacted, or the application did not read it to its end.',
  STATUS_CHANGED:
    'The rehearsed request was answered with another status than when it was recorded.',
  OUTCOME_CHANGED:
    'The rehearsed call threw and had returned when it was recorded, or the reverse.',
  REQUEST_FAILED: 'The rehearsed request or call broke off, or something it started threw.',
  TIMED_OUT: 'The rehearsed request or call did not end within its deadline.',
  RESOURCE_FAILED:
    'A hook of a resource that the application registered threw or took too long; if it was one before the rehearsal, there was none.',
  PROTOCOL:
    'It is a protocol that cannot be rehearsed: one that a connection was upgraded to, or TLS with client certificates.',
  NO_GATE: 'This Node.js has none of the places where listening can be put off.',
  FUNCTION_NOT_FOUND:
    'No live closure with the recorded source was reached from the exports of its module and from the server.',
  NOT_WARM: 'The function had not run often enough for V8 to know its types.',
  TIER_NOT_REACHED: 'V8 had not optimised the function when the port opened.',
  DEOPTED: 'V8 threw the optimised code of the function away again.',
  QUARANTINED:
    'The function fell back twice under the traffic of an earlier start; it is left to V8 until there is a new profile.',
  TIER_UP_UNAVAILABLE:
    'This Node.js, the V8 flags that it was given, or its instrumentation leave no safe way to steer optimisation.',
  TIER_UP_OFF:
    'The guard has switched pre-optimisation off for this profile: too many functions fell back.',
  HARMFUL:
    'The guard has found first requests slower with this profile than cold ones were in staging.',
  CRASH_LOOP: 'The last two starts with this profile died before they served.',
  NO_SERVER: 'No server of this process has recorded requests.',
  NO_SUCH_SERVER: 'The server that the request was recorded on did not listen in this process.',
  NOT_ASKED: 'Nothing in this process asked for the recorded work to be rehearsed.',
  WAVE_FULL:
    'As many processes of the host as may were rehearsing for all the time that this one may wait; it rehearsed beside them.',
  BUDGET_SPENT: 'The budget, of time or of rounds, ended first.',
  ABORTED:
    'A signal, the server being closed, or for work a server that listens, ended the rehearsal.',
  INTERNAL_ERROR: 'prewarm itself failed; the service was left alone from there on.',
} as const

export type Reason = keyof typeof reasons

export function isReason(value: string): value is Reason {
  return Object.hasOwn(reasons, value)
}
