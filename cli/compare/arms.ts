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

/** `prewarm`, and all that users define. */
export function isReplaying(arm: string): boolean {
  return arm !== 'cold' && arm !== 'node-compile-cache'
}

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
        return replay === null ? [] : [replayArm({ name, env: {} }, replay, workDir)]
    }
  })
  return replay === null
    ? builtIn
    : [...builtIn, ...defined.map((arm) => replayArm(arm, replay, workDir))]
}

/** How a results file names an arm. */
export function resultArm({ name, env, reportFile, compileCacheDir, setting }: Arm): ResultArm {
  const isReplay = reportFile !== undefined
  return {
    name,
    kind: isReplay ? 'replay' : compileCacheDir === undefined ? 'cold' : 'node-compile-cache',
    mayStayCold: isReplay && env['PREWARM_MODE'] !== 'off' ? 'no' : 'yes',
    setting: setting ?? '',
  }
}

/** The environment that all arms share: without what would warm the others behind our back. */
export function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const replaced = ['NODE_COMPILE_CACHE', 'PREWARM_PROFILE', 'PREWARM_REPORT', 'PREWARM_REHEARSE']
  return Object.fromEntries(Object.entries(env).filter(([name]) => !replaced.includes(name)))
}

function replayArm({ name, env }: DefinedArm, replay: ReplayOptions, workDir: string): Arm {
  // No name has a dot, so that it is nobody else's.
  const folder = path.join(workDir, `${name}.run`)
  const reportFile = path.join(folder, 'report.json')
  return {
    name,
    setting: Object.entries(env)
      .map(([variable, value]) => `${variable}=${value}`)
      .join(' '),
    env: {
      PREWARM_PROFILE: replay.profile,
      PREWARM_MODE: replay.mode,
      PREWARM_BUDGET: `${replay.budgetMs}ms`,
      PREWARM_REPORT: reportFile,
      PREWARM_STATE_DIR: folder,
      ...(replay.rehearse.length > 0 && { PREWARM_REHEARSE: replay.rehearse.join(',') }),
      ...env,
    },
    // From dist/cli/compare/ to the bundle in dist/.
    preloads: [new URL('../../replay.mjs', import.meta.url).href],
    folder,
    reportFile,
  }
}
