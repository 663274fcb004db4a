import { availableParallelism, cpus, totalmem } from 'node:os'
import path from 'node:path'
import type { ArmName } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Requests } from '../../formats/profile.ts'
import { resultsVersion, type Results, type ResultsPlan } from '../../formats/results.ts'
import { ownVersion } from '../own-version.ts'
import { describeArms, plainEnvironment, resultArm, type ReplayOptions } from './arms.ts'
import type { DefinedArm } from './defined-arms.ts'
import { measure, type Arm } from './driver.ts'
import type { MeasuredRequest } from './messages.ts'
import type { Progress } from './progress.ts'
import { countRehearsed, selectRequests, type RequestSelection } from './requests.ts'

export interface ComparisonPlan {
  readonly command: readonly string[]
  readonly arms: readonly ArmName[]
  /** Arms besides these. */
  readonly defined: readonly DefinedArm[]
  /** What every other arm is compared with; undefined: the usual pairs. */
  readonly against: string | undefined
  readonly runs: number
  readonly rounds: number
  readonly seed: number
  readonly listenTimeoutMs: number
  /** The recorded requests; null without a profile. */
  readonly recorded: Requests | null
  /** Requests to measure with instead of the recorded ones. */
  readonly given: readonly MeasuredRequest[] | null
  readonly replay: ReplayOptions | null
  /** Routes with unsafe methods that may be sent and rehearsed. */
  readonly rehearse: readonly string[]
  /** Most recorded requests of one route. */
  readonly perRoute: number
  readonly workDir: string
  readonly signal: AbortSignal
}

/** Measures every arm. Throws coded errors. */
export async function measureService(plan: ComparisonPlan, progress: Progress): Promise<Results> {
  const selection = selectionOf(plan)
  const { requests, serverOrdinal } = selection
  const arms = describeArms(plan.arms, plan.defined, plan.workDir, plan.replay)
  const { runs, leftOut } = await measure({
    command: plan.command,
    env: plainEnvironment(process.env),
    arms,
    requests,
    serverOrdinal,
    runs: plan.runs,
    rounds: plan.rounds,
    listenTimeoutMs: plan.listenTimeoutMs,
    workDir: plan.workDir,
    signal: plan.signal,
    onStart: progress.started,
    onFinish: (run) => {
      progress.finished(run, requests.length)
    },
  })
  return { plan: resultsPlan(plan, arms, selection), runs, leftOut }
}

function resultsPlan(
  plan: ComparisonPlan,
  arms: readonly Arm[],
  { requests, notes }: RequestSelection,
): ResultsPlan {
  const { replay, recorded } = plan
  return {
    type: 'prewarm-results',
    schemaVersion: resultsVersion,
    createdAt: new Date().toISOString(),
    prewarm: ownVersion(),
    command: plan.command,
    runs: plan.runs,
    rounds: plan.rounds,
    seed: plan.seed,
    against: plan.against ?? null,
    load: { kind: 'closed', ratePerSecond: null },
    requests: requests.map(({ route, method, path: target, recordedStatus }) => ({
      route,
      method,
      path: target,
      recordedStatus,
    })),
    alsoRehearsed:
      recorded === null || replay === null ? 0 : countRehearsed(requests, recorded, plan.rehearse),
    arms: arms.map(resultArm),
    profile: replay && {
      name: path.basename(replay.profile),
      digest: replay.digest,
      mode: replay.mode,
      budgetMs: replay.budgetMs,
    },
    machine: {
      platform: process.platform,
      arch: process.arch,
      cpu: cpus()[0]?.model.trim() ?? '',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    notes,
  }
}

function selectionOf({ recorded, given, rehearse, perRoute }: ComparisonPlan): RequestSelection {
  const selection =
    recorded === null
      ? { requests: [], serverOrdinal: 0, notes: [] }
      : selectRequests(recorded, rehearse, perRoute)
  if (given !== null) return { ...selection, requests: given, notes: [] }
  if (selection.requests.length > 0) return selection
  throw new PrewarmError(
    'ERR_PREWARM_CLI_REQUESTS',
    'The profile has no requests to measure with',
    {
      hint: "Allow routes with effects by --rehearse 'POST /path', or give --requests FILE.",
    },
  )
}
