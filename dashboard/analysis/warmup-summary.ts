import type { ArmWarmup, Estimate } from '../../formats/compare-report.ts'
import { armClassOf } from './arm-class.ts'
import { bootstrapMedian } from './bootstrap.ts'
import { capacityLostClosed } from './capacity.ts'
import type { ArmRuns } from './compare-arms.ts'
import { seededRandom } from './seeded-random.ts'
import { steadyStateOf, type SteadyState } from './steady-state.ts'
import { roundSums, steadyLevels } from './warmup-metrics.ts'

/** The first of traffic, for which lost capacity is told. */
export const capacitySpanMs = 10_000

/** Rounds that changepoints are looked for in; of more, as many are taken together as are needed: it takes their square. */
const maxPoints = 1000

/** How the processes of each arm warm up: class, length, and what it costs of their capacity. */
export function warmupsOf(arms: readonly ArmRuns[], seed: number): readonly ArmWarmup[] {
  const random = seededRandom(seed)
  return arms.map(({ name, runs }) => {
    const found = armClassOf(
      runs.map((run) => steadyStateOfRounds(roundSums(run))),
      random,
    )
    const lost = runs.map((run) => capacityLostClosed(run, steadyLevels(run), capacitySpanMs))
    return {
      arm: name,
      class: found?.class ?? null,
      counts: found?.counts ?? null,
      roundsToSteady: found?.roundsToSteady ?? null,
      msToSteady: found?.msToSteady ?? null,
      capacityLost: bootstrapMedian(lost, { random }),
    }
  })
}

/** Of many rounds, in rounds again; the time before the steady state is exact to a group of them. */
function steadyStateOfRounds(roundMs: readonly number[]): SteadyState | null {
  const size = Math.ceil(roundMs.length / maxPoints)
  if (size === 1) return steadyStateOf(roundMs)
  const groups = Array.from({ length: Math.floor(roundMs.length / size) }, (_, group) =>
    roundMs.slice(group * size, (group + 1) * size).reduce((sum, ms) => sum + ms, 0),
  )
  const state = steadyStateOf(groups)
  if (state === null) return null
  return {
    ...state,
    segments: state.segments.map(({ from, to, meanMs, sdMs }) => ({
      from: from * size,
      to: to * size,
      meanMs: meanMs / size,
      sdMs: sdMs / size,
    })),
    steadyFrom: state.steadyFrom === null ? null : state.steadyFrom * size,
    steadyLevelMs: state.steadyLevelMs === null ? null : state.steadyLevelMs / size,
  }
}

/** `warm-up, steady after 12 rounds`: for a cell of a table. */
export function warmupText({ class: name, roundsToSteady }: ArmWarmup): string {
  if (name === null) return '-'
  return roundsToSteady === null || name === 'flat'
    ? classTexts[name]
    : `${classTexts[name]}, steady after ${rounds(roundsToSteady)}`
}

/** `2.5 % (1.9 to 3.4)`: share of the capacity of the first 10 s. */
export function capacityText({ capacityLost: { median, low, high } }: ArmWarmup): string {
  const percent = (share: number): string => (100 * share).toFixed(1)
  if (low === high) return `${percent(median)} %`
  return `${percent(median)} % (${percent(low)} to ${percent(high)})`
}

const classTexts: Readonly<Record<NonNullable<ArmWarmup['class']>, string>> = {
  flat: 'flat',
  warmup: 'warms up',
  slowdown: 'gets slower',
  'no-steady-state': 'never steady',
  inconsistent: 'differs from run to run',
}

function rounds({ median }: Estimate): string {
  const count = Math.round(median)
  return `${count} ${count === 1 ? 'round' : 'rounds'}`
}
