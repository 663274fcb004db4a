import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openProfile } from '../../formats/index.ts'
import { GuardFiles } from '../../runtime/guard-files.ts'
import { guardCommand } from './guard.ts'

const golden = readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url))
const { digest } = openProfile(golden)

let folder = ''
let profile = ''
let files: GuardFiles

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-guard-'))
  profile = path.join(folder, 'shop.prewarm')
  writeFileSync(profile, golden)
  files = new GuardFiles(profile, undefined, digest)
  vi.stubEnv('PREWARM_STATE_DIR', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function guard(...args: string[]): Promise<string> {
  let output = ''
  const command = guardCommand()
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeOut: (text) => (output += text) })
  }
  await command.parseAsync(args, { from: 'user' })
  return stripVTControlCharacters(output)
}

const harmful = {
  event: 'verdict',
  reason: 'HARMFUL',
  detail: '8 of 9 were slow: GET /a.',
} as const
const died = { event: 'died', start: 'applied' } as const

describe('prewarm guard status', () => {
  it('says when there is nothing', async () => {
    const text = await guard('status', '-p', profile)
    expect(text).toContain('shop.prewarm: shop:server.js')
    expect(text).toContain('Nothing is in force: the next start uses the whole profile.')
    expect(text).not.toContain('History')
  })

  it('tells what is in force, since when, by whom and why, and what happened before', async () => {
    files.append(died)
    files.append(harmful)
    const { host } = files.append({ event: 'verdict', reason: 'TIER_UP_OFF', detail: 'all fell' })
    const text = await guard('status', '-p', profile)
    expect(text).toMatch(/HARMFUL\n {2}8 of 9 were slow: GET \/a\.\n {2}since 20/)
    expect(text).toContain(`by process ${process.pid} on ${host}, ${process.version}`)
    expect(text).toContain('TIER_UP_OFF\n  all fell')
    expect(text).toContain('1 start with the profile died before it served')
    expect(text).toContain('died with the profile')
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
  })

  it('counts starts that nobody has found dead yet', async () => {
    for (let time = 0; time < 2; time++) {
      const marker = files.mark('applied') ?? ''
      const content = readFileSync(marker, 'utf8')
      writeFileSync(marker, content.replace(/"startTicks":"\d+"/, '"startTicks":"1"'))
    }
    files.mark('applied')
    const view = JSON.parse(await guard('status', '-p', profile, '--json')) as object
    expect(view).toMatchObject(
      process.platform === 'linux'
        ? {
            schemaVersion: 1,
            digest,
            inForce: [{ reason: 'CRASH_LOOP' }],
            crashLoop: { phase: 'trial', deaths: 2 },
            starting: [{ pid: process.pid, start: 'applied', fate: 'alive' }],
          }
        : { schemaVersion: 1, digest },
    )
    expect(files.markers()).toHaveLength(3)
  })

  it('looks where the state is kept, and names the file for what it is', async () => {
    const state = path.join(folder, 'state')
    mkdirSync(state)
    new GuardFiles(profile, state, digest).append(harmful)
    expect(await guard('status', '-p', profile, '--state-dir', state)).toContain('HARMFUL')
    vi.stubEnv('PREWARM_STATE_DIR', state)
    expect(await guard('status', '-p', profile)).toContain('HARMFUL')
    writeFileSync(profile, 'no profile')
    await expect(guard('status', '-p', profile)).rejects.toMatchObject({
      code: 'ERR_PREWARM_FMT_NOT_A_PROFILE',
    })
    await expect(guard('status')).rejects.toMatchObject({ code: 'ERR_PREWARM_CLI_USAGE' })
  })

  it('prints nothing that steers a terminal', async () => {
    files.append({ ...harmful, detail: '\u001b[2Jgone' })
    const text = await guard('status', '-p', profile)
    expect(text).toContain('?[2Jgone')
  })
})

describe('prewarm guard clear', () => {
  it('takes all back and keeps the history', async () => {
    files.append(harmful)
    files.append(died)
    expect(await guard('clear', '-p', profile)).toBe('Cleared: HARMFUL\n')
    const text = await guard('status', '-p', profile)
    expect(text).toContain('Nothing is in force')
    expect(text).toContain('cleared by hand')
    expect(await guard('clear', '-p', profile)).toBe('Nothing was in force\n')
  })

  it('fails where nothing can be written', async () => {
    const missing = path.join(folder, 'missing')
    await expect(guard('clear', '-p', profile, '--state-dir', missing)).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_STATE',
    })
  })
})
