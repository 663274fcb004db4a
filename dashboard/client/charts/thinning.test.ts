import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstAtOrAfter,
  nearestPoint,
  valueAt,
  thinIndices,
  visibleBand,
  visiblePoints,
} from './thinning.ts'

const line = (values: readonly number[]): { x: number; y: number; low: number; high: number }[] =>
  values.map((y, index) => ({ x: index + 1, y, low: y - 1, high: y + 1 }))

describe('thinning', () => {
  it('leaves a short line as it is', () => {
    const points = line([5, 4, 3])
    expect(visiblePoints(points, 1, 3, 100)).toEqual(points)
  })

  it('keeps first, last, lowest and highest of any line, in order, and no more points than asked for', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 500 })
    fc.assert(
      fc.property(values, fc.integer({ min: 6, max: 60 }), (all, most) => {
        const kept = thinIndices([...all.keys()], (index) => all[index] ?? NaN, most)
        expect(kept.length).toBeLessThanOrEqual(most)
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
        expect([kept[0], kept.at(-1)]).toEqual([0, all.length - 1])
        const seen = kept.map((index) => all[index] ?? NaN)
        expect(Math.max(...seen)).toBe(Math.max(...all))
        expect(Math.min(...seen)).toBe(Math.min(...all))
      }),
    )
  })

  it('has a band of means where there is no room for all', () => {
    const points = line(Array.from({ length: 1000 }, (_, index) => (index % 2) * 4))
    const band = visibleBand(points, 1, 1000, 40)
    expect(band).toHaveLength(40)
    expect(band[0]?.x).toBeCloseTo(13)
    for (const { low, high } of band) {
      expect(low).toBeCloseTo(1, 0)
      expect(high).toBeCloseTo(3, 0)
    }
    expect(visibleBand(points, 1, 10, 40)[1]).toEqual({ x: 2, low: 3, high: 5 })
    expect(visibleBand([{ x: 1, y: 1 }], 0, 9, 40)).toEqual([])
  })

  it('keeps a point beyond each end, so that the line goes to the edge', () => {
    const points = line(Array.from({ length: 100 }, (_, index) => index))
    const xs = visiblePoints(points, 40.5, 42.5, 100).map(({ x }) => x)
    expect(xs[0]).toBeLessThanOrEqual(40.5)
    expect(xs.at(-1)).toBeGreaterThanOrEqual(42.5)
    expect(xs.length).toBeLessThan(8)
  })

  it('finds places by bisection', () => {
    const points = line([1, 1, 1])
    expect([0, 1, 1.5, 3, 9].map((x) => firstAtOrAfter(points, x))).toEqual([0, 0, 1, 2, 3])
    expect([-5, 1.4, 1.6, 9].map((x) => nearestPoint(points, x)?.x)).toEqual([1, 1, 2, 3])
    expect(nearestPoint([], 1)).toBeUndefined()
  })

  it('says nothing of a place that a line has not come to', () => {
    const points = line([10, 20, 30])
    expect([1, 2.2, 3, 4, 4.5, 0, -0.5].map((x) => valueAt(points, x))).toEqual([
      10,
      20,
      30,
      30,
      null,
      10,
      null,
    ])
    expect(valueAt(line([10]), 2)).toBeNull()
    expect(valueAt([], 1)).toBeNull()
  })
})
