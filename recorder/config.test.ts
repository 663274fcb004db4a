import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test.each([
  ['PREWARM_STOP_AFTER_MS', '2147483647', 'stopAfterMs'],
  ['PREWARM_STOP_AFTER_REQUESTS', '2147483648', 'stopAfterRequests'],
  ['PREWARM_SAMPLING_MICROS', '100', 'samplingMicros'],
] as const)('%s=%s is taken', (name, value, key) => {
  expect(readConfig({ [name]: value })[key]).toBe(Number(value))
})

test.each([
  // No timer waits longer.
  ['PREWARM_STOP_AFTER_MS', '2147483648'],
  ['PREWARM_STOP_AFTER_MS', '0'],
  ['PREWARM_STOP_AFTER_MS', '1.5'],
  ['PREWARM_STOP_AFTER_REQUESTS', '-1'],
  ['PREWARM_SAMPLING_MICROS', 'often'],
])('%s=%s is refused', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CFG_VALUE',
      message: `${name}=${value} cannot be used`,
    }),
  )
})
