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

test('a configuration file counts less than the environment, and what it keeps out stays out', () => {
  const file = {
    file: '/srv/shop/prewarm.config.mjs',
    content: {
      record: { out: 'out/{name}.prewarm', stopAfter: '10m', redact: ['X-Tenant'], quiet: true },
    },
  }
  const env = { PREWARM_STOP_AFTER_MS: '5', PREWARM_REDACT: 'iban,x-tenant' }
  expect(readConfig(env, file)).toEqual({
    out: '/srv/shop/out/{name}.prewarm',
    stopAfterMs: 5,
    stopAfterRequests: undefined,
    redact: ['x-tenant', 'iban'],
    samplingMicros: 10_000,
    quiet: true,
    secrets: [],
    allowSecrets: false,
    key: undefined,
    trialMs: 5000,
    policy: { rehearse: [], skip: [], tcp: 'read', allow: [] },
  })
})
