import { describe, expect, it } from 'vitest'
import { isLogTick, tickMs } from './ticks.ts'

describe('ticks', () => {
  it('leave out zeros that say nothing', () => {
    expect([0, 0.5, 0.25, 5, 50, 100, 1500, 2000, 0.05].map(tickMs)).toEqual([
      '0 ms',
      '0.5 ms',
      '0.25 ms',
      '5 ms',
      '50 ms',
      '100 ms',
      '1.5 s',
      '2 s',
      '50 us',
    ])
  })

  it('of a logarithmic axis are fewer where it is long', () => {
    const ticksTo = (end: number): { value: number }[] => [{ value: 1 }, { value: end }]
    const shown = (end: number): number[] =>
      [0.1, 1, 2, 3, 5, 9, 10, 20].filter((value) => isLogTick(value, ticksTo(end)))
    expect(shown(50)).toEqual([0.1, 1, 2, 5, 10, 20])
    expect(shown(5000)).toEqual([0.1, 1, 10])
  })
})
