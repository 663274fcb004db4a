import { expect, it } from 'vitest'
import { nearestName } from './nearest-name.ts'

const known = ['profile', 'mode', 'budget', 'rehearse', 'skip', 'tcp', 'allow']

it.each([
  ['rehears', 'rehearse'],
  ['reherase', 'rehearse'],
  ['Rehearse', 'rehearse'],
  ['budgetMs', 'budget'],
  ['alow', 'allow'],
  ['tpc', 'tcp'],
])('%s was meant to be %s', (typed, meant) => {
  expect(nearestName(typed, known)).toBe(meant)
})

it.each(['password', 'xyz', '', 'no', 'a'.repeat(101)])('"%s" is near to nothing', (typed) => {
  expect(nearestName(typed, known)).toBeUndefined()
})
