import path from 'node:path'
import type { ArmName } from '../../formats/compare-report.ts'
import type { ResultArm } from '../../formats/results.ts'
import type { DefinedArm } from './defined-arms.ts'
import type { Arm } from './driver.ts'

/** Settings of the arms that replay. */
export interface ReplayOptions {
  /** Absolute path. */
  readonly profile: string
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string
  readonly mode: 'auto' | 'off'
  readonly budgetMs: number
  /** `METHOD /route` of routes with unsafe methods. */
  readonly rehearse: readonly string[]
}

export const builtInKinds = {
  cold: 'cold',
  'node-compile-cache': 'node-compile-cache',
  prewarm: 'replay',
} as const satisfies Readonly<Record<ArmName, ResultArm['kind']>>

/** How to start the service in each of the named and defined arms; `replay` is needed for those that replay only. */
export function describeArms(
  names: readonly ArmName[],
  defined: readonly DefinedArm[],
  workDir: string,
  replay: ReplayOptions | null,
): readonly Arm[] {
  const builtIn = names.flatMap((name): readonly Arm[] => {
    switch (name) {
      case 'cold':
        return [{ name, env: {}, preloads: [] }]
      case 'node-compile-cache': {
        const compileCacheDir = path.join(workDir, 'compile-cache')
        return [
          { name, env: { NODE_COMPILE_CACHE: compileCacheDir }, preloads: [], compileCacheDir },
        ]
      }
      case 'prewarm':
        return replay === null ? [] : [replayArm({ name, env: {}, setting: '' }, replay, workDir)]
    }
  })
  const own = defined.flatMap((arm): readonly Arm[] => {
    const { name, kind, env, command, setting } = arm
    if (kind === 'replay') return replay === null ? [] : [replayArm(arm, replay, workDir)]
    return [{ name, setting, env, preloads: [], ...(command !== undefined && { command }) }]
  })
  return [...builtIn, ...own]
}

/** How a results file names an arm. */
export function resultArm({ name, env, setting = '', ...arm }: Arm): ResultArm {
  const kind = kindOf(arm)
  const mayStayCold = kind === 'replay' && env['PREWARM_MODE'] !== 'off' ? 'no' : 'yes'
  return { name, kind, mayStayCold, setting }
}

function kindOf(arm: Pick<Arm, 'command' | 'reportFile' | 'compileCacheDir'>): ResultArm['kind'] {
  if (arm.command !== undefined) return 'command'
  if (arm.reportFile !== undefined) return 'replay'
  return arm.compileCacheDir === undefined ? 'cold' : 'node-compile-cache'
}

/** What would warm the cold arms behind our back, is set for those that replay, or would burden these alone. */
const leftOut = [
  ...['NODE_COMPILE_CACHE', 'PREWARM_PROFILE', 'PREWARM_REPORT', 'PREWARM_REHEARSE'],
  'PREWARM_LIVE',
]

/** The environment that all arms share. */
export function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !leftOut.includes(name)))
}

function replayArm(
  { name, env, setting }: Pick<DefinedArm, 'name' | 'env' | 'setting'>,
  replay: ReplayOptions,
  workDir: string,
): Arm {
  // No name has a dot, so that it is nobody else's.
  const folder = path.join(workDir, `${name}.run`)
  const reportFile = path.join(folder, 'report.json')
  return {
    name,
    setting,
    env: {
      PREWARM_PROFILE: replay.profile,
      PREWARM_MODE: replay.mode,
      PREWARM_BUDGET: `${replay.budgetMs}ms`,
      PREWARM_REPORT: reportFile,
      PREWARM_STATE_DIR: folder,
      PREWARM_CACHE_DIR: path.join(workDir, `${name}.caches`),
      ...(replay.rehearse.length > 0 && { PREWARM_REHEARSE: replay.rehearse.join(',') }),
      ...absoluteProfile(env),
    },
    // From dist/cli/compare/ to the bundle in dist/.
    preloads: [new URL('../../replay.mjs', import.meta.url).href],
    folder,
    reportFile,
  }
}

/** `npm start` runs the service in another folder. */
function absoluteProfile(env: DefinedArm['env']): DefinedArm['env'] {
  const profile = env['PREWARM_PROFILE']
  return profile === undefined || profile === ''
    ? env
    : { ...env, PREWARM_PROFILE: path.resolve(profile) }
}
