import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { squarify, type Rect } from './squarify.ts'

const area: Rect = { x: 10, y: 20, width: 600, height: 400 }

describe('squarify', () => {
  it('lays out the example of the paper', () => {
    const rects = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 })
    expect(rects.slice(0, 2)).toEqual([
      { x: 0, y: 0, width: 3, height: 2 },
      { x: 0, y: 2, width: 3, height: 2 },
    ])
    const [, , third, fourth] = rects
    expect(third?.x).toBe(3)
    expect(third?.width).toBeCloseTo(12 / 7)
    expect(third?.height).toBeCloseTo(7 / 3)
    expect(fourth?.height).toBeCloseTo(7 / 3)
  })

  it('gives every value its share of the area, inside of it', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, (given) => {
        const sorted = given.toSorted((a, b) => b - a)
        const total = sorted.reduce((sum, value) => sum + value, 0)
        for (const [index, rect] of squarify(sorted, area).entries()) {
          const share = (rect.width * rect.height) / (area.width * area.height)
          expect(share).toBeCloseTo((sorted[index] ?? 0) / total, 6)
          expect(rect.x).toBeGreaterThanOrEqual(area.x - 1e-6)
          expect(rect.y).toBeGreaterThanOrEqual(area.y - 1e-6)
          expect(rect.x + rect.width).toBeLessThanOrEqual(area.x + area.width + 1e-6)
          expect(rect.y + rect.height).toBeLessThanOrEqual(area.y + area.height + 1e-6)
        }
      }),
    )
  })

  it('keeps rectangles of like values near to squares', () => {
    const rects = squarify(
      Array.from({ length: 24 }, () => 1),
      area,
    )
    const ratios = rects.map(({ width, height }) => Math.max(width / height, height / width))
    expect(Math.max(...ratios)).toBeLessThan(1.6)
  })

  it('gives nothing to what has no size, in an area without one as well', () => {
    expect(squarify([], area)).toEqual([])
    expect(squarify([0, 0], area).map(({ width }) => width)).toEqual([0, 0])
    const flat = squarify([2, 1], { x: 0, y: 0, width: 0, height: 400 })
    expect(flat.every(({ width, height }) => width * height === 0)).toBe(true)
  })
})
