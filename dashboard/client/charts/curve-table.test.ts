import { describe, expect, it } from 'vitest'
import { placeText, tablePlaces } from './curve-table.ts'

describe('tablePlaces', () => {
  it('tells of the beginning of a whole curve more closely than of its end', () => {
    expect(tablePlaces({ from: 1, to: 200 }, true)).toEqual([1, 2, 5, 10, 20, 50, 100, 200])
  })

  it('goes through a part of a curve in equal steps', () => {
    const places = tablePlaces({ from: 10, to: 21 }, false)
    expect(places).toHaveLength(12)
    expect([places[0], places[1], places.at(-1)]).toEqual([10, 11, 21])
  })

  it('names a place by round or time', () => {
    expect(placeText('round', 1234)).toBe('Round 1,234')
    expect(placeText('time', 1234)).toBe('1.23 s')
  })
})
