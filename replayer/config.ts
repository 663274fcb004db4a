import os from 'node:os'
import { defaultPolicy, type Policy } from '../formats/policy.ts'
import { replaySettings, type Values } from '../formats/settings.ts'
import { cacheFolderOf } from '../runtime/compile-cache/layout.ts'
import { sectionOf, type ConfigFile } from '../runtime/config-file.ts'
import { readSettings } from '../runtime/settings.ts'

type ReplayValues = Values<typeof replaySettings>

/** Settings of the replayer, from the environment and the configuration file: a preload has no other way in. */
export interface Config {
  readonly mode: ReplayValues['mode']
  /** Absolute path of the profile; undefined: none was named. */
  readonly profile: string | undefined
  /** Longest time that late modules and rehearsal may hold the port closed. */
  readonly budgetMs: number
  /** Most passes over the recorded routes. */
  readonly maxRounds: number
  /** Most processes of the host that rehearse at the same time; 0: any number. */
  readonly wave: number
  /** Longest time that the port may be held until it is the turn of this process. */
  readonly waveWaitMs: number
  readonly tierUp: ReplayValues['tierUp']
  /** How long the guard watches after the port has opened. */
  readonly watchMs: number
  /** Absolute path of the folder of code caches; undefined: there is none to be. */
  readonly cacheDir: string | undefined
  /** Whether modules may be found and read out of the load pack. */
  readonly loadPack: boolean
  /** Nothing can have changed since it was made. */
  readonly trustBaked: boolean
  /** Absolute path; undefined: beside the profile. */
  readonly stateDir: string | undefined
  readonly policy: Policy
  /** What becomes of outbound connections that a rehearsal has opened. */
  readonly connections: ReplayValues['connections']
  /** When a held server tells the application that it listens. */
  readonly listening: ReplayValues['listening']
  /** Name of a header, lower case, that every rehearsed request is to be marked with; undefined: none. */
  readonly header: string | undefined
  /** Absolute path that the run report goes to; undefined: nowhere. */
  readonly report: string | undefined
  /** Absolute path of the folder that what goes on is written to; undefined: it is not. */
  readonly live: string | undefined
  /** Print one line on stderr when the port opens. */
  readonly verbose: boolean
  /** File of `prewarm verify`, which alone sets it: nothing is served, and the process ends where it would be. */
  readonly verify: string | undefined
}

/** Throws `ERR_PREWARM_CFG_VALUE` or `ERR_PREWARM_CFG_KEY`. */
export function readConfig(env: NodeJS.ProcessEnv, file?: ConfigFile): Config {
  const section = file === undefined ? undefined : sectionOf(file, 'replay')
  const values = readSettings(replaySettings, env, section)
  const { mode, profile, budget, rounds, connections, report, verbose } = values
  return {
    mode,
    profile,
    budgetMs: budget,
    maxRounds: rounds,
    wave: values.wave ?? Math.max(1, Math.floor(os.availableParallelism() / 2)),
    waveWaitMs: values.waveWait,
    tierUp: values.tierUp,
    watchMs: values.watch,
    cacheDir: cacheDirOf(values.cacheDir, profile),
    loadPack: values.loadPack === 'on',
    trustBaked: values.trustBaked ?? false,
    stateDir: values.stateDir,
    policy: {
      rehearse: values.rehearse ?? defaultPolicy.rehearse,
      skip: values.skip ?? defaultPolicy.skip,
      tcp: values.tcp,
      allow: values.allow ?? defaultPolicy.allow,
    },
    connections,
    listening: values.listening,
    header: values.header,
    report: reportFile(report, profile),
    live: values.live,
    verbose: verbose ?? /\bprewarm\b/i.test(env['NODE_DEBUG'] ?? ''),
    verify: env['PREWARM_VERIFY'] || undefined,
  }
}

/** Read on its own: it decides what happens when another setting, or a key of the file, is wrong. */
export function isStrict(env: NodeJS.ProcessEnv, file: ConfigFile | undefined): boolean {
  const inFile = file?.content['replay'] as { readonly mode?: unknown } | null | undefined
  return (env['PREWARM_MODE'] || inFile?.mode) === 'strict'
}

function cacheDirOf(folder: string | undefined, profile: string | undefined): string | undefined {
  if (folder === 'off') return undefined
  return folder ?? (profile === undefined ? undefined : cacheFolderOf(profile))
}

function reportFile(report: string | undefined, profile: string | undefined): string | undefined {
  if (report === 'off') return undefined
  if (report !== undefined) return report.replaceAll('{pid}', String(process.pid))
  return profile === undefined ? undefined : `${profile}.report.json`
}
