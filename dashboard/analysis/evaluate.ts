import type { CompareReport } from '../../formats/compare-report.ts'
import type { Results, ResultsRun } from '../../formats/results.ts'
import { compareArms, compareRoutes, medianCurves, type ArmRuns } from './compare-arms.ts'
import { replayOf } from './replay-summary.ts'
import { levelOfLooks, plannedLooks } from './sequential-stop.ts'
import { verdictOf } from './verdict.ts'
import { warmupsOf } from './warmup-summary.ts'
import { warningsOf } from './warnings.ts'

/** The measured arm and its complete runs. */
export interface MeasuredArm extends ArmRuns {
  readonly runs: readonly (ArmRuns['runs'][number] & ResultsRun)[]
}

/**
 * Arms in the order of the plan with the runs that all of them have, so that run `i` of every arm was measured next to the
 * others even when a measurement broke off.
 */
export function measuredArms({ plan, runs, leftOut }: Results): readonly MeasuredArm[] {
  const missing = new Set(leftOut.map(({ arm }) => arm))
  const names = plan.arms.map(({ name }) => name).filter((name) => !missing.has(name))
  const byRun = new Map<number, Map<string, ResultsRun>>()
  for (const run of runs) {
    const entry = byRun.get(run.run) ?? new Map<string, ResultsRun>()
    byRun.set(run.run, entry.set(run.arm, run))
  }
  const complete = [...byRun]
    .sort(([a], [b]) => a - b)
    .flatMap(([, entry]) => (names.every((name) => entry.has(name)) ? [entry] : []))
  const requestCount = plan.requests.length
  return names.map((name) => ({
    name,
    runs: complete.flatMap((entry) => {
      const run = entry.get(name)
      return run === undefined ? [] : [{ ...run, requestCount }]
    }),
  }))
}

/** What `prewarm compare --json` prints of the results; the same results give the same report on every machine. */
export function evaluate(results: Results): CompareReport {
  const { plan } = results
  const measured = measuredArms(results)
  const runs = measured[0]?.runs.length ?? 0
  const [level, jointLevel] = levelsOf(plan)
  const { arms, ratios, differences } = compareArms(
    measured,
    plan.seed,
    plan.against ?? undefined,
    level,
    jointLevel,
  )
  const replays = measured.flatMap(
    ({ name, runs: own }) =>
      replayOf(
        name,
        own.map(({ report }) => report),
      ) ?? [],
  )
  return {
    schemaVersion: 1,
    ...nodesOf(measured),
    load: plan.load,
    machine: plan.machine,
    app: plan.command.join(' '),
    runs,
    rounds: plan.rounds,
    arms,
    ratios,
    differences,
    requests: {
      list: plan.requests.map(({ method, path }) => `${method} ${path}`),
      alsoRehearsed: plan.alsoRehearsed,
    },
    replay: replays.find(({ arm }) => arm === 'prewarm')?.summary ?? null,
    replays,
    curves: medianCurves(measured),
    perRoute: compareRoutes(
      measured,
      plan.requests.map(({ route }) => route),
    ),
    warmups: warmupsOf(measured, plan.seed),
    level,
    verdict: verdictOf(ratios, plan.rounds),
    warnings: [
      ...plan.notes,
      ...warningsOf({ plan, arms: measured, leftOut: results.leftOut, replays }),
    ],
  }
}

/** The Node of the first arm, and the arms that ran on others. */
function nodesOf(arms: readonly MeasuredArm[]): Pick<CompareReport, 'node' | 'otherNodes'> {
  const nodes = arms.map(({ name, runs }) => ({
    arm: name,
    node: [...new Set(runs.map((run) => run.node))].join(', '),
  }))
  const node = arms[0]?.runs[0]?.node ?? ''
  return { node, otherNodes: nodes.filter((entry) => entry.node !== node) }
}

/** Of single intervals, and of those that the verdict goes by: both higher where a measurement may end at one of several looks. */
function levelsOf({ fewestRuns, runs }: Results['plan']): [level: number, jointLevel: number] {
  const jointLevel = levelOfLooks(
    fewestRuns === undefined ? [runs] : plannedLooks(fewestRuns, runs),
  )
  return [fewestRuns === undefined ? 0.95 : jointLevel, jointLevel]
}
