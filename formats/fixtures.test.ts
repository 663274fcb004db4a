import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeProfile } from './codec.ts'
import type { ErrorCode } from './errors.ts'
import { sha256 } from './hash.ts'
import { laterSections } from './profile.ts'

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url))
}

/** The form of small.json: bytes as their length and hash. */
function dump(profile: unknown): unknown {
  const replacer = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { length: value.length, sha256: sha256(value) } : value
  return JSON.parse(JSON.stringify(profile, replacer))
}

describe('the golden file of format version 1', () => {
  it('is read as it always was', () => {
    const expected: unknown = JSON.parse(new TextDecoder().decode(fixture('v1/small.json')))
    // A copy that is no Buffer: JSON.stringify would ask a Buffer for its own form first.
    const file = new Uint8Array(fixture('v1/small.prewarm'))
    const later = Object.fromEntries([...laterSections].map((name) => [name, []]))
    expect(dump(decodeProfile(file))).toEqual({ ...(expected as object), ...later })
  })
})

describe('invalid files', () => {
  const expected: Readonly<Record<string, ErrorCode>> = {
    'claims-4-billion-functions.prewarm': 'ERR_PREWARM_FMT_INVALID',
    'claims-4-billion-modules.prewarm': 'ERR_PREWARM_FMT_LIMIT',
    'empty.prewarm': 'ERR_PREWARM_FMT_TRUNCATED',
    'flipped.prewarm': 'ERR_PREWARM_FMT_DAMAGED',
    'foreign.prewarm': 'ERR_PREWARM_FMT_NOT_A_PROFILE',
    'no-sections.prewarm': 'ERR_PREWARM_FMT_INVALID',
    'truncated.prewarm': 'ERR_PREWARM_FMT_TRUNCATED',
    'version-999.prewarm': 'ERR_PREWARM_FMT_VERSION',
  }

  it('are all in the table', () => {
    expect(readdirSync(new URL('fixtures/invalid', import.meta.url)).sort()).toEqual(
      Object.keys(expected),
    )
  })

  it.each(Object.entries(expected))('%s is refused with %s', (name, code) => {
    expect(() => decodeProfile(fixture(`invalid/${name}`))).toThrow(
      expect.objectContaining({ name: 'PrewarmError', code }),
    )
  })
})
