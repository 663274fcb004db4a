import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeProfile, encodeProfile, openProfile, type Profile } from '../../formats/index.ts'
import { lineWidth } from '../render/text.ts'
import { mergeCommand } from './merge.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
const key = 'ab'.repeat(32)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-merge-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function save(
  name: string,
  meta: Partial<Profile['meta']> = {},
  part: Partial<Profile> = {},
): string {
  const file = path.join(folder, name)
  const profile = { ...golden, ...part, meta: { ...golden.meta, ...meta } }
  const sealing = process.env['PREWARM_PROFILE_KEY']
  writeFileSync(file, encodeProfile(profile, sealing ? Buffer.from(sealing, 'hex') : undefined))
  return file
}

async function merge(...args: string[]): Promise<string> {
  let output = ''
  const command = mergeCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined })
  await command.parseAsync(args, { from: 'user' })
  return stripVTControlCharacters(output)
}

describe('prewarm merge', () => {
  it('writes one profile of several, and says what it is made of', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm', { createdAt: '2026-02-01' })]
    const out = path.join(folder, 'all.prewarm')
    const text = await merge(one, two, '-o', out)
    expect(text).toContain('shop:server.js, generation 1')
    expect(text).not.toContain('Not everything')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(lineWidth)
    const { meta, requests } = decodeProfile(readFileSync(out))
    expect(meta).toMatchObject({
      generation: 1,
      createdAt: '2026-02-01',
      requestCount: 2 * golden.meta.requestCount,
      parents: [two, one].map((file) => openProfile(readFileSync(file)).digest),
    })
    expect(requests.routes.map(({ count }) => count)).toEqual(
      golden.requests.routes.map(({ count }) => 2 * count),
    )
    expect(readdirSync(folder).sort()).toEqual(['all.prewarm', 'one.prewarm', 'two.prewarm'])
  })

  it('counts by weights', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm', { createdAt: '2026-02-01' })]
    const out = path.join(folder, 'all.prewarm')
    await merge(one, two, '--weight', `${one}=4`, '-o', out)
    expect(decodeProfile(readFileSync(out)).meta.requestCount).toBe(5 * golden.meta.requestCount)
  })

  it('prints conflicts and warnings, as JSON too', async () => {
    const one = save('one.prewarm')
    const modules = golden.modules.map((each) =>
      each.path === 'server.js' ? { ...each, sourceHash: 'a'.repeat(64) } : each,
    )
    const two = save('two.prewarm', { createdAt: '2026-02-01', nodeEnv: 'test' }, { modules })
    const out = path.join(folder, 'all.prewarm')
    const text = await merge(one, two, one, '-o', out)
    expect(text).toContain(
      'Files that differ between recordings; that of the newest counts: 1\n  server.js: of ',
    )
    expect(text).toContain('is the same file as')
    expect(text).toContain('NODE_ENV was "test"')
    const json: unknown = JSON.parse(await merge(out, two, '-o', out, '--force', '--json'))
    expect(json).toMatchObject({
      schemaVersion: 1,
      file: { path: out },
      meta: { generation: 2 },
      losses: { conflicts: [] },
      warnings: [expect.stringContaining('it counts twice')],
    })
  })

  it('reads and writes what is encrypted with the same key', async () => {
    vi.stubEnv('PREWARM_PROFILE_KEY', key)
    const [one, two] = [save('one.prewarm'), save('two.prewarm', { createdAt: '2026-02-01' })]
    const out = path.join(folder, 'all.prewarm')
    await merge(one, two, '-o', out)
    expect(() => decodeProfile(readFileSync(out))).toThrow('is encrypted')
    expect(decodeProfile(readFileSync(out), Buffer.from(key, 'hex')).requests.routes).toHaveLength(
      2,
    )
    vi.stubEnv('PREWARM_PROFILE_KEY', '')
    await expect(merge(one, two, '-o', out, '--force')).rejects.toMatchObject({
      code: 'ERR_PREWARM_FMT_LOCKED',
    })
  })
})

describe('what cannot be merged', () => {
  it('profiles of different applications', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm', { appId: 'other:server.js' })]
    const out = path.join(folder, 'all.prewarm')
    await expect(merge(one, two, '-o', out)).rejects.toMatchObject({
      code: 'ERR_PREWARM_FMT_MERGE',
      message: `Another application: shop:server.js in ${one}, other:server.js in ${two}`,
    })
    expect(existsSync(out)).toBe(false)
  })

  it('one profile', async () => {
    await expect(merge(save('one.prewarm'), '-o', 'all.prewarm')).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_USAGE',
    })
  })

  it('into a file that exists', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm')]
    await expect(merge(one, two, '-o', two)).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_EXISTS',
    })
  })

  it('into a folder', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm')]
    const out = path.join(folder, 'folder')
    mkdirSync(out)
    await expect(merge(one, two, '-o', out, '--force')).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_WRITE',
    })
  })

  it('with the weight of another file', async () => {
    const [one, two] = [save('one.prewarm'), save('two.prewarm')]
    await expect(
      merge(one, two, '-o', path.join(folder, 'all.prewarm'), '--weight', 'three.prewarm=2'),
    ).rejects.toMatchObject({ code: 'ERR_PREWARM_CLI_USAGE' })
  })

  it.each(['one.prewarm', 'one.prewarm=', '=2', 'one.prewarm=0', 'one.prewarm=-1', 'a=1e9'])(
    'with --weight %s',
    async (weight) => {
      await expect(merge('a', 'b', '-o', 'c', '--weight', weight)).rejects.toMatchObject({
        code: 'commander.invalidArgument',
      })
    },
  )
})
