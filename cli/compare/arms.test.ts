import path from 'node:path'
import { expect, test } from 'vitest'
import { describeArms, plainEnvironment, resultArm } from './arms.ts'
import { parseDefinedArms } from './defined-arms.ts'

const replay = {
  profile: '/srv/app.prewarm',
  digest: 'ab'.repeat(32),
  mode: 'auto',
  budgetMs: 500,
  rehearse: ['POST /graphql', 'PUT /cart'],
} as const

test('the prewarm arm preloads the replayer and hands on its settings', () => {
  const [arm, ...others] = describeArms(['prewarm'], [], '/tmp/work', replay)
  expect(others).toEqual([])
  expect(arm?.env).toEqual({
    PREWARM_PROFILE: '/srv/app.prewarm',
    PREWARM_MODE: 'auto',
    PREWARM_BUDGET: '500ms',
    PREWARM_REHEARSE: 'POST /graphql,PUT /cart',
    PREWARM_REPORT: arm?.reportFile,
    PREWARM_STATE_DIR: arm?.folder,
    PREWARM_CACHE_DIR: '/tmp/work/prewarm.caches',
  })
  expect(arm?.preloads).toEqual([expect.stringMatching(/^file:.*\/replay\.mjs$/)])
  const [plain] = describeArms(['prewarm'], [], '/tmp/work', { ...replay, rehearse: [] })
  expect(plain?.env).not.toHaveProperty('PREWARM_REHEARSE')
})

test('a defined arm is the prewarm arm with its own variables on top, in a folder of its own', () => {
  const env = { PREWARM_ROUNDS: '0', PREWARM_BUDGET: '2s' }
  const defined = parseDefinedArms(['compile-cache=PREWARM_ROUNDS=0 PREWARM_BUDGET=2s'])
  const [prewarm, arm] = describeArms(['prewarm'], defined, '/tmp/work', replay)
  const own = {
    PREWARM_REPORT: arm?.reportFile,
    PREWARM_STATE_DIR: arm?.folder,
    PREWARM_CACHE_DIR: '/tmp/work/compile-cache.caches',
  }
  expect(arm).toMatchObject({ name: 'compile-cache', preloads: prewarm?.preloads })
  expect(arm?.env).toEqual({ ...prewarm?.env, ...own, ...env })
  expect(path.dirname(arm?.reportFile ?? '')).toBe(arm?.folder)
  const [, cached] = describeArms(['cold', 'node-compile-cache'], defined, '/tmp/work', replay)
  expect(new Set([prewarm?.folder, arm?.folder, cached?.compileCacheDir]).size).toBe(3)
})

test('the other arms differ from a plain start in nothing but the cache folder of Node', () => {
  const [cold, cached] = describeArms(['cold', 'node-compile-cache'], [], '/tmp/work', null)
  expect(cold).toEqual({ name: 'cold', env: {}, preloads: [] })
  expect(cached?.env).toEqual({ NODE_COMPILE_CACHE: cached?.compileCacheDir })
  expect(cached?.preloads).toEqual([])
})

test('what would warm every arm is not inherited', () => {
  expect(
    plainEnvironment({
      PATH: '/bin',
      NODE_COMPILE_CACHE: '/c',
      PREWARM_PROFILE: 'p',
      PREWARM_LIVE: 'l',
      PORT: '1',
    }),
  ).toEqual({ PATH: '/bin', PORT: '1' })
})

test('an arm of another profile finds it from where the user is', () => {
  const defined = parseDefinedArms(['other=PREWARM_PROFILE=data/other.prewarm'])
  const [arm] = describeArms([], defined, '/tmp/work', replay)
  expect(arm?.env['PREWARM_PROFILE']).toBe(path.resolve('data/other.prewarm'))
  expect(arm?.setting).toBe('PREWARM_PROFILE=data/other.prewarm')
})

test('cold arms and commands have nothing of the replayer, and need no profile', () => {
  const defined = parseDefinedArms([
    'slow=cold NODE_OPTIONS=--jitless',
    'own=WARM=1 -- node warm.js',
    'again=prewarm',
  ])
  const arms = describeArms([], defined, '/tmp/work', null)
  expect(arms).toEqual([
    {
      name: 'slow',
      setting: 'cold NODE_OPTIONS=--jitless',
      env: { NODE_OPTIONS: '--jitless' },
      preloads: [],
    },
    {
      name: 'own',
      setting: 'WARM=1 -- node warm.js',
      env: { WARM: '1' },
      preloads: [],
      command: ['node', 'warm.js'],
    },
  ])
  const all = describeArms(['node-compile-cache', 'prewarm'], defined, '/tmp/work', replay)
  expect(
    all.map(resultArm).map(({ name, kind, mayStayCold }) => [name, kind, mayStayCold]),
  ).toEqual([
    ['node-compile-cache', 'node-compile-cache', 'yes'],
    ['prewarm', 'replay', 'no'],
    ['slow', 'cold', 'yes'],
    ['own', 'command', 'yes'],
    ['again', 'replay', 'no'],
  ])
})
