import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readProfileKey } from './profile-key.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-key-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const file = path.join(folder, 'key')
const key = Buffer.alloc(32, 7)
const other = Buffer.alloc(32, 8)

it('comes from the environment, else from a file, else there is none', () => {
  writeFileSync(file, `${other.toString('base64')}\n`)
  const inFile = { PREWARM_PROFILE_KEY_FILE: file }
  expect(readProfileKey({ PREWARM_PROFILE_KEY: key.toString('hex'), ...inFile })).toEqual(key)
  expect(readProfileKey({ PREWARM_PROFILE_KEY: '', ...inFile })).toEqual(other)
  expect(readProfileKey({})).toBeUndefined()
})

it('is refused without being told when it is none', () => {
  const text = 'not-a-key-of-32-bytes'
  writeFileSync(file, text)
  for (const env of [{ PREWARM_PROFILE_KEY: text }, { PREWARM_PROFILE_KEY_FILE: file }]) {
    expect(() => readProfileKey(env)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_CFG_VALUE',
        message: expect.not.stringContaining(text) as string,
      }),
    )
  }
  expect(() => readProfileKey({ PREWARM_PROFILE_KEY_FILE: path.join(folder, 'none') })).toThrow(
    expect.objectContaining({ code: 'ERR_PREWARM_CFG_VALUE' }),
  )
})
