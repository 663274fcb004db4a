import path from 'node:path'
import { PrewarmError } from '../formats/errors.ts'
import { defaultPolicy, type Policy } from '../formats/policy.ts'

/** Settings of the recorder; a preload gets them from the environment. */
export interface Config {
  /**
   * Template of the profile's file name: `{pid}`, `{timestamp}` and `{name}` are filled in. Absolute, since the
   * application may change the folder.
   */
  readonly out: string
  readonly stopAfterMs: number | undefined
  readonly stopAfterRequests: number | undefined
  /** Further names of headers, query keys and body keys whose values must not be kept; lower case. */
  readonly redact: readonly string[]
  /** Samples of the CPU profile are this far apart. */
  readonly samplingMicros: number
  readonly quiet: boolean
  /** Longest time that the requests are tried one at a time at the end; 0: not at all. */
  readonly trialMs: number
  /** What it would refuse to rehearse is not tried. */
  readonly policy: Policy
}

const defaultTrialMs = 5000

const defaultSamplingMicros = 10_000

/** Longest delay of a timer, ms: Node shortens a longer one to 1 ms. */
export const maxTimeoutMs = 2 ** 31 - 1

/** Throws `ERR_PREWARM_CFG_VALUE`. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    out: path.resolve(env['PREWARM_OUT'] || 'app.prewarm'),
    stopAfterMs: positive('PREWARM_STOP_AFTER_MS', env['PREWARM_STOP_AFTER_MS'], maxTimeoutMs),
    stopAfterRequests: positive('PREWARM_STOP_AFTER_REQUESTS', env['PREWARM_STOP_AFTER_REQUESTS']),
    redact: (env['PREWARM_REDACT'] ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
    samplingMicros:
      positive('PREWARM_SAMPLING_MICROS', env['PREWARM_SAMPLING_MICROS']) ?? defaultSamplingMicros,
    quiet: env['PREWARM_QUIET'] === '1',
    trialMs:
      env['PREWARM_TRIAL_MS'] === '0'
        ? 0
        : (positive('PREWARM_TRIAL_MS', env['PREWARM_TRIAL_MS'], maxTimeoutMs) ?? defaultTrialMs),
    policy: {
      ...defaultPolicy,
      rehearse: (env['PREWARM_REHEARSE'] ?? '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    },
  }
}

function positive(
  name: string,
  value: string | undefined,
  largest = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value === undefined || value === '') return undefined
  const number = Number(value)
  if (Number.isInteger(number) && number > 0 && number <= largest) return number
  throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${name}=${value} cannot be used`, {
    hint: `Expected a whole number from 1 to ${largest}.`,
  })
}
