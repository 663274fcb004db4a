import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PrewarmError, messageOf } from '../formats/errors.ts'
import { hasTokenShape, wordsOf, type SecretNames } from '../runtime/secrets.ts'

/** A value that must not be in a profile, and what to call it without telling it. */
export interface SecretValue {
  readonly name: string
  readonly value: string
}

/** Shorter values of the environment are switches and numbers. */
const minLength = 8
/** Shorter ones that somebody lists would be found everywhere. */
const minListedLength = 4
/** Words that stand where a secret would, and are in many requests. */
const trivial = new Set(
  [
    'administrator anonymous authentication authorization bearer changeme default development',
    'disabled example localhost optional password password1 passw0rd postgres postgresql',
    'production redacted required undefined username',
  ].flatMap((words) => words.split(' ')),
)
/** `AUTH_URL` and `COOKIE_DOMAIN` describe something about a secret and are none. */
const describing = new Set(
  [
    'address addr algorithm algo alg audience bus callback class dir directory domain enabled endpoint',
    'expiration expires expiry file folder header host hostname hosts id issuer lifetime manager',
    'method mode name names origin path policy port prefix provider realm redirect region sock socket',
    'scope scopes store strategy timeout ttl type uri url urls user username version',
  ].flatMap((words) => words.split(' ')),
)

/** Of a shell, where `PWD` is the folder. */
const folders = new Set(['PWD', 'OLDPWD'])

/** Values of variables that have the names of secrets, and credentials that a value shows by its form. */
export function secretsOf(env: NodeJS.ProcessEnv, names: SecretNames): SecretValue[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (name.startsWith('PREWARM_') || folders.has(name)) return []
    const last = wordsOf(name).at(-1) ?? ''
    const isSecret = names.has(name) && !describing.has(last)
    const isShaped = hasTokenShape(value) && !value.includes('://')
    const values = isSecret || isShaped ? [value] : []
    return [...values, ...passwordsIn(value)]
      .filter(isTelling)
      .map((each) => ({ name, value: each }))
  })
}

/**
 * What `PREWARM_SECRETS` lists, with commas, and the file that `PREWARM_SECRETS_FILE` names, one a line, as well as the key
 * of the profile. Throws `ERR_PREWARM_CFG_VALUE`, in which no value is told.
 */
export function listedSecrets(env: NodeJS.ProcessEnv): SecretValue[] {
  const key = env['PREWARM_PROFILE_KEY'] ?? ''
  return [
    ...listed('PREWARM_SECRETS', (env['PREWARM_SECRETS'] ?? '').split(',')),
    ...listed('PREWARM_SECRETS_FILE', linesOf(env['PREWARM_SECRETS_FILE'])),
    ...(key === '' ? [] : [{ name: 'PREWARM_PROFILE_KEY', value: key.trim() }]),
  ]
}

/**
 * How a value may be written, besides percent-encoded: as it is, within a form, within JSON, in hexadecimal, and in base64 and base64url, at
 * whichever of three places of a longer text it begins.
 */
export function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  return [
    ...new Set([
      value,
      value.replaceAll(' ', '+'),
      JSON.stringify(value).slice(1, -1),
      hex,
      hex.toUpperCase(),
      ...[0, 1, 2].flatMap((shift) => base64Of(bytes, shift)),
    ]),
  ]
}

/** Only what depends on the value alone: its first and last digits also hold bits of what is around it. */
function base64Of(bytes: Buffer, shift: number): string[] {
  const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url')
  const first = Math.ceil((8 * shift) / 6)
  const inner = digits.slice(first, Math.floor((8 * (shift + bytes.length)) / 6))
  return inner.length < minLength ? [] : [inner, inner.replaceAll('-', '+').replaceAll('_', '/')]
}

function listed(source: string, values: readonly string[]): SecretValue[] {
  return values
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .map((value, index) => {
      const name = `entry ${index + 1} of ${source}`
      if (value.length >= minListedLength) return { name, value }
      throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${name} is too short to be searched for`, {
        hint: `Expected at least ${minListedLength} characters.`,
      })
    })
}

function linesOf(file: string | undefined): string[] {
  if (!file) return []
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    throw new PrewarmError(
      'ERR_PREWARM_CFG_VALUE',
      `PREWARM_SECRETS_FILE cannot be read: ${messageOf(error)}`,
      { hint: 'Expected a file with one value a line.', cause: error },
    )
  }
}

/** Of `postgres://user:password@host`, as it is and decoded. */
function passwordsIn(value: string): string[] {
  const [, password] = /^[a-z][a-z\d+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i.exec(value) ?? []
  if (password === undefined) return []
  try {
    return [...new Set([password, decodeURIComponent(password)])]
  } catch {
    return [password]
  }
}

/** Many a variable with the name of a secret says in which file it is. */
function isTelling(value: string): boolean {
  const isWord = /^[\d.,:_-]+$/.test(value) || trivial.has(value.toLowerCase())
  return value.length >= minLength && !isWord && !(path.isAbsolute(value) && existsSync(value))
}
