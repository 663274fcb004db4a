import { compareArms, compareRoutes, medianCurves } from '../../dashboard/analysis/compare-arms.ts'
import { verdictOf } from '../../dashboard/analysis/verdict.ts'
import type { ArmName, CompareReport } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Requests } from '../../formats/profile.ts'
import { describeArms, plainEnvironment, type ReplayOptions } from './arms.ts'
import type { DefinedArm } from './defined-arms.ts'
import { measure } from './driver.ts'
import type { MeasuredRequest } from './messages.ts'
import type { Progress } from './progress.ts'
import { replayOf } from './replay-summary.ts'
import { countRehearsed, selectRequests, type RequestSelection } from './requests.ts'
import { warningsOf } from './warnings.ts'

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

/** Measures and evaluates. Throws coded errors. */
export async function compareService(
  plan: ComparisonPlan,
  progress: Progress,
): Promise<CompareReport> {
  const { recorded, runs, rounds } = plan
  const { requests, serverOrdinal, notes } = selectionOf(plan)
  const described = describeArms(plan.arms, plan.defined, plan.workDir, plan.replay)
  const measurement = await measure({
    command: plan.command,
    env: plainEnvironment(process.env),
    arms: described,
    requests,
    serverOrdinal,
    runs,
    rounds,
    listenTimeoutMs: plan.listenTimeoutMs,
    workDir: plan.workDir,
    signal: plan.signal,
    onStart: progress.started,
    onFinish: progress.finished,
  })
  const { arms, ratios, differences } = compareArms(measurement.arms, plan.seed, plan.against)
  const replays = measurement.arms.flatMap((arm) => replayOf(arm) ?? [])
  const alsoRehearsed =
    recorded === null || plan.replay === null
      ? 0
      : countRehearsed(requests, recorded, plan.rehearse)
  const warnings = warningsOf({
    measurement,
    requests,
    runs,
    rounds,
    replaying: described
      .filter(({ reportFile, env }) => reportFile !== undefined && env['PREWARM_MODE'] !== 'off')
      .map(({ name }) => name),
    replays,
  })
  return {
    schemaVersion: 1,
    node: measurement.node,
    app: plan.command.join(' '),
    runs,
    rounds,
    arms,
    ratios,
    differences,
    requests: { list: requests.map(({ method, path }) => `${method} ${path}`), alsoRehearsed },
    replay: replays.find(({ arm }) => arm === 'prewarm')?.summary ?? null,
    replays,
    curves: medianCurves(measurement.arms),
    perRoute: compareRoutes(
      measurement.arms,
      requests.map(({ route }) => route),
    ),
    verdict: verdictOf(ratios, rounds),
    warnings: [...notes, ...warnings],
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
