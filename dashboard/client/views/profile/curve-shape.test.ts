import { describe, expect, it } from 'vitest'
import { roundTicks } from '../round-ticks.ts'
import { curveShape, requestTicks, requestX } from './curve-shape.ts'

describe('curveShape', () => {
  it('draws requests on a logarithmic axis and latencies from zero', () => {
    const points = [
      { first: 1, count: 1, meanMs: 40 },
      { first: 10, count: 1, meanMs: 20 },
      { first: 100, count: 1, meanMs: 0 },
    ]
    expect(curveShape(points, 100, 50)).toMatchObject({
      path: 'M0 0L50 25L100 50',
      maxMs: 40,
      lastRequest: 100,
    })
  })

  it('puts a bucket at the geometric middle of its requests', () => {
    const points = [
      { first: 1, count: 1, meanMs: 1 },
      { first: 2, count: 31, meanMs: 1 },
    ]
    expect(curveShape(points, 100, 10).dots[1]?.x).toBe(60)
  })

  it('has no line for less than two points, and no infinities without time', () => {
    expect(curveShape([], 100, 50).path).toBe('')
    expect(curveShape([{ first: 1, count: 1, meanMs: 0 }], 100, 50)).toMatchObject({
      path: '',
      dots: [{ x: 0, y: 50 }],
    })
  })
})

describe('ticks', () => {
  it('are powers of ten for requests', () => {
    expect(requestTicks(1500)).toEqual([1, 10, 100, 1000])
    expect(requestX(1, 1)).toBe(0)
  })

  it('are few and round for latencies', () => {
    expect(roundTicks(43)).toEqual([0, 20, 40])
    expect(roundTicks(2500)).toEqual([0, 1000, 2000])
    expect(roundTicks(0)).toEqual([0])
    expect(roundTicks(Number.NaN)).toEqual([0])
  })
})
