import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findConfigFile, loadConfigFile, sectionOf } from './config-file.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-config-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, content: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('the configuration file', () => {
  it('is the first one in the folder', () => {
    expect(findConfigFile({}, folder)).toBeUndefined()
    for (const name of ['prewarm.config.json', 'prewarm.config.mjs', 'prewarm.config.js']) {
      const file = write(name, '')
      expect(findConfigFile({}, folder)).toBe(file)
    }
  })

  it('is the one that PREWARM_CONFIG names, there or not', () => {
    write('prewarm.config.json', '{}')
    expect(findConfigFile({ PREWARM_CONFIG: 'other.mjs' }, folder)).toBe(path.resolve('other.mjs'))
    expect(findConfigFile({ PREWARM_CONFIG: '' }, folder)).toBe(
      path.join(folder, 'prewarm.config.json'),
    )
  })

  it.each([
    ['prewarm.config.mjs', 'export default { replay: { rounds: 3 + 4 } }'],
    ['prewarm.config.json', '\uFEFF{ "replay": { "rounds": 7 } }'],
    ['prewarm.config.js', 'module.exports = { replay: { rounds: 7 } }'],
  ])('%s is read', (name, content) => {
    const file = write(name, content)
    expect(loadConfigFile({}, folder)).toEqual({ file, content: { replay: { rounds: 7 } } })
  })

  it('need not be there', () => {
    expect(loadConfigFile({}, folder)).toBeUndefined()
  })

  it.each([
    ['a.mjs', 'throw new Error("disk on fire")', 'disk on fire'],
    ['b.mjs', 'export default {', ''],
    ['c.mjs', 'export const replay = {}', 'there is no object in it'],
    ['d.json', '[]', 'there is no object in it'],
    ['f.mjs', 'export default await Promise.resolve({})', 'top-level await'],
    ['e.json', '{ "replay": ', 'JSON'],
  ])('%s with %s is refused by its name', (name, content, message) => {
    const file = write(name, content)
    expect(() => loadConfigFile({ PREWARM_CONFIG: file }, folder)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_CFG_FILE',
        message: expect.stringMatching(new RegExp(`^${file}: .*${message}`)) as unknown,
        hint: expect.stringMatching(/\w/) as unknown,
      }),
    )
  })

  it('that is named and is not there, or is a folder, is refused', () => {
    mkdirSync(path.join(folder, 'prewarm.config.js'))
    for (const env of [{}, { PREWARM_CONFIG: path.join(folder, 'none.json') }]) {
      expect(() => loadConfigFile(env, folder)).toThrow(
        expect.objectContaining({ code: 'ERR_PREWARM_CFG_FILE' }),
      )
    }
  })
})

describe('its keys', () => {
  const check = (content: Record<string, unknown>) => (): unknown =>
    sectionOf({ file: '/srv/prewarm.config.js', content }, 'replay')

  it('may all be missing', () => {
    expect(check({})()).toEqual({
      place: '/srv/prewarm.config.js: replay',
      folder: '/srv',
      values: {},
    })
    expect(check({ record: undefined, replay: { profil: undefined } })).not.toThrow()
  })

  it.each([
    [{ replay: { rehears: [] } }, 'replay.rehears', 'Did you mean rehearse?'],
    [{ record: { rounds: 1 } }, 'record.rounds', 'Did you mean replay.rounds?'],
    [{ report: 'off' }, 'report', 'Did you mean replay.report?'],
    [{ rehears: [] }, 'rehears', 'Did you mean replay.rehearse?'],
    [{ replays: {} }, 'replays', 'Did you mean replay?'],
    [{ replay: { toString: 1 } }, 'replay.toString', 'There are profile, mode, '],
    [{ default: {} }, 'default', 'There are record, replay.'],
  ])('%j is refused with what was probably meant', (content, key, hint) => {
    expect(check(content)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_CFG_KEY',
        message: `/srv/prewarm.config.js: there is no setting ${key}`,
        hint: expect.stringContaining(hint) as unknown,
      }),
    )
  })

  it.each([null, [], 'auto', () => undefined])('a section cannot be %j', (replay) => {
    expect(check({ replay })).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_CFG_VALUE',
        message: '/srv/prewarm.config.js: replay is not an object',
      }),
    )
  })
})
