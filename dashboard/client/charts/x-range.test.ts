import { describe, expect, it } from 'vitest'
import { extentOf, panned, parseRange, within, zoomed } from './x-range.ts'

const whole = { from: 0, to: 100 }

describe('x-range', () => {
  it('zooms around a place that stays where it is', () => {
    expect(zoomed({ from: 20, to: 60 }, whole, 0.5, 30)).toEqual({ from: 25, to: 45 })
  })

  it('sees all again when it is zoomed out far enough', () => {
    expect(zoomed({ from: 20, to: 60 }, whole, 3, 30)).toBeNull()
  })

  it('does not zoom in without end', () => {
    const range = zoomed({ from: 50, to: 50.06 }, whole, 0.001, 50.03)
    expect((range?.to ?? 0) - (range?.from ?? 0)).toBeCloseTo(0.05)
  })

  it('stops at the ends of the axis at the same width', () => {
    expect(panned({ from: 10, to: 30 }, whole, -1)).toEqual({ from: 0, to: 20 })
    expect(panned({ from: 75, to: 95 }, whole, 1)).toEqual({ from: 80, to: 100 })
    expect(within({ from: -5, to: 15 }, whole)).toEqual({ from: 0, to: 20 })
  })

  it('takes nothing for a range but numbers in order', () => {
    expect(parseRange('1', '2.5')).toEqual({ from: 1, to: 2.5 })
    for (const [from, to] of [
      ['2', '1'],
      ['a', '1'],
      ['1', 'Infinity'],
      ['1', '1'],
    ] as const) {
      expect(parseRange(from, to)).toBeNull()
    }
    expect(parseRange(undefined, '2')).toBeNull()
  })

  it('has an extent for no points and for one', () => {
    expect(extentOf([])).toEqual({ from: 0, to: 1 })
    expect(extentOf([[5], []])).toEqual({ from: 5, to: 6 })
    expect(extentOf([[5, 7, 9], [2]])).toEqual({ from: 2, to: 9 })
  })
})
