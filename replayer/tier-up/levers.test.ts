import { expect, it } from 'vitest'
import { leversOf, type Levers } from './levers.ts'

const none: Levers = { thresholds: false, natives: false }
const both: Levers = { thresholds: true, natives: true }

/** A profile whose routes are answered in so many milliseconds when they are warm. */
function routes(...steadyMs: readonly number[]): Parameters<typeof leversOf>[1] {
  return steadyMs.map((p50Ms) => ({
    steady: { count: 100, meanMs: p50Ms, p50Ms, p90Ms: p50Ms, p99Ms: p50Ms, maxMs: p50Ms },
  }))
}

it('levers are pulled as they were asked for, whatever there is to rehearse', () => {
  const budgetMs = 100
  expect(leversOf({ tierUp: 'off', budgetMs }, [])).toEqual(none)
  expect(leversOf({ tierUp: 'both', budgetMs }, [])).toEqual(both)
  expect(leversOf({ tierUp: 'natives', budgetMs }, [])).toEqual({ ...none, natives: true })
  expect(leversOf({ tierUp: 'thresholds', budgetMs }, [])).toEqual({ ...none, thresholds: true })
})

it('an unknown V8 is left alone unless somebody asks', () => {
  expect(leversOf({ tierUp: 'auto', budgetMs: 2000 }, routes(1), '99.1')).toEqual(none)
})

it('nothing is done where nothing is rehearsed', () => {
  expect(leversOf({ tierUp: 'auto', budgetMs: 2000 }, [], '12.4.254')).toEqual(none)
})

it.each([
  ['11.3.244', 1000, none],
  ['12.4.254', 399, none],
  ['12.4.254', 4000, both],
  ['13.6.233', 149, none],
  ['13.6.233', 150, both],
  ['13.6.233', 600, none],
  ['14.6.202', 399, none],
  ['14.6.202', 400, both],
])('V8 %s with room for %d rounds gets what pays there', (v8, rounds, levers) => {
  expect(leversOf({ tierUp: 'auto', budgetMs: rounds * 4 }, routes(1, 3), v8)).toEqual(levers)
})
