import { warmupClasses, type Estimate, type WarmupClass } from '../../formats/compare-report.ts'
import { bootstrapMedian } from './bootstrap.ts'
import type { Random } from './seeded-random.ts'
import type { SteadyState } from './steady-state.ts'

/** What the processes of an arm have in common. */
export interface ArmClass {
  /** The class of all processes but strays; `inconsistent` where there is none. */
  readonly class: WarmupClass | 'inconsistent'
  /** Processes of each class. A set that mixes any is what Barrett et al. call inconsistent. */
  readonly counts: Readonly<Record<WarmupClass, number>>
  /**
   * Rounds before the steady state, over the processes that reached one; null where more than strays did not, since
   * what is left would be the better part of them.
   */
  readonly roundsToSteady: Estimate | null
  /** Time before it, ms, of one connection that waits for each answer; null as above. */
  readonly msToSteady: Estimate | null
}

/**
 * Processes that may be of another class: none of up to 4, else 1 in 10, and 1 at least. On a shared machine one run in
 * ten is disturbed; Barrett et al. had machines of their own, and allow none.
 */
export function strayCount(processes: number): number {
  return processes < 5 ? 0 : Math.max(1, Math.floor(processes / 10))
}

/** Null where no process was classified, having too few rounds. */
export function armClassOf(
  processes: readonly (SteadyState | null)[],
  random: Random,
): ArmClass | null {
  const known = processes.filter((process) => process !== null)
  if (known.length === 0) return null
  const strays = strayCount(known.length)
  const counts = Object.fromEntries(
    warmupClasses.map((name) => [name, known.filter((process) => process.class === name).length]),
  ) as Record<WarmupClass, number>
  const common = warmupClasses.find((name) => counts[name] >= known.length - strays)
  const estimate = (of: (process: SteadyState) => number | null): Estimate | null => {
    const values = known.map(of).filter((value) => value !== null)
    return known.length - values.length > strays || values.length === 0
      ? null
      : bootstrapMedian(values, { random })
  }
  return {
    class: common ?? 'inconsistent',
    counts,
    roundsToSteady: estimate((process) => process.steadyFrom),
    msToSteady: estimate((process) => process.timeToSteadyMs),
  }
}
