import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeProfile, encodeProfile, type LedgerEntry } from '../../formats/index.ts'
import { planCommand } from './plan.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
/** Of `GET /items/:id`, 1,200 requests, and of `POST /search`, 5 requests. */
const ledger: readonly LedgerEntry[] = [
  {
    route: 0,
    exemplar: 0,
    outcome: 'passed',
    status: 200,
    effects: [{ kind: 'postgres', access: 'read', target: 'db:5432' }],
    note: '',
  },
  {
    route: 1,
    exemplar: 0,
    outcome: 'passed',
    status: 200,
    effects: [{ kind: 'redis', access: 'write', target: 'cache:6379' }],
    note: '',
  },
]

let folder = ''
let profile = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-plan-'))
  profile = path.join(folder, 'shop.prewarm')
  writeFileSync(path.join(folder, 'package.json'), '{"name":"shop"}')
  writeFileSync(profile, encodeProfile({ ...golden, ledger }))
})
afterEach(() => {
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

async function plan(...args: string[]): Promise<string> {
  let output = ''
  const command = planCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined })
  await command.parseAsync(['--app', folder, ...args], { from: 'user' })
  return stripVTControlCharacters(output)
}

interface Json {
  readonly rehearsedShare: number
  readonly configFile: string | null
  readonly policy: { readonly skip: readonly string[]; readonly tcp: string }
}
const json = async (...args: string[]): Promise<Json> =>
  JSON.parse(await plan('--json', ...args)) as Json

describe('prewarm plan', () => {
  it('prints what would be rehearsed and what would not', async () => {
    const text = await plan('-p', profile)
    expect(text).toContain("--rehearse 'POST /search'\n            --allow 'redis write *'\n")
    expect(text).toMatch(
      /1 of 2 requests on 1 of 2 routes would be rehearsed: 99\.6% of the traffic/,
    )
    expect(process.exitCode).toBeUndefined()
  })

  it('what it advises is what it takes', async () => {
    const options = ['--rehearse', 'POST /search', '--allow', 'redis write *']
    expect((await json('-p', profile)).rehearsedShare).toBeLessThan(1)
    expect(await json('-p', profile, ...options)).toMatchObject({ rehearsedShare: 1 })
  })

  it('prints everything as JSON', async () => {
    expect(await json('-p', profile)).toMatchObject({
      schemaVersion: 1,
      profile,
      appId: 'shop:server.js',
      configFile: null,
      policy: { rehearse: [], skip: [], tcp: 'read', allow: [] },
      warnings: [],
      rehearsedShare: 1200 / 1205,
      routes: [
        {
          method: 'GET',
          route: '/items/:id',
          requests: 1200,
          exemplars: { rehearsed: 1, refused: 0, heldOut: 1 },
          effects: [{ name: 'postgres read db:5432', allowed: true }],
          refused: [],
        },
        {
          exemplars: { rehearsed: 0, refused: 1, heldOut: 0 },
          refused: [{ reason: 'UNSAFE_METHOD', exemplars: 1 }],
        },
      ],
    })
  })

  it('says which entries of a list name nothing that was recorded', async () => {
    const lists = ['--rehearse', 'POST /serach,POST /*', '--skip', 'GET /items/:id,quite-different']
    expect(await json('-p', profile, ...lists)).toMatchObject({
      warnings: [
        'Nothing that was recorded has the name POST /serach of rehearse. Did you mean POST /search?',
        'Nothing that was recorded has the name quite-different of skip.',
      ],
    })
  })

  it('prints no recorded request, not even as JSON', async () => {
    for (const text of [await plan('-p', profile), await plan('-p', profile, '--json')]) {
      expect(text).not.toContain('shop.test')
      expect(text).not.toContain('coffee')
    }
  })

  it('takes the file, before it the environment, before both the options', async () => {
    const config = path.join(folder, 'prewarm.config.json')
    const replay = { profile: 'shop.prewarm', skip: ['GET /file'], tcp: 'any' }
    writeFileSync(config, JSON.stringify({ replay }))
    const fromFile = await json()
    expect(fromFile).toMatchObject({
      configFile: config,
      policy: { skip: replay.skip, tcp: 'any' },
    })
    vi.stubEnv('PREWARM_SKIP', 'GET /env')
    vi.stubEnv('PREWARM_TCP', 'read')
    expect((await json()).policy).toMatchObject({ skip: ['GET /env'], tcp: 'read' })
    const options = ['--skip', 'GET /a', '--skip', 'GET /b', '--tcp', 'deny']
    expect((await json(...options)).policy).toMatchObject({
      skip: ['GET /a', 'GET /b'],
      tcp: 'deny',
    })
  })

  it('--config names another file', async () => {
    const other = path.join(folder, 'other.mjs')
    writeFileSync(other, "export default { replay: { tcp: 'deny', budget: 0 } }")
    writeFileSync(path.join(folder, 'prewarm.config.json'), '{ "replay": { "tcp": "any" } }')
    expect(await json('-p', profile, '--config', other)).toMatchObject({
      configFile: other,
      policy: { tcp: 'deny' },
      rehearsedShare: 0,
      warnings: [expect.stringContaining('The budget is 0')],
    })
  })

  it.each([
    ['99%', undefined],
    ['99.9%', 3],
  ])('--min-rehearsed %s ends with %s', async (least, code) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await plan('-p', profile, '--min-rehearsed', least)
    const said = write.mock.calls.map(([text]) => text).join('')
    write.mockRestore()
    expect(process.exitCode).toBe(code)
    expect(said).toContain(`at least ${Number.parseFloat(least).toFixed(1)}%: 99.6% of the traffic`)
  })
})

describe('what cannot be planned', () => {
  it.each(['0.8', '101%', 'most', ''])('--min-rehearsed "%s" is refused', async (least) => {
    await expect(plan('-p', profile, `--min-rehearsed=${least}`)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    })
  })

  it('without a profile it is called wrongly', async () => {
    await expect(plan()).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_USAGE',
      message: 'No profile is named',
    })
  })

  it('a configuration file with a mistake is refused', async () => {
    const config = path.join(folder, 'prewarm.config.json')
    writeFileSync(config, '{ "replay": { "rehears": [] } }')
    await expect(plan('-p', profile)).rejects.toMatchObject({
      code: 'ERR_PREWARM_CFG_KEY',
      hint: 'Did you mean rehearse?',
    })
  })
})
