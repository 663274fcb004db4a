import { createHash } from 'node:crypto'
import { availableParallelism, cpus, totalmem } from 'node:os'
import path from 'node:path'
import { evaluate } from '../../dashboard/analysis/evaluate.ts'
import { formatMs } from '../../dashboard/analysis/units.ts'
import type { ArmName } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Requests } from '../../formats/profile.ts'
import {
  resultsVersion,
  type LeftOut,
  type Results,
  type ResultsPlan,
  type ResultsRun,
} from '../../formats/results.ts'
import { ownVersion } from '../own-version.ts'
import { count } from '../render/compare-table.ts'
import { describeArms, plainEnvironment, resultArm, type ReplayOptions } from './arms.ts'
import type { DefinedArm } from './defined-arms.ts'
import { measure, type Arm } from './driver.ts'
import { endingAfter, isPrecise, type EndingOptions, type RunsRange } from './early-stop.ts'
import type { MeasuredRequest } from './messages.ts'
import type { Progress } from './progress.ts'
import { countRehearsed, selectRequests, type RequestSelection } from './requests.ts'
import { openResultsFile, type ResultsFile, type SaveOptions } from './results-file.ts'

export interface ComparisonPlan {
  readonly command: readonly string[]
  readonly arms: readonly ArmName[]
  /** Arms besides these. */
  readonly defined: readonly DefinedArm[]
  /** What every other arm is compared with; undefined: the usual pairs. */
  readonly against: string | undefined
  readonly runs: RunsRange
  /** null: there is no limit. */
  readonly timeBudgetMs: number | null
  readonly rounds: number
  /** Of requests, in an open loop; null: each follows the answer to the last one. */
  readonly ratePerSecond: number | null
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
  /** Where every start is kept as it ends; null: nowhere. */
  readonly save: SaveOptions | null
  readonly workDir: string
  readonly signal: AbortSignal
}

/** Measures every arm. Throws coded errors; what was saved until then stays in its file, and it is said how to go on. */
export async function measureService(plan: ComparisonPlan, progress: Progress): Promise<Results> {
  const selection = selectionOf(plan)
  const arms = describeArms(plan.arms, plan.defined, plan.workDir, plan.replay)
  const wanted = resultsPlan(plan, arms, selection)
  const file = plan.save === null ? null : openResultsFile(plan.save, wanted)
  const { runs = [], leftOut = [] } = file?.earlier ?? {}
  const results = { plan: wanted, runs: [...runs], leftOut: [...leftOut] }
  if (runs.length > 0) progress.say(`${count(runs.length, 'start')} saved earlier.`)
  if (plan.ratePerSecond !== null) {
    const seconds = (plan.rounds * selection.requests.length) / plan.ratePerSecond
    progress.say(`Open loop: the requests of a start take ${formatMs(seconds * 1000)}.`)
  }
  try {
    await measureInto(results, plan, selection, arms, file, progress)
    if (results.leftOut.length === arms.length) throw nothingMeasured(results.leftOut)
    return results
  } catch (error) {
    if (plan.save !== null && results.runs.length > 0) progress.say(wayOn(results, plan.save.file))
    throw error
  } finally {
    file?.close()
  }
}

async function measureInto(
  results: { readonly plan: ResultsPlan; readonly runs: ResultsRun[]; readonly leftOut: LeftOut[] },
  plan: ComparisonPlan,
  { requests, serverOrdinal }: RequestSelection,
  arms: readonly Arm[],
  file: ResultsFile | null,
  progress: Progress,
): Promise<void> {
  const done = new Set(results.runs.map(({ run, arm }) => `${run} ${arm}`))
  const missing = new Set(results.leftOut.map(({ arm }) => arm))
  const startedMs = performance.now()
  const ending: EndingOptions = {
    range: plan.runs,
    timeBudgetMs: plan.timeBudgetMs,
    elapsedMs: () => performance.now() - startedMs,
    ratiosAfter: (last) =>
      evaluate({ ...results, runs: results.runs.filter(({ run }) => run <= last) }).ratios,
    isPrecise,
  }
  await measure({
    command: plan.command,
    env: plainEnvironment(process.env),
    arms: arms.filter(({ name }) => !missing.has(name)),
    requests,
    serverOrdinal,
    runs: plan.runs.most,
    rounds: plan.rounds,
    ratePerSecond: plan.ratePerSecond,
    listenTimeoutMs: plan.listenTimeoutMs,
    workDir: plan.workDir,
    signal: plan.signal,
    onStart: progress.started,
    onFinish(run) {
      file?.addRun(run)
      results.runs.push(run)
      progress.finished(run, requests.length)
    },
    onLeftOut(leftOut) {
      file?.addLeftOut(leftOut)
      results.leftOut.push(leftOut)
    },
    isDone: (run, arm) => done.has(`${run} ${arm}`),
    isEnough(run, isNew) {
      // What was there already has cost no time.
      const why = endingAfter(run, isNew ? ending : { ...ending, timeBudgetMs: null })
      if (why !== null) progress.say(why)
      return why !== null
    },
  })
}

function nothingMeasured(leftOut: readonly LeftOut[]): PrewarmError {
  const reasons = leftOut.map(({ arm, why }) => `${arm}: ${why}`).join('; ')
  return new PrewarmError('ERR_PREWARM_CLI_MEASURE', `No arm can be measured. ${reasons}`, {
    hint: 'Choose others with --arms.',
  })
}

function wayOn({ plan, runs }: Results, file: string): string {
  const planned = plan.runs * plan.arms.length
  const saved = `${runs.length} of ${planned} starts are in ${file}`
  return `${saved}: go on with the same command and --resume, or look at them with --from.`
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
    runs: plan.runs.most,
    ...(plan.runs.fewest < plan.runs.most && { fewestRuns: plan.runs.fewest }),
    rounds: plan.rounds,
    seed: plan.seed,
    against: plan.against ?? null,
    load: {
      kind: plan.ratePerSecond === null ? 'closed' : 'open',
      ratePerSecond: plan.ratePerSecond,
    },
    requests: requests.map(({ route, method, path: target, recordedStatus }) => ({
      route,
      method,
      path: target,
      recordedStatus,
    })),
    requestsDigest: digestOfRequests(requests),
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

/** So that a measurement is not resumed with other bodies. */
function digestOfRequests(requests: readonly MeasuredRequest[]): string {
  const texts = requests.map(({ body, ...rest }) =>
    JSON.stringify({ ...rest, body: body && Buffer.from(body).toString('base64') }),
  )
  return createHash('sha256').update(texts.join('\n')).digest('hex')
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
