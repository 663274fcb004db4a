import { afterEach, expect, it, vi } from 'vitest'
import { adoptPm2Environment, entryOfProcess } from './pm2.ts'

const [node = '', own = ''] = process.argv
afterEach(() => {
  process.argv[1] = own
  vi.unstubAllEnvs()
})

it('takes the entry file as Node has it', () => {
  vi.stubEnv('pm_exec_path', '/srv/shop/server.js')
  process.argv[1] = '/srv/shop/helper.js'
  expect(entryOfProcess()).toBe('/srv/shop/helper.js')
  process.argv = [node]
  expect(entryOfProcess()).toBeUndefined()
})

it.each(['ProcessContainer.js', 'ProcessContainerFork.js'])(
  'takes that of the service where %s of PM2 starts it',
  (container) => {
    process.argv[1] = `/usr/lib/node_modules/pm2/lib/${container}`
    expect(entryOfProcess()).toBe(process.argv[1])
    vi.stubEnv('pm_exec_path', '/srv/shop/server.js')
    expect(entryOfProcess()).toBe('/srv/shop/server.js')
  },
)

it('takes out of the one variable of PM2 what a preload has to know', () => {
  const service = {
    PREWARM_PROFILE: '/srv/app.prewarm',
    PREWARM_WAVE: 2,
    NODE_ENV: 'production',
    PORT: '80',
    pm_exec_path: '/srv/server.js',
    PREWARM_HEADER: ['x-a'],
  }
  const env = { PREWARM_PROFILE: 'of the daemon', pm2_env: JSON.stringify(service) }
  adoptPm2Environment(env)
  expect(env).toEqual({
    PREWARM_PROFILE: '/srv/app.prewarm',
    PREWARM_WAVE: '2',
    NODE_ENV: 'production',
    pm_exec_path: '/srv/server.js',
    pm2_env: env.pm2_env,
  })
})

it.each([undefined, '', 'production', 'null', '[1]'])(
  'leaves the environment alone with %j',
  (pm2_env) => {
    const env = { ...(pm2_env !== undefined && { pm2_env }) }
    adoptPm2Environment(env)
    expect(Object.keys(env)).toEqual(pm2_env === undefined ? [] : ['pm2_env'])
  },
)
