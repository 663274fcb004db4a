import { expect, test } from 'vitest'
import { armClassOf, strayCount } from './arm-class.ts'
import { seededRandom } from './seeded-random.ts'
import type { WarmupClass } from '../../formats/compare-report.ts'
import type { SteadyState } from './steady-state.ts'

function processes(count: number, name: WarmupClass, steadyFrom: number | null): SteadyState[] {
  return Array.from({ length: count }, (_, index) => ({
    class: name,
    segments: [],
    steadyFrom: steadyFrom === null ? null : steadyFrom + index,
    steadyLevelMs: steadyFrom === null ? null : 2,
    timeToSteadyMs: steadyFrom === null ? null : 10 * (steadyFrom + index),
  }))
}

const classOf = (...all: readonly (SteadyState | null)[]): ReturnType<typeof armClassOf> =>
  armClassOf(all, seededRandom(1))

test('an arm has the class of its processes, with the rounds and the time that their warm-up took', () => {
  const arm = classOf(...processes(9, 'warmup', 20))
  expect(arm?.class).toBe('warmup')
  expect(arm?.counts).toEqual({ flat: 0, warmup: 9, slowdown: 0, 'no-steady-state': 0 })
  expect(arm?.roundsToSteady?.median).toBe(24)
  expect(arm?.msToSteady?.median).toBe(240)
  expect(arm?.roundsToSteady?.low).toBeGreaterThanOrEqual(20)
  expect(arm?.roundsToSteady?.high).toBeLessThanOrEqual(28)
})

test('one stray in ten is let pass, more make it inconsistent', () => {
  expect(classOf(...processes(9, 'warmup', 20), ...processes(1, 'flat', 0))?.class).toBe('warmup')
  const mixed = classOf(...processes(8, 'warmup', 20), ...processes(2, 'flat', 0))
  expect(mixed?.class).toBe('inconsistent')
  expect(mixed?.counts).toMatchObject({ flat: 2, warmup: 8 })
  expect(mixed?.roundsToSteady).not.toBeNull()
  expect([1, 4, 5, 10, 19, 20, 40].map(strayCount)).toEqual([0, 0, 1, 1, 1, 2, 4])
  expect(classOf(...processes(3, 'warmup', 20), ...processes(1, 'flat', 0))?.class).toBe(
    'inconsistent',
  )
})

test('no time to a steady state is given where more than strays have none', () => {
  const one = classOf(...processes(9, 'warmup', 20), ...processes(1, 'no-steady-state', null))
  expect(one?.roundsToSteady?.median).toBe(24)
  const two = classOf(...processes(8, 'warmup', 20), ...processes(2, 'no-steady-state', null))
  expect(two).toMatchObject({ roundsToSteady: null, msToSteady: null })
})

test('processes with too few rounds do not count, and an arm of such has no class', () => {
  expect(classOf(null, null)).toBeNull()
  expect(classOf()).toBeNull()
  expect(classOf(null, ...processes(5, 'flat', 0))?.class).toBe('flat')
})
