import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeProfile } from '../formats/codec.ts'
import type { Profile } from '../formats/profile.ts'
import type { Reason } from '../formats/reasons.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  readProfile,
  record,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
} from './harness.ts'

const folder = scratchFolder()

describe.each(nodeLines)('on Node %s', (line, node) => {
  const good = path.join(folder, `good-${line}.prewarm`)
  const bytes = (): Buffer => readFileSync(good)
  const changed = (change: Partial<Profile['meta']>): Uint8Array => {
    const profile = readProfile(good)
    return encodeProfile({ ...profile, meta: { ...profile.meta, ...change } })
  }
  const flipped = (): Uint8Array => {
    const copy = bytes()
    const middle = copy.length >> 1
    copy[middle] = (copy[middle] ?? 0) ^ 1
    return copy
  }

  beforeAll(async () => {
    await record(node, app('bare.cjs'), good, (url) => ask(url, ['/', '/late', '/items/1']))
  })

  const troubles: readonly [name: string, reason: Reason, content: () => Uint8Array | null][] = [
    ['is missing', 'NO_PROFILE', () => null],
    ['is empty', 'PROFILE_CORRUPT', () => new Uint8Array(0)],
    ['is something else', 'PROFILE_CORRUPT', () => Buffer.from('{"not":"a profile"}')],
    ['is truncated', 'PROFILE_CORRUPT', () => bytes().subarray(0, -1000)],
    ['has a flipped bit', 'PROFILE_CORRUPT', flipped],
    ['has a newer format', 'PROFILE_VERSION', () => Buffer.from(bytes()).fill(9, 8, 9)],
    ['is of another application', 'APP_MISMATCH', () => changed({ appId: 'other:server.js' })],
    ['is of another Node', 'NODE_MISMATCH', () => changed({ node: 'v18.20.0' })],
    ['is of another processor', 'ARCH_MISMATCH', () => changed({ arch: 'sparc' })],
  ]

  it.each(troubles)('a profile that %s: cold and correct, with reason %s', async (...trouble) => {
    const [name, reason, content] = trouble
    const profile = path.join(folder, `${name}-${line}.prewarm`)
    const made = content()
    if (made !== null) writeFileSync(profile, made)

    const service = await replay(node, app('bare.cjs'), profile)
    const body: unknown = JSON.parse(await get(`${service.url}/late`))
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(body).toMatchObject({ url: '/late' })
    expect(service.stderr()).toBe('')
    expect(report).toMatchObject({ outcome: 'cold', reason })
    expect(report.detail).not.toBe('')

    const strict = await runToEnd(node, ['--import', replayer, app('bare.cjs')], {
      PORT: '0',
      PREWARM_PROFILE: profile,
      PREWARM_MODE: 'strict',
    })
    expect(strict).toMatchObject({ code: 1, stdout: '' })
    expect(strict.stderr).toContain(`ERR_PREWARM_RPL_STRICT: ${reason}:`)
  })

  it('other V8 flags: no code cache, but rehearsal all the same', async () => {
    const flag = '--stack-size=900'
    const service = await replay(node, app('bare.cjs'), good, { PREWARM_ROUNDS: '3' }, [flag])
    expect(await get(service.url)).toContain('"url":"/"')
    const report = await reportOf(`${good}.report.json`)
    await service.stop()
    expect(report.outcome).toBe('applied')
    expect(report.codeCache.applied).toBe(0)
    expect(report.codeCache.skipped).toEqual({ TAG_MISMATCH: 2 })
    expect(report.rehearsal.rounds).toBe(3)
  })

  it('another NODE_ENV: what is loaded late may be for the other one, and is not loaded early', async () => {
    expect(readProfile(good).meta.nodeEnv).toBe('production')
    const service = await replay(node, app('bare.cjs'), good, {
      PREWARM_ROUNDS: '3',
      NODE_ENV: 'development',
    })
    const report = await reportOf(`${good}.report.json`)
    await service.stop()
    expect(report.preload).toEqual({ applied: 0, skipped: { ENV_MISMATCH: 1 } })
    expect(report.rehearsal.rounds).toBe(3)
    expect(report.codeCache.applied).toBe(2)
  })

  it('a changed file alone loses its code cache, and the new code runs', async () => {
    const copy = path.join(folder, `copy-${line}`)
    cpSync(path.dirname(app('bare.cjs')), copy, { recursive: true })
    const script = path.join(copy, 'bare.cjs')
    const profile = path.join(folder, `stale-${line}.prewarm`)
    await record(node, script, profile, (url) => ask(url, ['/', '/late']))
    writeFileSync(script, readFileSync(script, 'utf8').replace('url: request.url', "url: 'new'"))

    const service = await replay(node, script, profile, { PREWARM_ROUNDS: '3' })
    const body: unknown = JSON.parse(await get(service.url))
    const report = await reportOf(`${profile}.report.json`)
    await service.stop()
    expect(body).toMatchObject({ url: 'new' })
    expect(report.codeCache).toEqual({ applied: 1, skipped: { SOURCE_CHANGED: 1 } })
    expect(report.skipped).toContainEqual({ unit: 'bare.cjs', reason: 'SOURCE_CHANGED' })
  })

  it('an answer that is not the recorded one drops its request', async () => {
    const profile = readProfile(good)
    const lying = path.join(folder, `lying-${line}.prewarm`)
    const routes = profile.requests.routes.map((route) => ({
      ...route,
      exemplars: route.exemplars.map((exemplar) => ({ ...exemplar, status: 418 })),
    }))
    writeFileSync(lying, encodeProfile({ ...profile, requests: { ...profile.requests, routes } }))
    const service = await replay(node, app('bare.cjs'), lying)
    const report = await reportOf(`${lying}.report.json`)
    await service.stop()
    expect(report.rehearsal.applied).toBe(0)
    expect(report.rehearsal.skipped.STATUS_CHANGED).toBeGreaterThan(0)
    expect(report.skipped[0]).toMatchObject({ detail: '200 instead of 418' })
  })

  it('a mistyped setting: cold with a warning, and no start in strict mode', async () => {
    const env = { PREWARM_PROFILE: good, PREWARM_BUDGET: 'soon', PORT: '0' }
    const service = await replay(node, app('bare.cjs'), good, env)
    expect(await get(service.url)).toContain('"url":"/"')
    await service.stop()
    expect(service.stderr()).toContain('PREWARM_BUDGET=soon cannot be used')
    const strict = await runToEnd(node, ['--import', replayer, app('bare.cjs')], {
      ...env,
      PREWARM_MODE: 'strict',
    })
    expect(strict.code).toBe(1)
    expect(strict.stderr).toContain('CONFIG_INVALID')
  })
})
