import { expect, it } from 'vitest'
import { leversOf } from './levers.ts'

it('levers are pulled as they were asked for', () => {
  const budgetMs = 100
  expect(leversOf({ tierUp: 'off', budgetMs })).toEqual({ thresholds: false, natives: false })
  expect(leversOf({ tierUp: 'both', budgetMs })).toEqual({ thresholds: true, natives: true })
  expect(leversOf({ tierUp: 'natives', budgetMs })).toEqual({ thresholds: false, natives: true })
  expect(leversOf({ tierUp: 'thresholds', budgetMs })).toEqual({ thresholds: true, natives: false })
})

it('an unknown V8 is left alone unless somebody asks', () => {
  expect(leversOf({ tierUp: 'auto', budgetMs: 2000 }, '99.1')).toEqual({
    thresholds: false,
    natives: false,
  })
})

it.each([
  ['11.3.244', 500, { thresholds: false, natives: true }],
  ['11.3.244', 2000, { thresholds: true, natives: true }],
  ['12.4.254', 500, { thresholds: false, natives: false }],
  ['12.4.254', 2000, { thresholds: true, natives: true }],
  ['13.6.233', 500, { thresholds: true, natives: true }],
  ['13.6.233', 2000, { thresholds: false, natives: false }],
  ['14.6.202', 500, { thresholds: false, natives: false }],
  ['14.6.202', 2000, { thresholds: true, natives: true }],
])('by itself V8 %s with %d ms gets what pays there', (v8, budgetMs, levers) => {
  expect(leversOf({ tierUp: 'auto', budgetMs }, v8)).toEqual(levers)
})
