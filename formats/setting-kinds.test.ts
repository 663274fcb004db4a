import { describe, expect, it } from 'vitest'
import {
  choice,
  duration,
  filePath,
  filePathOrOff,
  flag,
  maxTimeoutMs,
  names,
  wholeNumber,
  type Kind,
} from './setting-kinds.ts'

const resolve = (path: string): string => `/srv/${path}`
const parse = <T>(kind: Kind<T, unknown>, given: unknown): T | undefined =>
  kind.parse(given, resolve)

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['2 s', 2000],
    ['250', 250],
    [250, 250],
    ['0', 0],
    [0, 0],
    [`${maxTimeoutMs}ms`, maxTimeoutMs],
  ])('%j is %d ms', (given, ms) => {
    expect(parse(duration(0), given)).toBe(ms)
  })

  it.each(['soon', '-1s', '1.5', '1h', '1e3', `${maxTimeoutMs + 1}`, '', 1.5, -1, NaN, true, null])(
    '%j is refused',
    (given) => {
      expect(parse(duration(0), given)).toBeUndefined()
    },
  )

  it('may have a smallest one', () => {
    expect([0, 1].map((ms) => parse(duration(1), ms))).toEqual([undefined, 1])
  })
})

it('a whole number is one in decimal digits, within both ends', () => {
  const kind = wholeNumber(1, 10)
  expect(['1', '10', 1, 10].map((given) => parse(kind, given))).toEqual([1, 10, 1, 10])
  for (const given of ['0', 11, '1.5', 1.5, '0x1', ' 1', '', [1], null]) {
    expect(parse(kind, given)).toBeUndefined()
  }
})

it('a choice is one of its words, as they are written', () => {
  const kind = choice('deny', 'read', 'any')
  expect(parse(kind, 'read')).toBe('read')
  expect(['Read', '', 0, ['read']].map((given) => parse(kind, given))).toEqual(
    Array<undefined>(4).fill(undefined),
  )
  expect(kind.expected).toBe('deny, read or any')
})

it('names are a text with commas, or a list whose entries may have commas', () => {
  expect(parse(names, ' POST /a ,,PUT /b*')).toEqual(['POST /a', 'PUT /b*'])
  expect(parse(names, ['GET /a,b', ' GET /c '])).toEqual(['GET /a,b', 'GET /c'])
  expect(parse(names, ',')).toEqual([])
  expect([7, null, {}, ['a', 7]].map((given) => parse(names, given))).toEqual(
    Array<undefined>(4).fill(undefined),
  )
})

it('a flag is 1 or 0, true or false', () => {
  expect(['1', 'true', true, '0', 'false', false].map((given) => parse(flag, given))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  expect(['yes', 2, null].map((given) => parse(flag, given))).toEqual(
    Array<undefined>(3).fill(undefined),
  )
})

it('a path is made absolute, and may be off where that has a meaning', () => {
  expect(parse(filePath, 'a.prewarm')).toBe('/srv/a.prewarm')
  expect(parse(filePath, 'off')).toBe('/srv/off')
  expect(parse(filePathOrOff, 'off')).toBe('off')
  expect(parse(filePathOrOff, 'r.json')).toBe('/srv/r.json')
  expect([parse(filePath, ''), parse(filePath, 7), parse(filePathOrOff, false)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
