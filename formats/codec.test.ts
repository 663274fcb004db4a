import { readFileSync } from 'node:fs'
import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeProfile, encodeProfile, openProfile } from './codec.ts'
import { decodeContainer, encodeContainer } from './container.ts'
import { isPrewarmError } from './errors.ts'
import { anyProfile } from './fixtures/any-profile.ts'
import { laterSections, sections, type SectionName } from './profile.ts'

const small = new Uint8Array(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))

// Strings are UTF-8 in the file, so lone surrogates cannot come back; zero comes back without its sign.
const text = fc.string({ unit: 'binary', maxLength: 40 })
const whole = fc.maxSafeInteger().map(Math.abs)
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((ms) => ms + 0)
const profiles = anyProfile({ text, whole, amount })

describe('a profile', () => {
  it('comes back from its file as it was', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(decodeProfile(encodeProfile(profile))).toEqual(profile)
      }),
    )
  })

  it('gives the same file each time', () => {
    const profile = decodeProfile(small)
    expect(encodeProfile(profile)).toEqual(encodeProfile(decodeProfile(encodeProfile(profile))))
  })

  it('is opened section by section', () => {
    const opened = openProfile(small)
    expect(opened.section('meta')).toEqual(decodeProfile(small).meta)
    const first = Object.keys(sections).filter((name) => !laterSections.has(name as SectionName))
    expect([...opened.sizes.keys()]).toEqual([...first, 'codecache'])
    const written = openProfile(encodeProfile(decodeProfile(small)))
    expect([...written.sizes.keys()]).toEqual([...Object.keys(sections), 'codecache'])
  })

  it('is not written with a field that the format does not allow', () => {
    const profile = decodeProfile(small)
    const broken = { ...profile, meta: { ...profile.meta, durationMs: NaN } }
    expect(() => encodeProfile(broken)).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_FMT_INVALID',
        message: 'meta.durationMs: expected a number >= 0, found NaN',
      }),
    )
  })

  it('is not written with references that lead nowhere', () => {
    const profile = decodeProfile(small)
    expect(() => encodeProfile({ ...profile, modules: [] })).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_INVALID' }),
    )
  })

  it('is not written when its code caches do not fill their section', () => {
    const profile = decodeProfile(small)
    for (const codecache of [new Uint8Array(0), new Uint8Array(profile.codecache.length + 1)]) {
      expect(() => encodeProfile({ ...profile, codecache })).toThrow(
        expect.objectContaining({ code: 'ERR_PREWARM_FMT_INVALID' }),
      )
    }
  })

  it('is not written when it would be too large to read', () => {
    const profile = decodeProfile(small)
    const entry = profile.functions[0]
    if (entry === undefined) throw new Error('the fixture has functions')
    const functions = Array.from({ length: 195_000 }, () => entry)
    expect(() => encodeProfile({ ...profile, functions })).toThrow(
      expect.objectContaining({ code: 'ERR_PREWARM_FMT_LIMIT' }),
    )
  })
})

describe('what a later minor version may add', () => {
  it('is ignored when it is a section', () => {
    const snapshot = new Uint8Array([0xc1, 0xc1])
    const file = encodeContainer(decodeContainer(small).set('snapshot', snapshot))
    expect(decodeProfile(file)).toEqual(decodeProfile(small))
  })

  it('does no harm when it is a field, in whichever record', () => {
    const extended = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(extended)
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
      const fields = Object.entries(value).map(([key, field]) => [key, extended(field)])
      return { ...Object.fromEntries(fields), later: { than: ['version', 1] } }
    }
    const profile = decodeProfile(small)
    const file = decodeContainer(small)
    for (const name of Object.keys(sections)) {
      const section = file.get(name)
      if (section !== undefined) file.set(name, encode(extended(decode(section))))
    }
    expect(decodeProfile(encodeContainer(file))).toMatchObject(profile)
  })
})

describe('a damaged file', () => {
  const expectFormatError = (file: Uint8Array, what: string): void => {
    try {
      decodeProfile(file)
    } catch (error) {
      if (isPrewarmError(error) && error.code.startsWith('ERR_PREWARM_FMT_')) return
      throw new Error(`${what} gives an error without a code`, { cause: error })
    }
    throw new Error(`${what} goes unnoticed`)
  }

  it('is refused, whichever of its bits is flipped', () => {
    const file = Uint8Array.from(small)
    const headerBytes = 48
    for (let at = 0; at < file.length; at++) {
      const before = file[at] ?? 0
      // Behind the header a hash covers every byte, and all bits of them would take minutes on a slow machine.
      for (const bit of at < headerBytes ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        file[at] = before ^ (1 << bit)
        expectFormatError(file, `bit ${bit} of byte ${at}`)
      }
      file[at] = before
    }
    expect(decodeProfile(file)).toEqual(decodeProfile(small))
  })

  it('is refused, wherever it ends', () => {
    for (let length = 0; length < small.length; length++) {
      expectFormatError(small.subarray(0, length), `ending after ${length} bytes`)
    }
  })

  it('is refused, whatever it held', () => {
    fc.assert(
      fc.property(profiles, fc.nat(), fc.integer({ min: 1, max: 255 }), (profile, at, change) => {
        const file = encodeProfile(profile)
        const index = at % file.length
        expectFormatError(file.subarray(0, index), `ending after ${index} bytes`)
        file[index] = (file[index] ?? 0) ^ change
        expectFormatError(file, `byte ${index}`)
      }),
    )
  })

  it('is refused when it is anything at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        expectFormatError(input, 'a random file')
        const magic = new TextEncoder().encode('PREWARM\0\x01\0\0\0')
        expectFormatError(Uint8Array.from([...magic, ...input]), 'a random file with magic')
      }),
    )
  })
})
