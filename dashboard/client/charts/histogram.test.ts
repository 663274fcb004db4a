import { describe, expect, it } from 'vitest'
import type { LatencyWindow } from '../../api.ts'
import { binsOf } from './histogram.ts'

const windowOf = (histogram: LatencyWindow['histogram']): LatencyWindow => ({
  from: 1,
  to: 1,
  count: 0,
  p50Ms: 0,
  p90Ms: 0,
  p99Ms: 0,
  maxMs: 0,
  histogram,
})

describe('binsOf', () => {
  it('adds windows up to shares of a hundred, with empty bins between and around', () => {
    const bins = binsOf([
      windowOf([[1, 3]]),
      windowOf([
        [1, 1],
        [10, 4],
      ]),
    ])
    expect(bins.reduce((sum, { y }) => sum + y, 0)).toBeCloseTo(100)
    expect(bins.filter(({ y }) => y > 0).map(({ y }) => y)).toEqual([50, 50])
    expect(bins).toHaveLength(13)
    expect([bins[0]?.y, bins.at(-1)?.y]).toEqual([0, 0])
  })

  it('puts a bucket into the bin that its upper bound closes', () => {
    const [, bin] = binsOf([windowOf([[1, 1]])])
    expect(bin?.x).toBeCloseTo(10 ** -0.05)
  })

  it('has no bins for nothing, and none for what has no logarithm', () => {
    expect(binsOf([])).toEqual([])
    expect(binsOf([windowOf([[0, 5]])])).toEqual([])
  })
})
