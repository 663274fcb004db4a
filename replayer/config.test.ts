import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '../formats/policy.ts'
import { readConfig } from './config.ts'

it('has defaults that need nothing but a profile', () => {
  expect(readConfig({ PREWARM_PROFILE: '/a/app.prewarm' })).toEqual({
    mode: 'auto',
    profile: '/a/app.prewarm',
    budgetMs: 2000,
    maxRounds: 160,
    allowedRoutes: [],
    policy: defaultPolicy,
    report: '/a/app.prewarm.report.json',
    verbose: false,
  })
})

it('reads every setting', () => {
  const config = readConfig({
    PREWARM_MODE: 'strict',
    PREWARM_BUDGET: '1.5s',
    PREWARM_ROUNDS: '7',
    PREWARM_REHEARSE: 'POST /graphql, PUT /x/*',
    PREWARM_ALLOW: 'unknown, redis write *',
    PREWARM_REPORT: '/tmp/{pid}.json',
    PREWARM_VERBOSE: '1',
  })
  expect(config).toEqual({
    mode: 'strict',
    profile: undefined,
    budgetMs: 1500,
    maxRounds: 7,
    allowedRoutes: ['POST /graphql', 'PUT /x/*'],
    policy: {
      rehearse: ['POST /graphql', 'PUT /x/*'],
      skip: [],
      tcp: 'read',
      allow: ['unknown', 'redis write *'],
    },
    report: `/tmp/${process.pid}.json`,
    verbose: true,
  })
  expect(readConfig({ PREWARM_PROFILE: 'a', PREWARM_REPORT: 'off' }).report).toBeUndefined()
})

it('keeps paths where they were when the service changes its folder later', () => {
  const config = readConfig({ PREWARM_PROFILE: 'a.prewarm', PREWARM_REPORT: 'out/{pid}.json' })
  expect(config.profile).toBe(path.join(process.cwd(), 'a.prewarm'))
  expect(config.report).toBe(path.join(process.cwd(), 'out', `${process.pid}.json`))
})

it('takes an empty variable for none', () => {
  const config = readConfig({ PREWARM_PROFILE: '/a/app.prewarm', PREWARM_REPORT: '' })
  expect(config.report).toBe('/a/app.prewarm.report.json')
  expect(readConfig({ PREWARM_PROFILE: '' })).toMatchObject({
    profile: undefined,
    report: undefined,
  })
})

describe('refuses what it does not understand', () => {
  it.each([
    { PREWARM_MODE: 'Off' },
    { PREWARM_BUDGET: 'soon' },
    { PREWARM_BUDGET: '-1s' },
    { PREWARM_BUDGET: '40000m' },
    { PREWARM_ROUNDS: '1.5' },
  ])('%o', (env) => {
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_CFG_VALUE' }) as Error,
    )
  })
})
