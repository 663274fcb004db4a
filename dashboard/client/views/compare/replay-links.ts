import type { ResultsView } from '../../../api.ts'

/**
 * Which of the reports of these results the Replay view is to show: the last run of an arm, as `start` of its parameters. null: the
 * replayer wrote none there. Reports are in the order of the arms, then of the runs.
 */
export function replayStart({ plan, runs }: ResultsView, arm: string): string | null {
  const order = new Map(plan.arms.map(({ name }, index) => [name, index]))
  const reports = runs
    .filter(({ report }) => report !== null)
    .sort((a, b) => (order.get(a.arm) ?? 0) - (order.get(b.arm) ?? 0) || a.run - b.run)
  const index = reports.findLastIndex((run) => run.arm === arm)
  return index < 0 ? null : String(index)
}
