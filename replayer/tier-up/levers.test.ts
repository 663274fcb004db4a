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
  ['11.3.244', 1000, 4000, none],
  ['12.4.254', 399, 1596, none],
  ['12.4.254', 400, 1600, both],
  ['13.6.233', 99, 396, none],
  ['13.6.233', 100, 400, both],
  ['14.6.202', 99, 3000, none],
  ['14.6.202', 300, 1999, none],
  ['14.6.202', 100, 2000, both],
])(
  'V8 %s with room for %d rounds in %d ms gets what pays there',
  (v8, rounds, budgetMs, levers) => {
    expect(leversOf({ tierUp: 'auto', budgetMs }, routes(budgetMs / rounds), v8)).toEqual(levers)
  },
)
