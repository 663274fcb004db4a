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
  /** Routes that may be rehearsed in spite of their method: `POST /graphql`; a `*` at the end matches any rest. */
  readonly allowedRoutes: readonly string[]
  readonly policy: Policy
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
    allowedRoutes: readList(env['PREWARM_REHEARSE']),
    policy: {
      ...defaultPolicy,
      rehearse: readList(env['PREWARM_REHEARSE']),
      allow: readList(env['PREWARM_ALLOW']),
    },
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

function readReport(report: string | undefined, profile: string | undefined): string | undefined {
  if (report === 'off') return undefined
  if (report) return path.resolve(report.replaceAll('{pid}', String(process.pid)))
  return profile === undefined ? undefined : `${profile}.report.json`
}

function readList(value = ''): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
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
