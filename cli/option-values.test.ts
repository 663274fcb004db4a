import { describe, expect, it, test } from 'vitest'
import {
  append,
  appendNames,
  formatDuration,
  parseDuration,
  parsePositiveDuration,
  parseRate,
  parseRuns,
  parseShare,
  wholeNumber,
} from './option-values.ts'

const refused = expect.objectContaining({ code: 'commander.invalidArgument' }) as unknown

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['3s', 3000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['0', 0],
    ['0ms', 0],
    ['2147483647ms', 2_147_483_647],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['4.1m', 246_000],
    ['1.001s', 1001],
    ['0.6ms', 1],
  ])('%s is rounded to %d ms', (text, ms) => {
    expect(parsePositiveDuration(text)).toBe(ms)
  })

  it.each(['', '3', 's', '-1s', '3 s', '1h', '1e3ms', 'Infinityms', '00'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseDuration(text)).toThrow(refused)
    },
  )

  it.each(['2147483648ms', '36000m', `${'9'.repeat(400)}s`])(
    'refuses %s, which no timer can wait for',
    (text) => {
      expect(() => parseDuration(text)).toThrow(refused)
    },
  )

  it.each(['0', '0s', '0.4ms'])('refuses %s where it has to be above zero', (text) => {
    expect(() => parsePositiveDuration(text)).toThrow(refused)
  })
})

test('a whole number is in decimal digits and within both ends', () => {
  const parse = wholeNumber(1, 10)
  expect(['1', '10'].map(parse)).toEqual([1, 10])
  for (const text of ['', '0', '11', '-1', '1.5', '1e0', '0x1', ' 1', 'many']) {
    expect(() => parse(text)).toThrow(refused)
  }
  expect(() => wholeNumber(0)('99999999999999999999')).toThrow(refused)
})

test('a repeated option keeps all of its values', () => {
  expect(append('b', append('a,c'))).toEqual(['a,c', 'b'])
  expect(appendNames('c', appendNames('a,,b'))).toEqual(['a', 'b', 'c'])
})

describe('a share', () => {
  it('is a percentage from 0 to 100', () => {
    expect(['0%', '12.5%', '100%'].map(parseShare)).toEqual([0, 0.125, 1])
  })

  it.each(['80', '101%', '-1%', '%', ''])('%s is refused', (text) => {
    expect(() => parseShare(text)).toThrow(refused)
  })
})

test.each([
  [600_000, '10m'],
  [90_000, '90s'],
  [1500, '1500ms'],
])('%d ms are written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('a number of runs may be a range', () => {
  expect(parseRuns('10')).toEqual({ fewest: 10, most: 10 })
  expect(parseRuns('6-40')).toEqual({ fewest: 6, most: 40 })
  for (const text of ['', '0', '0-5', '10-5', '5-', '-5', '1-2-3', '1e3', '9'.repeat(20)]) {
    expect(() => parseRuns(text)).toThrow(refused)
  }
})

test('a rate is positive, and no more than one client can send', () => {
  expect(parseRate('200')).toBe(200)
  expect(parseRate('0.5')).toBe(0.5)
  for (const text of ['', '0', '-1', '1e9', '60000', 'fast']) {
    expect(() => parseRate(text)).toThrow(refused)
  }
})
