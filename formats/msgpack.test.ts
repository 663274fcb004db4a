import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from './errors.ts'
import { limits } from './limits.ts'
import { decodeMessagePack } from './msgpack.ts'

function read(input: Uint8Array | readonly number[]): unknown {
  return decodeMessagePack(Uint8Array.from(input), 'test')
}

function expectCode(run: () => void, code: ErrorCode): void {
  expect(run).toThrow(expect.objectContaining({ code }))
}

/** Everything that a profile may hold: no extension types, which is how the encoder writes dates. */
const encodable = fc.anything({
  maxDepth: 5,
  key: fc.string().filter((key) => key !== '__proto__'),
  values: [
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
  ],
})

describe('decodeMessagePack', () => {
  it('gives back whatever the encoder was given', () => {
    fc.assert(
      fc.property(encodable, (value) => {
        const input = encode(value)
        expect(read(input)).toEqual(decode(input))
      }),
    )
  })

  it('reads lists, maps, strings and bytes of every header width', () => {
    for (const size of [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      const list = Array.from({ length: size }, (_, index) => index)
      expect(read(encode(list))).toEqual(list)
      const map = Object.fromEntries(list.map((index) => [`k${index}`, index]))
      expect(read(encode(map))).toEqual(map)
      expect(read(encode('x'.repeat(size)))).toBe('x'.repeat(size))
      expect(read(encode(Uint8Array.from(list)))).toEqual(Uint8Array.from(list))
    }
  })

  it.each<[string, readonly number[], number]>([
    ['float 32', [0xca, 0x3f, 0xc0, 0, 0], 1.5],
    ['uint 8', [0xcc, 0xff], 255],
    ['uint 16', [0xcd, 0xff, 0xfe], 65_534],
    ['uint 32', [0xce, 0xff, 0xff, 0xff, 0xfe], 4_294_967_294],
    ['uint 64', [0xcf, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Number.MAX_SAFE_INTEGER],
    ['int 8', [0xd0, 0x80], -128],
    ['int 16', [0xd1, 0x80, 0], -32_768],
    ['int 32', [0xd2, 0x80, 0, 0, 0], -2_147_483_648],
    ['int 64', [0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 1], Number.MIN_SAFE_INTEGER],
    ['a small negative number', [0xff], -1],
  ])('reads %s', (_title, input, expected) => {
    expect(read(input)).toBe(expected)
  })

  it('keeps a byte order mark, in strings of any length', () => {
    for (const length of [1, 1000]) {
      const text = '\uFEFF'.repeat(length)
      expect(read(encode(text))).toBe(text)
    }
  })

  it('copies no bytes', () => {
    const input = encode(Uint8Array.of(1, 2, 3))
    expect((decodeMessagePack(input, 'test') as Uint8Array).buffer).toBe(input.buffer)
  })

  /** What the reader accepts, the general decoder must accept as well, and read alike. */
  const expectAgreement = (input: Uint8Array): void => {
    let value: unknown
    try {
      value = read(input)
    } catch (error) {
      expect(error).toMatchObject({
        code: expect.stringMatching(/^ERR_PREWARM_FMT_(INVALID|LIMIT)$/) as unknown,
      })
      return
    }
    // The general decoder makes other characters of malformed UTF-8.
    if (JSON.stringify(value).includes('\uFFFD')) decode(input)
    else expect(value).toEqual(decode(input))
  }

  it('throws nothing but coded errors for random bytes', () => {
    const tag = fc.oneof(fc.nat(255), fc.integer({ min: 0x80, max: 0xdf }))
    const input = fc.array(tag, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes))
    fc.assert(fc.property(input, expectAgreement), { numRuns: 20_000 })
  })

  it('throws nothing but coded errors for damaged messages', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(encodable, damage, (value, changes) => {
        const input = Uint8Array.from(encode(value))
        for (const [at, byte] of changes) input[at % input.length] = byte
        expectAgreement(input)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['no bytes', []],
    ['a list that is one short', [0x92, 0x01]],
    ['a map without its last value', [0x81, 0xa1, 0x61]],
    ['a string that runs past the end', [0xa5, 0x61]],
    ['a list of four billion entries', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map of four billion entries', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['a string of four billion bytes', [0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ['four billion bytes', [0xc6, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ['a length that is cut off', [0xdc, 0x01]],
    ['a number that is cut off', [0xcb, 0x01, 0x02]],
    ['bytes left over', [0x01, 0x02]],
    ['the type byte that is never used', [0xc1]],
    ['fixext 1', [0xd4, 0x00, 0x00]],
    ['fixext 16', [0xd8, ...Array.from({ length: 17 }, () => 0)]],
    ['ext 8', [0xc7, 0x01, 0x00, 0x00]],
    ['ext 32', [0xc9, 0xff, 0xff, 0xff, 0xff, 0x00]],
    ['a key that is a number', [0x81, 0x01, 0x01]],
    ['a key that is a list', [0x81, 0x91, 0x01, 0x01]],
    ['the key __proto__', [0x81, 0xa9, ...Buffer.from('__proto__'), 0x80]],
  ])('refuses %s', (_title, input) => {
    expectCode(() => {
      read(input)
    }, 'ERR_PREWARM_FMT_INVALID')
  })

  it('refuses a date, which the encoder writes as an extension', () => {
    expectCode(() => {
      read(encode(new Date(0)))
    }, 'ERR_PREWARM_FMT_INVALID')
  })

  it('accepts the deepest nesting allowed and refuses one more', () => {
    const nested = (depth: number): number[] => [...Array.from({ length: depth }, () => 0x91), 0xc0]
    read(nested(limits.depth))
    expectCode(() => {
      read(nested(limits.depth + 1))
    }, 'ERR_PREWARM_FMT_LIMIT')
    expectCode(() => {
      read(new Uint8Array(1_000_000).fill(0x91))
    }, 'ERR_PREWARM_FMT_LIMIT')
  })

  it('refuses a list or map over the limit although all its entries are there', () => {
    const oversized = new Uint8Array(5 + limits.entries + 1)
    oversized[0] = 0xdd
    new DataView(oversized.buffer).setUint32(1, limits.entries + 1)
    expectCode(() => {
      read(oversized)
    }, 'ERR_PREWARM_FMT_LIMIT')
    read(encode(Array.from({ length: limits.entries }, () => 0)))
  })

  it('refuses a string that cannot be short enough', () => {
    const longest = limits.stringLength * 3
    read(encode('\u2615'.repeat(limits.stringLength)))
    expectCode(() => {
      read(encode('x'.repeat(longest + 1)))
    }, 'ERR_PREWARM_FMT_LIMIT')
  })

  it('refuses more values than the limit, however they are spread', () => {
    const lists = Math.ceil(limits.values / limits.entries)
    const list = encode(Array.from({ length: limits.entries }, () => 0))
    const input = new Uint8Array(3 + lists * list.length)
    input.set([0xdc, 0, lists])
    for (let index = 0; index < lists; index++) input.set(list, 3 + index * list.length)
    expectCode(() => {
      read(input)
    }, 'ERR_PREWARM_FMT_LIMIT')
  })
})
