import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { listedSecrets, secretsOf, spellingsOf } from './secret-values.ts'
import { SecretNames } from '../runtime/secrets.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-values-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const found = (env: NodeJS.ProcessEnv): string[] =>
  secretsOf(env, new SecretNames([])).map(({ value }) => value)

describe('values of the environment', () => {
  it.each([
    ['API_TOKEN', 'hush-hush-1'],
    ['STRIPE_SECRET_KEY', 'hush-hush-1'],
    ['DB_PASSWORD', 'correct horse'],
    ['npm_config__authToken', 'hush-hush-1'],
    ['SESSION_SECRET', 'keyboard cat'],
    ['ANYTHING', 'Bearer abcdefgh'],
    ['CI_JOB', 'ghp_0123456789abcdefghij'],
  ])('%s=%s is a secret', (name, value) => {
    expect(found({ [name]: value })).toEqual([value])
  })

  it('are secrets in part when they are URLs with a password', () => {
    expect(found({ DATABASE_URL: 'postgres://shop:p%40ssw0rd-1@db:5432/shop' })).toEqual([
      'p%40ssw0rd-1',
      'p@ssw0rd-1',
    ])
    expect(found({ DATABASE_URL: 'postgres://shop@db:5432/shop' })).toEqual([])
  })

  it.each([
    ['PATH', '/usr/local/bin'],
    ['API_TOKEN', 'short'],
    ['API_TOKEN', '1234567890'],
    ['API_TOKEN', 'production'],
    ['PASSWORD', 'Password'],
    ['OLDPWD', '/nowhere/at/all'],
    ['AUTH_URL', 'https://auth.example'],
    ['COOKIE_DOMAIN', 'shop.example'],
    ['JWT_ISSUER', 'https://shop.example'],
    ['SSH_AUTH_SOCK', '/tmp/ssh-1/agent.1'],
    ['MAX_TOKENS', '100000000'],
    ['GOOGLE_APPLICATION_CREDENTIALS', folder],
    ['PREWARM_REDACT', 'password,token'],
  ])('%s=%s is none', (name, value) => {
    expect(found({ [name]: value })).toEqual([])
  })
})

describe('listed values', () => {
  it('come from a list, a file and the key of the profile', () => {
    const file = path.join(folder, 'secrets')
    writeFileSync(file, 'with, comma\r\n\nlast one\n')
    const env = {
      PREWARM_SECRETS: ' first ,second,',
      PREWARM_SECRETS_FILE: file,
      PREWARM_PROFILE_KEY: 'the-key',
    }
    expect(listedSecrets(env)).toEqual([
      { name: 'entry 1 of PREWARM_SECRETS', value: 'first' },
      { name: 'entry 2 of PREWARM_SECRETS', value: 'second' },
      { name: 'entry 1 of PREWARM_SECRETS_FILE', value: 'with, comma' },
      { name: 'entry 2 of PREWARM_SECRETS_FILE', value: 'last one' },
      { name: 'PREWARM_PROFILE_KEY', value: 'the-key' },
    ])
    expect(listedSecrets({})).toEqual([])
  })

  it('are refused untold when they would be found everywhere, or cannot be read', () => {
    const none = path.join(folder, 'none')
    for (const env of [{ PREWARM_SECRETS: 'long enough,xyz' }, { PREWARM_SECRETS_FILE: none }]) {
      expect(() => listedSecrets(env)).toThrow(
        expect.objectContaining({
          code: 'ERR_PREWARM_CFG_VALUE',
          message: expect.not.stringContaining('xyz') as string,
        }),
      )
    }
  })
})

describe('spellings', () => {
  const value = 'höush "hush" 1\\2?~'
  const holds = (text: string): boolean =>
    spellingsOf(value).some((spelling) => text.includes(spelling))

  it('are found as they are, in JSON, in forms, in hexadecimal', () => {
    const hex = Buffer.from(value).toString('hex')
    for (const text of [`a${value}b`, JSON.stringify({ a: [value] }), hex, hex.toUpperCase()])
      expect(holds(text), text).toBe(true)
    expect(holds('x=' + value.replaceAll(' ', '+'))).toBe(true)
    expect(holds(value.slice(1))).toBe(false)
  })

  it.each(['base64', 'base64url'] as const)('are found within any text in %s', (encoding) => {
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const text = Buffer.from(before + value + after).toString(encoding)
        expect(holds(text), `${before}...${after}`).toBe(true)
      }
    }
  })
})
