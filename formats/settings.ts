import { defaultPolicy } from './policy.ts'
import {
  choice,
  duration,
  filePath,
  filePathOrOff,
  flag,
  headerName,
  names,
  wholeNumber,
  type Kind,
} from './setting-kinds.ts'

/** One row of the tables below: the configuration files, the command line and the documentation come from it. */
export interface Setting<Value = unknown, Input = unknown> extends Kind<Value, Input> {
  readonly env: `PREWARM_${string}`
  /** As commander takes it; absent: there is none. */
  readonly option?: string
  /** In the form of the variable; absent: nothing is set. */
  readonly initial?: string
  /** What the documentation shows where there is no such text. */
  readonly initially?: string
  readonly meaning: string
}

export type Settings = Readonly<Record<string, Setting>>

/** Of rehearsal. */
export const maxRounds = 999_999

/** Slots are looked through one by one. */
export const maxWave = 1_000

/** Of both: what would not be rehearsed is not tried either. */
const policySettings = {
  rehearse: {
    ...names,
    env: 'PREWARM_REHEARSE',
    option: '--rehearse <route>',
    meaning: 'routes to rehearse in spite of their method: `POST /graphql`',
  },
  skip: {
    ...names,
    env: 'PREWARM_SKIP',
    option: '--skip <route>',
    meaning: 'routes that are never rehearsed: `GET /admin/*`',
  },
  tcp: {
    ...choice('deny', 'read', 'any'),
    env: 'PREWARM_TCP',
    option: '--tcp <access>',
    initial: defaultPolicy.tcp,
    meaning:
      'raw TCP, databases above all: `deny`: none; `read`: what is a read by its protocol; `any`: all of it',
  },
  allow: {
    ...names,
    env: 'PREWARM_ALLOW',
    option: '--allow <effect>',
    meaning: 'effects that may happen, as `prewarm plan` names them: `redis write *`; `unknown`',
  },
} as const satisfies Settings

export const recordSettings = {
  out: {
    ...filePath,
    env: 'PREWARM_OUT',
    option: '-o, --out <file>',
    initial: 'app.prewarm',
    meaning: 'profile to write; `{pid}`, `{timestamp}` and `{name}` are filled in',
  },
  stopAfter: {
    ...duration(1),
    env: 'PREWARM_STOP_AFTER_MS',
    option: '--stop-after <duration>',
    meaning: 'end the recording after `60s`, `10m`, ...; the service goes on',
  },
  stopAfterRequests: {
    ...wholeNumber(1),
    env: 'PREWARM_STOP_AFTER_REQUESTS',
    option: '--stop-after-requests <n>',
    meaning: 'end it after so many requests',
  },
  redact: {
    ...names,
    env: 'PREWARM_REDACT',
    option: '--redact <names>',
    meaning:
      'more headers, query keys, body keys and `$.json.paths` to keep out; those of file, variable and option add up',
  },
  allowSecrets: {
    ...flag,
    env: 'PREWARM_ALLOW_SECRETS',
    option: '--allow-secrets',
    meaning: 'write the profile even when it holds what may be a secret',
  },
  trial: {
    ...duration(0),
    env: 'PREWARM_TRIAL',
    option: '--trial <duration>',
    initial: '5s',
    meaning:
      'longest time in which all requests are tried once more at the end, one at a time; `0`: none',
  },
  ...policySettings,
  samplingMicros: {
    ...wholeNumber(1),
    env: 'PREWARM_SAMPLING_MICROS',
    initial: '10000',
    meaning: 'time between two samples of the CPU profile, microseconds',
  },
  quiet: {
    ...flag,
    env: 'PREWARM_QUIET',
    option: '--quiet',
    meaning: 'print no line when the profile is written',
  },
} as const satisfies Settings

export const replaySettings = {
  profile: {
    ...filePath,
    env: 'PREWARM_PROFILE',
    option: '-p, --profile <file>',
    meaning: 'profile that `prewarm record` wrote',
  },
  mode: {
    ...choice('auto', 'strict', 'off'),
    env: 'PREWARM_MODE',
    option: '--mode <mode>',
    initial: 'auto',
    meaning:
      '`auto`: start cold when the profile does not fit; `strict`: exit with 1 and the reason; `off`: touch nothing',
  },
  budget: {
    ...duration(0),
    env: 'PREWARM_BUDGET',
    option: '--budget <duration>',
    initial: '2s',
    meaning:
      'longest time that the port is held for late modules and rehearsal; `0`: code caches only',
  },
  rounds: {
    ...wholeNumber(0, maxRounds),
    env: 'PREWARM_ROUNDS',
    option: '--rounds <n>',
    initial: '160',
    meaning: 'most passes over the recorded routes',
  },
  wave: {
    ...wholeNumber(0, maxWave),
    env: 'PREWARM_WAVE',
    option: '--wave <n>',
    initially: 'half of the processors',
    meaning: 'most processes of one host that rehearse at the same time; `0`: any number',
  },
  waveWait: {
    ...duration(0),
    env: 'PREWARM_WAVE_WAIT',
    option: '--wave-wait <duration>',
    initial: '10s',
    meaning:
      'longest time that the port is held until it is the turn of the process, besides the budget; then it rehearses all the same',
  },
  tierUp: {
    ...choice('auto', 'off', 'thresholds', 'natives', 'both'),
    env: 'PREWARM_TIER_UP',
    option: '--tier-up <levers>',
    initial: 'auto',
    meaning:
      'how hot functions are optimised while requests are rehearsed: `thresholds`: V8 waits for fewer calls; `natives`: those of the profile are named to it; `auto`: what pays on this Node',
  },
  watch: {
    ...duration(0),
    env: 'PREWARM_WATCH',
    option: '--watch <duration>',
    initial: '60s',
    meaning:
      'how long the guard looks at the first traffic after the port has opened; `0`: not at all',
  },
  cacheDir: {
    ...filePathOrOff,
    env: 'PREWARM_CACHE_DIR',
    option: '--cache-dir <folder>',
    initially: '`<profile>.cache`',
    meaning:
      'where the code caches lie that Node.js reads itself, from Node 22 on; written by the first start, or by `prewarm bake`; `off`: they are taken from the profile, ES modules go without, and there is no load pack',
  },
  loadPack: {
    ...choice('on', 'off'),
    env: 'PREWARM_LOAD_PACK',
    option: '--load-pack <mode>',
    initial: 'on',
    meaning:
      'whether modules are found and read out of one file in the folder of code caches; written by the first start, or by `prewarm bake`',
  },
  trustBaked: {
    ...flag,
    env: 'PREWARM_TRUST_BAKED',
    option: '--trust-baked',
    meaning:
      'for images that nobody changes: files and folders are not looked at again before that file is believed',
  },
  stateDir: {
    ...filePath,
    env: 'PREWARM_STATE_DIR',
    option: '--state-dir <folder>',
    initially: 'folder of the profile',
    meaning:
      'where the guard keeps what it has found out for the next start, and where processes agree on whose turn it is to rehearse; it has to exist',
  },
  ...policySettings,
  connections: {
    ...choice('keep', 'close'),
    env: 'PREWARM_CONNECTIONS',
    initial: 'keep',
    meaning:
      'outbound connections that a rehearsal has opened: `keep` them for clients, or `close` them',
  },
  listening: {
    ...choice('after', 'before'),
    env: 'PREWARM_LISTENING',
    initial: 'after',
    meaning:
      "when the application's `listening` event comes: `after` the rehearsal, when the port opens; `before` it, for frameworks that make their handlers in it (Next.js): what the application does in it, such as telling others that it is ready, then comes too early",
  },
  header: {
    ...headerName,
    env: 'PREWARM_HEADER',
    meaning:
      'name, from `x-` on, of a header that marks rehearsed requests with a secret of the process, for `isRehearsal(request)`',
  },
  report: {
    ...filePathOrOff,
    env: 'PREWARM_REPORT',
    option: '--report <file>',
    initially: '`<profile>.report.json`',
    meaning: 'where the run report goes; `{pid}` is filled in; `off`: nowhere',
  },
  live: {
    ...filePath,
    env: 'PREWARM_LIVE',
    option: '--live <folder>',
    meaning:
      'where each process writes for five minutes what it does and how its first requests fare, for `prewarm dashboard`',
  },
  verbose: {
    ...flag,
    env: 'PREWARM_VERBOSE',
    option: '--verbose',
    meaning: 'print one line when the port opens',
  },
} as const satisfies Settings

/** The settings of a configuration file by its sections. */
export const configSections = { record: recordSettings, replay: replaySettings } as const

export type ConfigSectionName = keyof typeof configSections

/** What a row of the table comes to: a value, or undefined where nothing is set and there is no default. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]:
    | Exclude<ReturnType<S[K]['parse']>, undefined>
    | (S[K] extends { readonly initial: string } ? never : undefined)
}

type Inputs<S extends Settings> = {
  readonly [K in keyof S]?: S[K] extends Kind<unknown, infer Input> ? Input | undefined : never
}

/** What `prewarm.config.js`, `.mjs` or `.json` holds; every key may be left out. */
export interface PrewarmConfig {
  readonly record?: Inputs<typeof recordSettings>
  readonly replay?: Inputs<typeof replaySettings>
}

/**
 * Gives a configuration file its types, and does nothing else.
 *
 * @example
 * export default defineConfig({ replay: { profile: 'app.prewarm', skip: ['GET /admin/*'] } })
 */
export function defineConfig(config: PrewarmConfig): PrewarmConfig {
  return config
}
