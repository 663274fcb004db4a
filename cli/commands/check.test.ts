import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import v8 from 'node:v8'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeProfile, encodeProfile, type Profile } from '../../formats/index.ts'
import { headHashOf } from '../../formats/function-text.ts'
import { sha256 } from '../../formats/hash.ts'
import { checkCommand } from './check.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
/** The application that the golden file was recorded from. */
const application: Readonly<Record<string, string>> = {
  'package.json': '{"name":"shop"}',
  'server.js': "require('./routes.mjs')\n",
  'routes.mjs': '\uFEFFexport const ünï = "☕"\n',
  'config.json': '{"port":3000}\n',
  'node_modules/@shop/render/lib/render.js': 'exports.render = (x) => `<p>${x}</p>`\n',
  'lazy/report.js': 'module.exports = () => 42\n',
}
const rendering = 'node_modules/@shop/render/lib/render.js'
const hotSource = '(x) => `<p>${x}</p>`'

/** As this process would have recorded it. */
const fitting: Profile = {
  ...golden,
  meta: {
    ...golden.meta,
    node: process.version,
    v8: process.versions.v8,
    arch: process.arch,
    platform: process.platform,
    codeCacheTag: v8.cachedDataVersionTag(),
  },
  functions: golden.functions.slice(0, 1).map((each) => ({
    ...each,
    position: application[rendering]?.indexOf(hotSource) ?? null,
    length: hotSource.length,
    sourceHash: sha256(hotSource),
    headHash: headHashOf(hotSource),
  })),
}

let folder = ''
let profile = ''
let said = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-check-'))
  profile = path.join(folder, 'shop.prewarm')
  writeFileSync(profile, encodeProfile(fitting))
  for (const [name, content] of Object.entries(application)) write(name, content)
  said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

function write(name: string, content: string): void {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

async function check(...args: string[]): Promise<string> {
  let output = ''
  const command = checkCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined })
  await command.parseAsync(['-p', profile, ...args], { from: 'user' })
  return stripVTControlCharacters(output)
}
const json = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await check('--json', '--app', folder, ...args)) as Record<string, unknown>

describe('prewarm check', () => {
  it('ends well when everything is as recorded', async () => {
    const text = await check('--app', folder)
    expect(text).toMatch(/^modules +5 +5 +100\.0%$/m)
    expect(text).toContain('5 of 5 modules are as recorded')
    expect(said).toBe('✓ at least 80.0%: 100.0% of the profile is valid\n')
    expect(process.exitCode).toBeUndefined()
  })

  it('finds the profile where production does', async () => {
    vi.stubEnv('PREWARM_PROFILE', profile)
    const command = checkCommand().configureOutput({ writeOut: () => undefined })
    await command.parseAsync(['--app', folder], { from: 'user' })
    expect(said).toContain('100.0% of the profile is valid')
  })

  it('ends with 3 when too little is as recorded', async () => {
    write('server.js', 'changed')
    rmSync(path.join(folder, 'lazy/report.js'))
    expect(await json()).toMatchObject({
      schemaVersion: 1,
      profile,
      appId: 'shop:server.js',
      generation: 0,
      parents: [],
      share: 56 / 96,
      mismatches: [],
      freshness: { changed: ['server.js'], missing: ['lazy/report.js'] },
    })
    expect(said).toBe('✗ at least 80.0%: 58.3% of the profile is valid\n')
    expect(process.exitCode).toBe(3)
  })

  it.each([
    ['58%', undefined],
    ['59%', 3],
    ['0%', undefined],
  ])('--min-valid %s ends with %s', async (least, code) => {
    write('server.js', 'changed')
    await json('--min-valid', least)
    expect(process.exitCode).toBe(code)
  })

  it('counts functions that are unchanged in a module that has changed', async () => {
    write(rendering, `// moved\n${application[rendering] ?? ''}`)
    const text = await check('--app', folder, '--min-valid', '0%')
    expect(text).toMatch(/hot functions +1 +1 +100\.0%/)
    expect(text).toContain('Functions unchanged in modules that have changed: 1')
    write(rendering, 'exports.render = (x) => `<b>${x}</b>`\n')
    expect(await json()).toMatchObject({ keptInChanged: 0, share: 0 })
  })

  it('says that another Node could use nothing of it', async () => {
    const { meta } = golden
    writeFileSync(profile, encodeProfile({ ...golden, meta: { ...meta, node: 'v19.1.0' } }))
    const text = await check('--app', folder)
    expect(text).toContain(`NODE_MISMATCH: recorded on v19.1.0, this is ${process.version}`)
    expect(process.exitCode).toBe(3)
  })

  it('says that an application with another name could use nothing of it', async () => {
    write('package.json', '{"name":"store"}')
    expect(await json()).toMatchObject({
      share: 0,
      mismatches: [
        {
          reason: 'APP_MISMATCH',
          detail: 'recorded from shop:server.js, this is store:server.js',
        },
      ],
    })
  })

  it('takes the folder and the Node of a command', async () => {
    const text = await check('--', process.execPath, path.join(folder, 'server.js'))
    expect(text).toContain(`Compared with ${folder}`)
    await expect(check('--', '/nowhere/node', 'server.js')).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_SPAWN',
    })
  })

  it('does not pass what it cannot compare', async () => {
    writeFileSync(
      profile,
      encodeProfile({ ...fitting, modules: [], functions: [], codecache: new Uint8Array() }),
    )
    expect(await json()).toMatchObject({ share: null, kinds: [] })
    expect(said).toContain('✗ at least 80.0%: nothing of the profile can be compared')
    expect(process.exitCode).toBe(3)
  })

  it.each(['0.8', '101%', ''])('--min-valid "%s" is refused', async (least) => {
    await expect(check(`--min-valid=${least}`)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    })
  })
})
