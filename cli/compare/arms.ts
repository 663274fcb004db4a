import path from 'node:path'
import type { Arm } from './driver.ts'

/** The arms that `--arms` may name, in the order in which they are shown. */
export const armNames = ['cold', 'node-compile-cache', 'prewarm'] as const

export type ArmName = (typeof armNames)[number]

/** Settings of the `prewarm` arm. */
export interface ReplayOptions {
  /** Absolute path. */
  readonly profile: string
  readonly mode: 'auto' | 'off'
  readonly budgetMs: number
  /** `METHOD /route` of routes with unsafe methods. */
  readonly rehearse: readonly string[]
}

/** How to start the service in each of the named arms; `replay` is needed for `prewarm` only. */
export function describeArms(
  names: readonly ArmName[],
  workDir: string,
  replay: ReplayOptions | null,
): readonly Arm[] {
  return names.flatMap((name): readonly Arm[] => {
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
        return replay === null ? [] : [replayArm(replay, workDir)]
    }
  })
}

/** The environment that all arms share: without what would warm the others behind our back. */
export function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const replaced = ['NODE_COMPILE_CACHE', 'PREWARM_PROFILE', 'PREWARM_REPORT', 'PREWARM_REHEARSE']
  return Object.fromEntries(Object.entries(env).filter(([name]) => !replaced.includes(name)))
}

function replayArm(replay: ReplayOptions, workDir: string): Arm {
  const reportFile = path.join(workDir, 'run.report.json')
  return {
    name: 'prewarm',
    env: {
      PREWARM_PROFILE: replay.profile,
      PREWARM_MODE: replay.mode,
      PREWARM_BUDGET: `${replay.budgetMs}ms`,
      PREWARM_REPORT: reportFile,
      // A folder that is not there: each start is to be the first, whatever became of those before.
      PREWARM_STATE_DIR: path.join(workDir, 'no-state'),
      ...(replay.rehearse.length > 0 && { PREWARM_REHEARSE: replay.rehearse.join(',') }),
    },
    // From dist/cli/compare/ to the bundle in dist/.
    preloads: [new URL('../../replay.mjs', import.meta.url).href],
    reportFile,
  }
}
