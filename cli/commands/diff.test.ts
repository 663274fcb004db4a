import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeProfile, encodeProfile, type Profile } from '../../formats/index.ts'
import { lineWidth } from '../render/text.ts'
import { diffCommand } from './diff.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
const changed: Profile = {
  ...golden,
  meta: { ...golden.meta, node: 'v20.21.0' },
  modules: golden.modules.map((each, index) =>
    index === 0
      ? { ...each, id: `new/\u001b[31m${'long'.repeat(50)}.js`, sourceHash: 'a'.repeat(64) }
      : each.phase === 'late'
        ? { ...each, phase: 'startup' }
        : each,
  ),
  functions: golden.functions.map((each) => ({ ...each, tier: 'sparkplug' })),
}

let folder = ''
let before = ''
let after = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-diff-'))
  before = path.join(folder, 'before.prewarm')
  after = path.join(folder, 'after.prewarm')
  writeFileSync(before, encodeProfile(golden))
  writeFileSync(after, encodeProfile(changed))
})
afterEach(() => {
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

async function diff(...args: string[]): Promise<string> {
  let output = ''
  const command = diffCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined })
  await command.parseAsync(args, { from: 'user' })
  return stripVTControlCharacters(output)
}

describe('prewarm diff', () => {
  it('shows what differs', async () => {
    const text = await diff(before, after)
    expect(text).toContain('~ node  v20.20.0 -> v20.21.0')
    expect(text).toMatch(/^\+ new\/\?\[31m.*\.\.\..*\.js/m)
    expect(text).toMatch(/^- \S+/m)
    expect(text).toMatch(/^ {2}lazy\/report\.js {2}late -> startup/m)
    expect(text).toMatch(/^ {2}render .* turbofan -> sparkplug/m)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(lineWidth)
    expect(process.exitCode).toBeUndefined()
  })

  it('shows as many lines of each kind as it is told to', async () => {
    expect(await diff(before, after, '--top', '1')).toMatch(/^ {2}and \d+ more$/m)
  })

  it('prints all that differs as JSON', async () => {
    expect(JSON.parse(await diff(before, after, '--json'))).toMatchObject({
      schemaVersion: 1,
      from: { profile: before },
      to: { profile: after },
      isDifferent: true,
      locked: null,
      unchanged: { modules: golden.modules.length - 2, routes: golden.requests.routes.length },
      meta: [{ unit: 'node', change: 'changed' }],
      functions: expect.arrayContaining([
        expect.objectContaining({ change: 'kept', aspects: ['tier'] }),
      ]) as unknown,
      routes: [],
    })
  })

  it('says that nothing differs', async () => {
    const text = await diff(before, before)
    expect(text.endsWith('Nothing differs.\n')).toBe(true)
  })

  it.each([
    ['that differ', 'after', 3],
    ['that do not', 'before', undefined],
  ])('--exit-code with profiles %s', async (_title, name, code) => {
    await diff(before, path.join(folder, `${name}.prewarm`), '--exit-code')
    expect(process.exitCode).toBe(code)
  })

  it('does without routes that it cannot read', async () => {
    writeFileSync(after, encodeProfile(changed, new Uint8Array(32).fill(7)))
    const text = await diff(before, after)
    expect(text).toContain('is encrypted, and there is no key')
    expect(JSON.parse(await diff(before, after, '--json'))).toMatchObject({
      locked: expect.stringContaining('PREWARM_PROFILE_KEY') as unknown,
      routes: [],
    })
  })

  it('refuses what is no profile', async () => {
    writeFileSync(after, 'no')
    await expect(diff(before, after)).rejects.toMatchObject({
      code: 'ERR_PREWARM_FMT_NOT_A_PROFILE',
    })
  })
})
