import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatMs } from './units.ts'

describe('formatMs', () => {
  it.each([
    [0, '0.00 ms'],
    [0.0123, '12.3 us'],
    [0.42, '0.42 ms'],
    [1.005, '1.00 ms'],
    [12.34, '12.3 ms'],
    [456.7, '457 ms'],
    [1000, '1.00 s'],
    [62_500, '62.5 s'],
    [3_600_000, '3600 s'],
    [-12.34, '-12.3 ms'],
    [-2500, '-2.50 s'],
  ])('shows %d ms as %s', (ms, expected) => {
    expect(formatMs(ms)).toBe(expected)
  })
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [40_000, '39.1 KiB'],
    [6_501_171, '6.20 MiB'],
    [1024 ** 3, '1024 MiB'],
  ])('shows %d bytes as %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected)
  })
})

describe('formatCount', () => {
  it('groups digits the same way in every locale', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567')
    expect(formatCount(12)).toBe('12')
  })
})
