import { expect, test } from 'vitest'
import { parseDuration } from './durations.ts'

test.each([
  ['250ms', 250],
  ['3s', 3000],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['0ms', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '3', 's', '-1s', '3 s', '1h', '1e3ms', 'Infinityms'])(
  'refuses "%s" with a usage error',
  (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_CLI_USAGE' }),
    )
  },
)
