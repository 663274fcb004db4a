import { describe, expect, it } from 'vitest'
import { decodeContainer, encodeContainer } from './container.ts'
import type { ErrorCode } from './errors.ts'
import { sha256Bytes } from './hash.ts'
import { limits } from './limits.ts'

const headerBytes = 48
const entryBytes = 64

const two = new Map([
  ['alpha', new Uint8Array([1, 2, 3])],
  ['beta', new Uint8Array([4, 5])],
])

/** A copy of `file`, changed by `edit`, whose section table hash is right again. */
function edited(file: Uint8Array, edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const copy = Uint8Array.from(file)
  const view = new DataView(copy.buffer)
  edit(view, copy)
  const tableEnd = headerBytes + view.getUint32(12, true) * entryBytes
  copy.set(sha256Bytes(copy.subarray(headerBytes, tableEnd)), 16)
  return copy
}

function expectCode(file: Uint8Array, code: ErrorCode): void {
  expect(() => decodeContainer(file)).toThrow(expect.objectContaining({ code }))
}

describe('the container', () => {
  it('gives back the sections in their order', () => {
    expect([...decodeContainer(encodeContainer(two))]).toEqual([...two])
  })

  it('keeps empty sections', () => {
    const sections = new Map([
      ['alpha', new Uint8Array(0)],
      ['beta', new Uint8Array(0)],
    ])
    expect([...decodeContainer(encodeContainer(sections))]).toEqual([...sections])
  })

  it('hands out views, not copies', () => {
    const file = encodeContainer(two)
    expect(decodeContainer(file).get('beta')?.buffer).toBe(file.buffer)
  })

  it('reads a file that is a view into a larger buffer', () => {
    const file = encodeContainer(two)
    const larger = new Uint8Array(file.length + 7)
    larger.set(file, 5)
    expect([...decodeContainer(larger.subarray(5, 5 + file.length))]).toEqual([...two])
  })

  it('has the layout that FORMAT.md gives', () => {
    const file = encodeContainer(two)
    const view = new DataView(file.buffer)
    expect(new TextDecoder().decode(file.subarray(0, 8))).toBe('PREWARM\0')
    expect(view.getUint32(8, true)).toBe(1)
    expect(view.getUint32(12, true)).toBe(2)
    expect(file.subarray(16, 48)).toEqual(
      new Uint8Array(sha256Bytes(file.subarray(48, 48 + 2 * entryBytes))),
    )
    const second = headerBytes + entryBytes
    expect(new TextDecoder().decode(file.subarray(second, second + 16))).toBe(
      'beta'.padEnd(16, '\0'),
    )
    expect(view.getBigUint64(second + 16, true)).toBe(BigInt(headerBytes + 2 * entryBytes + 3))
    expect(view.getBigUint64(second + 24, true)).toBe(2n)
    expect(file.subarray(second + 32, second + 64)).toEqual(
      new Uint8Array(sha256Bytes(new Uint8Array([4, 5]))),
    )
    expect(file.length).toBe(headerBytes + 2 * entryBytes + 5)
  })
})

describe('a container with a forged section table', () => {
  const file = encodeContainer(two)
  const first = headerBytes
  const second = headerBytes + entryBytes

  it('is refused when it has more sections than the limit', () => {
    const many = Array.from({ length: limits.sections + 1 }, (_, index) => `s${index}`)
    expectCode(
      encodeContainer(new Map(many.map((name) => [name, new Uint8Array(1)]))),
      'ERR_PREWARM_FMT_LIMIT',
    )
  })

  it('is refused when it claims four billion sections', () => {
    const copy = Uint8Array.from(file)
    new DataView(copy.buffer).setUint32(12, 0xffff_ffff, true)
    expectCode(copy, 'ERR_PREWARM_FMT_LIMIT')
  })

  it('is refused when a name is given twice', () => {
    const copy = edited(file, (_view, bytes) => {
      bytes.copyWithin(second, first, first + 16)
    })
    expectCode(copy, 'ERR_PREWARM_FMT_INVALID')
  })

  it('is refused when the entries are not in the order of the sections', () => {
    const copy = edited(file, (_view, bytes) => {
      const entry = bytes.slice(first, second)
      bytes.copyWithin(first, second, second + entryBytes)
      bytes.set(entry, second)
    })
    expectCode(copy, 'ERR_PREWARM_FMT_INVALID')
  })

  it.each([
    ['leaves a gap', 1n],
    ['overlaps the section before', -1n],
    ['points into the header', -100n],
  ])('is refused when an offset %s', (_title, by) => {
    const copy = edited(file, (view) => {
      view.setBigUint64(second + 16, view.getBigUint64(second + 16, true) + by, true)
    })
    expectCode(copy, 'ERR_PREWARM_FMT_INVALID')
  })

  it.each([1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 3n])(
    'is refused when a length runs past the end by %s',
    (by) => {
      const copy = edited(file, (view) => {
        view.setBigUint64(second + 24, 2n + by, true)
      })
      expectCode(copy, 'ERR_PREWARM_FMT_TRUNCATED')
    },
  )

  it('is refused when bytes follow the last section', () => {
    const copy = new Uint8Array(file.length + 1)
    copy.set(file)
    expectCode(copy, 'ERR_PREWARM_FMT_INVALID')
  })

  it.each(['', 'Alpha', 'al\0pha', '../alpha', 'älpha', '9alpha'])(
    'is refused when a section is named %j',
    (name) => {
      const copy = edited(file, (_view, bytes) => {
        bytes.fill(0, first, first + 16)
        bytes.set(new TextEncoder().encode(name), first)
      })
      expectCode(copy, 'ERR_PREWARM_FMT_INVALID')
    },
  )
})
