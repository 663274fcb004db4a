import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConfigFile } from '../runtime/config-file.ts'
import { isStrict, readConfig } from './config.ts'

it('has defaults that need nothing but a profile', () => {
  expect(readConfig({ PREWARM_PROFILE: '/a/app.prewarm' })).toEqual({
    mode: 'auto',
    profile: '/a/app.prewarm',
    budgetMs: 2000,
    maxRounds: 160,
    wave: Math.max(1, Math.floor(os.availableParallelism() / 2)),
    waveWaitMs: 10_000,
    tierUp: 'auto',
    watchMs: 60_000,
    cacheDir: '/a/app.prewarm.cache',
    loadPack: true,
    trustBaked: false,
    stateDir: undefined,
    policy: { rehearse: [], skip: [], tcp: 'read', allow: [] },
    connections: 'keep',
    listening: 'after',
    header: undefined,
    report: '/a/app.prewarm.report.json',
    verbose: false,
  })
})

it('reads every setting', () => {
  const config = readConfig({
    PREWARM_MODE: 'strict',
    PREWARM_BUDGET: '1.5s',
    PREWARM_ROUNDS: '7',
    PREWARM_WAVE: '3',
    PREWARM_WAVE_WAIT: '30s',
    PREWARM_TIER_UP: 'thresholds',
    PREWARM_WATCH: '5s',
    PREWARM_STATE_DIR: '/var/lib/shop',
    PREWARM_REHEARSE: 'POST /graphql, PUT /x/*',
    PREWARM_SKIP: 'GET /admin/*',
    PREWARM_TCP: 'deny',
    PREWARM_ALLOW: 'redis write *,unknown',
    PREWARM_CONNECTIONS: 'close',
    PREWARM_LISTENING: 'before',
    PREWARM_CACHE_DIR: '/var/cache/shop',
    PREWARM_LOAD_PACK: 'off',
    PREWARM_TRUST_BAKED: '1',
    PREWARM_HEADER: 'X-Rehearsal',
    PREWARM_REPORT: '/tmp/{pid}.json',
    PREWARM_LIVE: '/tmp/live',
    PREWARM_VERBOSE: '1',
  })
  expect(config).toEqual({
    mode: 'strict',
    profile: undefined,
    budgetMs: 1500,
    maxRounds: 7,
    wave: 3,
    waveWaitMs: 30_000,
    tierUp: 'thresholds',
    watchMs: 5000,
    loadPack: false,
    trustBaked: true,
    stateDir: '/var/lib/shop',
    policy: {
      rehearse: ['POST /graphql', 'PUT /x/*'],
      skip: ['GET /admin/*'],
      tcp: 'deny',
      allow: ['redis write *', 'unknown'],
    },
    connections: 'close',
    listening: 'before',
    cacheDir: '/var/cache/shop',
    header: 'x-rehearsal',
    report: `/tmp/${process.pid}.json`,
    live: '/tmp/live',
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

it('is verbose when NODE_DEBUG asks for it, unless it is told not to be', () => {
  expect(readConfig({ NODE_DEBUG: 'http,prewarm' }).verbose).toBe(true)
  expect(readConfig({ NODE_DEBUG: 'prewarm', PREWARM_VERBOSE: '0' }).verbose).toBe(false)
})

describe('a configuration file', () => {
  const file = (replay: Record<string, unknown>, record?: object): ConfigFile => {
    return { file: '/srv/shop/prewarm.config.mjs', content: { replay, record } }
  }

  it('counts less than the environment and more than a default', () => {
    const inFile = file({
      profile: 'profiles/a.prewarm',
      report: 'off',
      budget: '1s',
      rounds: 7,
      wave: 5,
      rehearse: ['POST /a,b'],
      skip: ['GET /x'],
      tcp: 'any',
      verbose: true,
    })
    const env = { PREWARM_BUDGET: '3s', PREWARM_SKIP: 'GET /y', PREWARM_VERBOSE: '0' }
    expect(readConfig(env, inFile)).toEqual({
      mode: 'auto',
      profile: '/srv/shop/profiles/a.prewarm',
      budgetMs: 3000,
      maxRounds: 7,
      wave: 5,
      waveWaitMs: 10_000,
      tierUp: 'auto',
      watchMs: 60_000,
      cacheDir: '/srv/shop/profiles/a.prewarm.cache',
      loadPack: true,
      trustBaked: false,
      stateDir: undefined,
      policy: { rehearse: ['POST /a,b'], skip: ['GET /y'], tcp: 'any', allow: [] },
      connections: 'keep',
      listening: 'after',
      report: undefined,
      verbose: false,
    })
  })

  it('its lists can be taken back by an empty one', () => {
    const inFile = file({ skip: ['GET /x'] })
    expect(readConfig({ PREWARM_SKIP: ',' }, inFile).policy.skip).toEqual([])
    expect(readConfig({ PREWARM_SKIP: '' }, inFile).policy.skip).toEqual(['GET /x'])
  })

  const mistakes: readonly [Record<string, unknown>, string, string][] = [
    [{ budget: 'soon' }, 'replay.budget: soon cannot be used', 'Expected 500ms, 2s or 1m, from'],
    [{ tcp: 'reads' }, 'replay.tcp: reads cannot be used', 'Expected deny, read or any.'],
    [{ rehearse: [1] }, 'replay.rehearse: [ 1 ] cannot be used', 'Expected a list of names.'],
    [{ profile: null }, 'replay.profile: null cannot be used', 'Expected a path.'],
  ]
  it.each(mistakes)(
    '%j is refused by file, key and value, whatever the environment says',
    (replay, message, hint) => {
      expect(() => readConfig({ PREWARM_BUDGET: '1s', PREWARM_TCP: 'any' }, file(replay))).toThrow(
        expect.objectContaining({
          code: 'ERR_PREWARM_CFG_VALUE',
          message: `/srv/shop/prewarm.config.mjs: ${message}`,
          hint: expect.stringContaining(hint) as unknown,
        }),
      )
    },
  )

  it('a value of the other section is not looked at, its keys are', () => {
    expect(() => readConfig({}, file({}, { stopAfter: 'never' }))).not.toThrow()
    expect(() => readConfig({}, file({}, { stopafter: 'never' }))).toThrow('record.stopafter')
  })

  it('tells whether a mistake in it ends the service, unless the environment does', () => {
    const strict = file({ mode: 'strict', rehears: [] })
    expect(isStrict({}, strict)).toBe(true)
    expect(isStrict({ PREWARM_MODE: 'auto' }, strict)).toBe(false)
    expect(isStrict({ PREWARM_MODE: 'strict' }, undefined)).toBe(true)
    for (const content of [{}, { replay: null }, { replay: 'strict' }]) {
      expect(isStrict({}, { file: 'f', content })).toBe(false)
    }
  })
})

describe('refuses what it does not understand', () => {
  it.each([
    { PREWARM_MODE: 'Off' },
    { PREWARM_BUDGET: 'soon' },
    { PREWARM_BUDGET: '-1s' },
    { PREWARM_BUDGET: '40000m' },
    { PREWARM_ROUNDS: '1.5' },
    { PREWARM_CONNECTIONS: 'drop' },
    { PREWARM_HEADER: 'Host' },
    { PREWARM_HEADER: 'x-a: b' },
    { PREWARM_TCP: 'none' },
    { PREWARM_VERBOSE: 'loud' },
  ])('%o', (env) => {
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_CFG_VALUE' }) as Error,
    )
  })
})
