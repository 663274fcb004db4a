import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeProfile, decodeUnlocked, encodeProfile, openProfile } from './codec.ts'
import { decodeContainer, encodeContainer } from './container.ts'
import { sealableSections, type Profile, type SectionName } from './profile.ts'
import { parseProfileKey, seal, sealedName } from './sealed.ts'

const key = new Uint8Array(32).fill(7)
const other = new Uint8Array(32).fill(8)
const golden = readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url))
const small = decodeProfile(golden)
const latency = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }
const profile: Profile = {
  ...small,
  ledger: [
    {
      route: 0,
      exemplar: 0,
      outcome: 'untried',
      status: null,
      effects: [],
      note: 'a note of the ledger',
    },
  ],
  tapes: [
    {
      route: 0,
      exemplar: 0,
      method: 'GET',
      url: 'http://upstream.example/rates',
      status: 200,
      headers: [],
      body: new Uint8Array([1, 2, 3]),
    },
  ],
  work: [
    {
      name: 'resize-image',
      count: 1,
      cold: latency,
      steady: latency,
      samples: [
        {
          arguments: '["an argument"]',
          outcome: 'returned',
          tried: 'passed',
          effects: [],
          note: '',
        },
      ],
      unreplayable: 0,
      obstacle: '',
    },
  ],
}
const file = encodeProfile(profile, key)
const locked = { name: 'PrewarmError', code: 'ERR_PREWARM_FMT_LOCKED' }
const names = [...sealableSections]
/** The same bytes, whether they are a Buffer or not, are the same profile. */
const plainBytes = (each: Profile): Buffer => Buffer.from(encodeProfile(each))

/** A copy whose hashes are right. */
function changed(change: (sections: Map<string, Uint8Array>) => void): Uint8Array {
  const sections = decodeContainer(file)
  change(sections)
  return encodeContainer(sections)
}

function flip(section: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(section)
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}

describe('an encrypted profile', () => {
  it('comes back whole with its key', () => {
    expect(plainBytes(decodeProfile(file, key))).toEqual(plainBytes(profile))
    const unlocked = decodeUnlocked(file, key)
    expect(plainBytes(unlocked.profile)).toEqual(plainBytes(profile))
    expect(unlocked.lock).toBeUndefined()
  })

  it('shows nothing of what clients and upstreams said', () => {
    const urls = profile.requests.routes.flatMap(({ exemplars }) => exemplars.map(({ url }) => url))
    expect(urls.length).toBeGreaterThan(1)
    for (const text of [
      ...urls,
      'upstream.example',
      'a note of the ledger',
      'an argument',
      'resize-image',
    ]) {
      expect(Buffer.from(encodeProfile(profile)).includes(text), text).toBe(true)
      expect(Buffer.from(file).includes(text), text).toBe(false)
    }
  })

  it('is another one each time, as nonces are never used twice', () => {
    const again = decodeContainer(encodeProfile(profile, key))
    for (const name of names) {
      const [first, second] = [decodeContainer(file), again].map((each) =>
        Buffer.from(each.get(sealedName(name)) ?? []).toString('hex'),
      )
      expect(first?.slice(0, 24)).not.toBe(second?.slice(0, 24))
      expect(first?.slice(24)).not.toBe(second?.slice(24))
    }
  })

  it('without the right key, has all but the encrypted sections', () => {
    for (const wrong of [undefined, other]) {
      const opened = openProfile(file, wrong)
      expect(opened.lock).toMatchObject(locked)
      expect(opened.section('modules')).toEqual(profile.modules)
      expect(Buffer.from(opened.codecache)).toEqual(Buffer.from(profile.codecache))
      for (const name of names) expect(() => opened.section(name)).toThrow(opened.lock)
      expect(() => decodeProfile(file, wrong)).toThrow(expect.objectContaining(locked))
      const rest: Profile = {
        ...profile,
        requests: { servers: [], routes: [] },
        curve: [],
        work: [],
        ledger: [],
        tapes: [],
      }
      expect(plainBytes(decodeUnlocked(file, wrong).profile)).toEqual(plainBytes(rest))
    }
  })

  it('says whether the key is missing or does not fit', () => {
    expect(openProfile(file).lock?.message).toBe(
      'Section requests is encrypted, and there is no key',
    )
    expect(openProfile(file, other).lock?.message).toContain('does not open section requests')
  })

  it.each(names)('is locked when a byte of %s was changed, and the hashes made to fit', (name) => {
    for (const at of [0, 11, 12, -17, -16, -1]) {
      const forged = changed((sections) => {
        sections.set(sealedName(name), flip(sections.get(sealedName(name)) ?? key, at))
      })
      const opened = openProfile(forged, key)
      expect(opened.lock, `byte ${at}`).toMatchObject(locked)
      // The others are intact, and still of no use without this one.
      for (const each of names) expect(() => opened.section(each)).toThrow(opened.lock)
    }
  })

  it('is locked when a section is cut off or stands in for another one', () => {
    for (const section of [new Uint8Array(0), new Uint8Array(27), seal('tapes', key, key)]) {
      const forged = changed((sections) => sections.set(sealedName('ledger'), section))
      expect(openProfile(forged, key).lock).toMatchObject(locked)
    }
  })

  it('is refused when a section is there both ways', () => {
    const forged = changed((sections) => sections.set('requests', new Uint8Array([0x80])))
    for (const each of [key, undefined]) {
      expect(() => openProfile(forged, each)).toThrow(
        expect.objectContaining({ code: 'ERR_PREWARM_FMT_INVALID' }),
      )
    }
  })

  it('is for a reader that knows nothing of encryption a file without requests', () => {
    const sections = decodeContainer(file)
    expect(
      [...sections.keys()].filter((name) => sealableSections.has(name as SectionName)),
    ).toEqual([])
    for (const name of names) sections.delete(sealedName(name))
    expect(() => decodeProfile(encodeContainer(sections))).toThrow(
      expect.objectContaining({
        code: 'ERR_PREWARM_FMT_INVALID',
        message: 'The profile has no section requests',
      }),
    )
  })

  it('a key changes nothing for a profile that is not encrypted', () => {
    expect(plainBytes(decodeProfile(encodeProfile(profile), key))).toEqual(plainBytes(profile))
  })
})

describe('a key', () => {
  const hex = '00ff'.repeat(16)
  const expected = Buffer.from(hex, 'hex')
  it.each([
    ['hexadecimal', hex],
    ['upper case', hex.toUpperCase()],
    ['base64', expected.toString('base64')],
    ['base64url', expected.toString('base64url')],
    ['with a line break', `${hex}\n`],
  ])('is taken in %s', (_form, text) => {
    expect(Buffer.from(parseProfileKey(text) ?? []).equals(expected)).toBe(true)
  })

  it.each(['', 'secret', hex.slice(2), `${hex}00`, `${hex.slice(1)}g`, 'A'.repeat(42)])(
    'is not %j',
    (text) => {
      expect(parseProfileKey(text)).toBeUndefined()
    },
  )
})
