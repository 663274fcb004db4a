import { defaultPolicy, type Policy } from '../formats/policy.ts'
import { recordSettings } from '../formats/settings.ts'
import { sectionOf, type ConfigFile } from '../runtime/config-file.ts'
import { readSettings } from '../runtime/settings.ts'
import { readProfileKey } from '../runtime/profile-key.ts'
import { isJsonPath, JsonPaths } from './json-paths.ts'
import { listedSecrets, type SecretValue } from './secret-values.ts'

/** Settings of the recorder, from the environment and the configuration file. */
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
  /** Longest time that the requests are tried one at a time at the end; 0: not at all. */
  readonly trialMs: number
  /** What it would refuse to rehearse is not tried. */
  readonly policy: Policy
}

/** Throws `ERR_PREWARM_CFG_VALUE` or `ERR_PREWARM_CFG_KEY`. */
export function readConfig(env: NodeJS.ProcessEnv, file?: ConfigFile): Config {
  const section = file === undefined ? undefined : sectionOf(file, 'record')
  const values = readSettings(recordSettings, env, section)
  // What the file keeps out stays out, whatever an option adds.
  const inFile = readSettings(recordSettings, {}, section)
  const redact = [...(inFile.redact ?? []), ...(values.redact ?? [])].map((name) =>
    name.toLowerCase(),
  )
  // Refuses those that cannot be understood.
  new JsonPaths(redact.filter(isJsonPath))
  return {
    out: values.out,
    stopAfterMs: values.stopAfter,
    stopAfterRequests: values.stopAfterRequests,
    redact: [...new Set(redact)],
    secrets: listedSecrets(env),
    allowSecrets: values.allowSecrets ?? false,
    key: readProfileKey(env),
    samplingMicros: values.samplingMicros,
    quiet: values.quiet ?? false,
    trialMs: values.trial,
    policy: {
      rehearse: values.rehearse ?? defaultPolicy.rehearse,
      skip: values.skip ?? defaultPolicy.skip,
      tcp: values.tcp,
      allow: values.allow ?? defaultPolicy.allow,
    },
  }
}
