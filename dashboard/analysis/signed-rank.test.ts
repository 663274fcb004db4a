import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { signedRankP } from './signed-rank.ts'

/** All 2^n choices of signs, one after the other. */
function byEnumeration(differences: readonly number[]): number {
  const sizes = differences.filter((each) => each !== 0).map(Math.abs)
  const rankOf = (size: number): number => {
    const below = sizes.filter((other) => other < size).length
    const same = sizes.filter((other) => other === size).length
    return below + (same + 1) / 2
  }
  const ranks = sizes.map(rankOf)
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const oneSidedness = (positive: number): number => Math.abs(positive - total / 2)
  const signs = differences.filter((each) => each !== 0).map((each) => each > 0)
  const found = ranks.reduce((sum, rank, index) => sum + (signs[index] ? rank : 0), 0)
  let asMuch = 0
  for (let choice = 0; choice < 2 ** ranks.length; choice++) {
    const positive = ranks.reduce((sum, rank, index) => sum + ((choice >> index) & 1 ? rank : 0), 0)
    if (oneSidedness(positive) >= oneSidedness(found)) asMuch++
  }
  return asMuch / 2 ** ranks.length
}

test('is what counting all choices of signs gives, with ties and zeros', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 9 }), (differences) => {
      expect(signedRankP(differences)).toBeCloseTo(byEnumeration(differences), 10)
    }),
  )
})

test('ten of one sign are 2 in 1024, none are 1', () => {
  expect(signedRankP([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(2 / 1024, 12)
  expect(signedRankP([])).toBe(1)
  expect(signedRankP([0, 0])).toBe(1)
})

test('the normal distribution takes over where it is the same', () => {
  const random = seededRandom(3)
  const many = Array.from({ length: 101 }, () => random() - 0.43)
  const exact = signedRankP(many.slice(0, 100))
  expect(signedRankP(many) / exact).toBeGreaterThan(0.5)
  expect(signedRankP(many) / exact).toBeLessThan(2)
})

test('equal arms are told apart as often as is asked for', () => {
  const random = seededRandom(4)
  const skewed = (): number => Math.exp(3 * random())
  const ps = Array.from({ length: 2000 }, () =>
    signedRankP(Array.from({ length: 10 }, () => skewed() - skewed())),
  )
  const share = ps.filter((p) => p <= 0.05).length / ps.length
  expect(share).toBeGreaterThan(0.03)
  expect(share).toBeLessThan(0.065)
})
