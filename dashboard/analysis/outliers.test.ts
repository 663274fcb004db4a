import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outliers } from './outliers.ts'
import { quantile } from './quantile.ts'
import { seededRandom } from './seeded-random.ts'

/** Each window sorted anew. */
function naiveOutliers(values: readonly number[], window: number): readonly number[] {
  const half = window / 2
  return values.flatMap((value, index) => {
    if (index < Math.min(half, 5)) return []
    const part = values.slice(Math.max(0, index - half), index + Math.min(half, index))
    const reach = 3 * (quantile(part, 0.9) - quantile(part, 0.1))
    return Math.abs(value - quantile(part, 0.5)) > reach ? [index] : []
  })
}

test('finds what sorting every window anew finds', () => {
  const values = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 500 })),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(values, fc.constantFrom(2, 6, 20), (series, window) => {
      expect(outliers(series, window)).toEqual(naiveOutliers(series, window))
    }),
  )
})

test('finds pauses, in both directions and up to the last value', () => {
  const random = seededRandom(1)
  const values = Array.from({ length: 500 }, () => 3 + random())
  for (const index of [120, 300, 499]) values[index] = 30
  values[301] = -20
  expect(outliers(values)).toEqual([120, 300, 301, 499])
})

test('leaves a slow start alone, however long it lasts, and finds the pauses in it and after it', () => {
  const random = seededRandom(1)
  for (let slow = 0; slow < 300; slow += 7) {
    const values = Array.from({ length: 500 }, (_, round) => (round < slow ? 60 : 3) + random())
    expect(outliers(values)).toEqual([])
    const fading = values.map((value, round) => value + 200 * Math.exp(-round / 10))
    expect(outliers(fading)).toEqual([])
  }
  const values = Array.from({ length: 500 }, (_, round) => (round < 3 ? 200 : 3) + random())
  for (const index of [4, 40, 99]) values[index] = 30
  expect(outliers(values)).toEqual([40, 99])
  expect(outliers([9, 1, 1])).toEqual([])
})
