import path from 'node:path'
import { PrewarmError } from '../formats/errors.ts'
import { readProfileKey } from '../runtime/profile-key.ts'
import { isJsonPath, JsonPaths } from './json-paths.ts'
import { listedSecrets, type SecretValue } from './secret-values.ts'

/** Settings of the recorder; a preload gets them from the environment. */
export interface Config {
  /**
   * Template of the profile's file name: `{pid}`, `{timestamp}` and `{name}` are filled in. Absolute, since the
   * application may change the folder.
   */
  readonly out: string
  readonly stopAfterMs: number | undefined
  readonly stopAfterRequests: number | undefined
  /**
   * Further names of headers, query keys and body keys whose values must not be kept, and paths into bodies
   * (`$.customer.email`); lower case.
   */
  readonly redact: readonly string[]
  /** Values that must not be in the profile, besides those of the environment whose names tell it. */
  readonly secrets: readonly SecretValue[]
  /** Write the profile even when it holds secrets. */
  readonly allowSecrets: boolean
  /** 32 bytes that encrypt the requests; undefined: they are not encrypted. */
  readonly key: Uint8Array | undefined
  /** Samples of the CPU profile are this far apart. */
  readonly samplingMicros: number
  readonly quiet: boolean
}

const defaultSamplingMicros = 10_000

/** Longest delay of a timer, ms: Node shortens a longer one to 1 ms. */
export const maxTimeoutMs = 2 ** 31 - 1

/** Throws `ERR_PREWARM_CFG_VALUE`. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    out: path.resolve(env['PREWARM_OUT'] || 'app.prewarm'),
    stopAfterMs: positive('PREWARM_STOP_AFTER_MS', env['PREWARM_STOP_AFTER_MS'], maxTimeoutMs),
    stopAfterRequests: positive('PREWARM_STOP_AFTER_REQUESTS', env['PREWARM_STOP_AFTER_REQUESTS']),
    redact: readRedact(env['PREWARM_REDACT'] ?? ''),
    secrets: listedSecrets(env),
    allowSecrets: env['PREWARM_ALLOW_SECRETS'] === '1',
    key: readProfileKey(env),
    samplingMicros:
      positive('PREWARM_SAMPLING_MICROS', env['PREWARM_SAMPLING_MICROS']) ?? defaultSamplingMicros,
    quiet: env['PREWARM_QUIET'] === '1',
  }
}

function readRedact(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  // Refuses those that cannot be understood.
  new JsonPaths(names.filter(isJsonPath))
  return names
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
