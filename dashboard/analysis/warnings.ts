import type { ArmReplay } from '../../formats/compare-report.ts'
import type { LeftOut, ResultsPlan, ResultsRun } from '../../formats/results.ts'
import { minBootstrapValues } from './bootstrap.ts'
import { formatMs } from './units.ts'

/** Under this many rounds the last third is still warming up in most services. */
const fewRounds = 100
/**
 * No bootstrap interval is wider than the sample, and the sample of n runs holds the true median with a
 * probability of 1 - 2^(1 - n) only: 95 % takes 6 runs.
 */
const sureRuns = 6
/** Sending later than that is a part of small latencies that is not the service's. */
const maxSendDelayMs = 1
/** Of a processor; the client is one thread. */
const maxClientCores = 0.9
/** A page of output should stay a page. */
const maxStatusWarnings = 10

export interface Circumstances {
  readonly plan: Pick<ResultsPlan, 'arms' | 'requests' | 'runs' | 'fewestRuns' | 'rounds' | 'load'>
  readonly arms: readonly AnsweringArm[]
  readonly leftOut: readonly LeftOut[]
  readonly replays: readonly ArmReplay[]
}

interface AnsweringArm {
  readonly name: string
  readonly runs: readonly Pick<ResultsRun, 'statuses' | 'node' | 'sendDelayP99Ms' | 'clientCores'>[]
}

/** What a reader has to know before believing the figures, each as a sentence. */
export function warningsOf(circumstances: Circumstances): readonly string[] {
  const { plan, arms, leftOut } = circumstances
  const runs = runsOf(arms)
  const warnings = leftOut.map(({ arm, why }) => `Arm ${arm} was left out: ${why}.`)
  const planned = plan.fewestRuns ?? plan.runs
  if (runs < planned) {
    warnings.push(`${runs} of ${planned} runs of every arm were measured.`)
  }
  if (runs === 0) {
    warnings.push('No run is complete.')
  } else if (runs < minBootstrapValues) {
    warnings.push(`${runs === 1 ? 'One run gives' : 'Two runs give'} no intervals; take 10.`)
  } else if (runs < sureRuns) {
    const percent = Math.floor(100 * (1 - 2 ** (1 - runs)))
    warnings.push(
      `Intervals over ${runs} runs hold the true median in ${percent} % of cases at most.`,
    )
  }
  if (plan.rounds < fewRounds) {
    warnings.push(
      `The steady level is that of the last third of only ${plan.rounds} rounds: the service may still be warming up then.`,
    )
  }
  return [
    ...warnings,
    ...nodeWarnings(arms),
    ...loadWarnings(circumstances),
    ...replayWarnings(circumstances),
    ...statusWarnings(arms, plan.requests),
  ]
}

/** Another Node is another compiler: what an arm gains may be its Node's. */
function nodeWarnings(arms: readonly AnsweringArm[]): readonly string[] {
  const byNode = new Map<string, string[]>()
  for (const { name, runs } of arms) {
    const node = [...new Set(runs.map((run) => run.node))].join(' and ')
    byNode.set(node, [...(byNode.get(node) ?? []), name])
  }
  if (byNode.size <= 1 && ![...byNode.keys()].some((node) => node.includes(' and '))) return []
  const list = [...byNode].map(([node, names]) => `${names.join(', ')} on ${node}`)
  return [`Not all runs are on one Node: ${list.join('; ')}.`]
}

/** What a client does late, or has no time for, is taken for the service's latency. */
function loadWarnings({ plan, arms }: Circumstances): readonly string[] {
  if (plan.load.kind === 'closed') return []
  const runs = arms.flatMap((arm) => arm.runs)
  const delayMs = Math.max(0, ...runs.map(({ sendDelayP99Ms }) => sendDelayP99Ms ?? 0))
  const cores = Math.max(0, ...runs.map(({ clientCores }) => clientCores ?? 0))
  return [
    ...(delayMs > maxSendDelayMs
      ? [
          `The client sent up to ${formatMs(delayMs)} late (99th percentile of a run), which is in the latencies: take a lower --rate or a quieter machine.`,
        ]
      : []),
    ...(cores > maxClientCores
      ? [
          `The client kept up to ${cores.toFixed(1)} processors busy, and may be what is slow: take a lower --rate.`,
        ]
      : []),
  ]
}

function runsOf(arms: readonly AnsweringArm[]): number {
  return arms[0]?.runs.length ?? 0
}

function replayWarnings({ plan, arms, replays }: Circumstances): readonly string[] {
  const replaying = plan.arms.filter(
    ({ name, kind, mayStayCold }) =>
      kind === 'replay' && mayStayCold === 'no' && arms.some((arm) => arm.name === name),
  )
  return replaying.flatMap(({ name }) => {
    const summary = replays.find(({ arm }) => arm === name)?.summary
    if (summary === undefined) {
      return [`The replayer wrote no run report in ${name}: nothing shows that it ran.`]
    }
    const { outcome, coldRuns, reason, detail } = summary
    if (outcome === 'applied') return []
    return [
      `${name} started cold in ${coldRuns} of ${runsOf(arms)} runs (${reason ?? 'no reason given'}): ${detail}`,
    ]
  })
}

/** Other answers in other arms are other work; errors are quick, and not what one wants to measure. */
function statusWarnings(
  arms: readonly AnsweringArm[],
  requests: ResultsPlan['requests'],
): readonly string[] {
  const found = requests.flatMap((request, index) => {
    const name = `${request.method} ${request.path}`
    const byArm = arms.map((arm) => ({
      arm: arm.name,
      seen: statusesOf(arm, index, requests.length),
    }))
    const distinct = new Set(byArm.map(({ seen }) => seen))
    if (distinct.size > 1) {
      const list = byArm.map(({ arm, seen }) => `${seen} in ${arm}`).join(', ')
      return [`${name} is answered differently: ${list}.`]
    }
    const [seen = ''] = distinct
    const isExpected = seen === String(request.recordedStatus)
    const isFine = seen.split('/').every((status) => Number(status) < 400)
    return isExpected || isFine ? [] : [`${name} is answered with ${seen} in every arm.`]
  })
  const surplus = found.length - maxStatusWarnings
  return surplus > 0
    ? [...found.slice(0, maxStatusWarnings), `${surplus} more requests have such answers.`]
    : found
}

/** `200`, or `200/429` when the arm gave several. */
function statusesOf(arm: AnsweringArm, request: number, requestCount: number): string {
  const seen = new Set<number>()
  for (const { statuses } of arm.runs) {
    for (let index = request; index < statuses.length; index += requestCount) {
      seen.add(statuses[index] ?? 0)
    }
  }
  return [...seen].sort((a, b) => a - b).join('/')
}
