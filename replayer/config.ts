import path from 'node:path'
import { PrewarmError } from '../formats/errors.ts'
import { defaultPolicy, type Policy } from '../formats/policy.ts'

/** Settings of the replayer. They come from the environment, since a preload has no other way in. */
export interface Config {
  readonly mode: 'auto' | 'strict' | 'off'
  /** Absolute path of the profile; undefined: none was named. */
  readonly profile: string | undefined
  /** Longest time that late modules and rehearsal may hold the port closed. */
  readonly budgetMs: number
  /** Most passes over the recorded routes. */
  readonly maxRounds: number
  readonly policy: Policy
  /** Name of a header, lower case, that every rehearsed request is to be marked with; undefined: none. */
  readonly header: string | undefined
  /** Absolute path that the run report goes to; undefined: nowhere. */
  readonly report: string | undefined
  /** Print one line on stderr when the port opens. */
  readonly verbose: boolean
}

const defaultBudgetMs = 2000
/** A timer cannot be set to more. */
const maxBudgetMs = 2 ** 31 - 1
const defaultMaxRounds = 160

/** Throws `ERR_PREWARM_CFG_VALUE`. An unknown mode throws too: a mistyped `off` must not mean `auto`. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // Made absolute now: the service may call process.chdir() later.
  const profile = env['PREWARM_PROFILE'] ? path.resolve(env['PREWARM_PROFILE']) : undefined
  return {
    mode: readMode(env),
    profile,
    budgetMs: readDuration('PREWARM_BUDGET', env['PREWARM_BUDGET']) ?? defaultBudgetMs,
    maxRounds: readWhole('PREWARM_ROUNDS', env['PREWARM_ROUNDS']) ?? defaultMaxRounds,
    policy: {
      ...defaultPolicy,
      rehearse: (env['PREWARM_REHEARSE'] ?? '')
        .split(',')
        .map((route) => route.trim())
        .filter((route) => route !== ''),
    },
    header: readHeader(env['PREWARM_HEADER']),
    report: readReport(env['PREWARM_REPORT'], profile),
    verbose: env['PREWARM_VERBOSE'] === '1' || /\bprewarm\b/i.test(env['NODE_DEBUG'] ?? ''),
  }
}

/** Read on its own, and first: it decides what happens when another setting is wrong. */
export function readMode(env: NodeJS.ProcessEnv): Config['mode'] {
  const mode = env['PREWARM_MODE'] || 'auto'
  if (mode === 'auto' || mode === 'strict' || mode === 'off') return mode
  throw invalid('PREWARM_MODE', mode, 'auto, strict or off')
}

function readHeader(name: string | undefined): string | undefined {
  if (!name) return undefined
  const lower = name.toLowerCase()
  // Others would do something to the connection, or to how the request is understood.
  if (/^x-[\w-]{1,60}$/.test(lower)) return lower
  throw invalid('PREWARM_HEADER', name, 'a name that begins with x-')
}

function readReport(report: string | undefined, profile: string | undefined): string | undefined {
  if (report === 'off') return undefined
  if (report) return path.resolve(report.replaceAll('{pid}', String(process.pid)))
  return profile === undefined ? undefined : `${profile}.report.json`
}

function readDuration(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(value)
  const unit = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? 'ms']
  const ms = match === null || unit === undefined ? NaN : Number(match[1]) * unit
  if (!(ms <= maxBudgetMs)) throw invalid(name, value, '500ms, 2s or 1m')
  return ms
}

function readWhole(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  if (!/^\d{1,6}$/.test(value)) throw invalid(name, value, 'a whole number')
  return Number(value)
}

function invalid(name: string, value: string, expected: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CFG_VALUE', `${name}=${value} cannot be used`, {
    hint: `Expected ${expected}.`,
  })
}
