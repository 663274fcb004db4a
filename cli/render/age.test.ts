import { expect, test } from 'vitest'
import { formatAge } from './age.ts'

const hourMs = 3_600_000

test.each([
  [-5, 'within the last hour'],
  [0.9 * hourMs, 'within the last hour'],
  [hourMs, '1 hour ago'],
  [47.9 * hourMs, '47 hours ago'],
  [48 * hourMs, '2 days ago'],
  [400 * 24 * hourMs, '400 days ago'],
])('%i ms is %s', (ageMs, text) => {
  expect(formatAge(ageMs)).toBe(text)
})
