import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from './limits.ts'
import { decodeMessagePack } from './msgpack.ts'
import { amount, nullable, oneOf, record, sha256Hex, text, whole, type Infer } from './schema.ts'
import { table } from './table.ts'

const fruitSchema = record('Fruit', {
  name: [text, ''],
  kind: [oneOf('apple', 'pear', 'plum'), ''],
  grams: [amount, ''],
  seeds: [whole, ''],
  ripeAtMs: [nullable(amount), ''],
  picker: [nullable(whole), ''],
  hash: [sha256Hex, ''],
  label: [nullable(sha256Hex), ''],
})
type Fruit = Infer<typeof fruitSchema>
const fruits = table(fruitSchema)

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) => Buffer.from(bytes).toString('hex'))
const grams = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
const fruit: fc.Arbitrary<Fruit> = fc.record({
  name: fc.string({ unit: 'binary' }),
  kind: fc.constantFrom('apple', 'pear', 'plum'),
  grams,
  seeds: fc.maxSafeInteger().map(Math.abs),
  ripeAtMs: fc.option(grams),
  picker: fc.option(fc.nat()),
  hash,
  label: fc.option(hash),
})

const pear: Fruit = {
  name: 'pear',
  kind: 'pear',
  grams: 180.5,
  seeds: 7,
  ripeAtMs: null,
  picker: 3,
  hash: 'ab'.repeat(32),
  label: null,
}

/** As a file gives it: views with any alignment. */
function throughFile(stored: unknown): unknown {
  return decodeMessagePack(encode(stored), 'fruits')
}

function readBack(rows: readonly Fruit[]): readonly Fruit[] {
  return fruits.parse(throughFile(fruits.pack?.(rows, 'fruits')), 'fruits')
}

/** Two pears as they are stored, one column or the number of rows replaced. */
function storedWith(change: Readonly<Record<string, unknown>>): unknown {
  return throughFile({ ...(fruits.pack?.([pear, pear], 'fruits') as object), ...change })
}

function refusal(code: string, message: string): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(message) as unknown })
}

describe('a table', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fruit), (rows) => {
        expect(readBack(rows)).toEqual(rows)
      }),
    )
  })

  it('may have no rows', () => {
    expect(readBack([])).toEqual([])
  })

  it('keeps texts apart, whatever characters they begin and end with', () => {
    const names = [
      '\uFEFFa',
      '',
      '\0',
      '\u{1F347}',
      'e\u0301',
      '\u0301',
      '\uFEFF',
      'x'.repeat(5000),
    ]
    const rows = names.map((name) => ({ ...pear, name }))
    expect(readBack(rows).map(({ name }) => name)).toEqual(names)
  })

  it('reads half a surrogate pair as U+FFFD and leaves its neighbours alone', () => {
    const rows = ['a\uD83C', 'b', '\uDF47c'].map((name) => ({ ...pear, name }))
    expect(readBack(rows).map(({ name }) => name)).toEqual(['a\uFFFD', 'b', '\uFFFDc'])
  })

  it('ignores columns that it does not know', () => {
    expect(fruits.parse(storedWith({ later: new Uint8Array(1) }), 'fruits')).toEqual([pear, pear])
  })

  it('is not written with a row that its record refuses', () => {
    const rows = [pear, { ...pear, seeds: 0.5 }]
    expect(() => fruits.pack?.(rows, 'fruits')).toThrow(
      refusal('ERR_PREWARM_FMT_INVALID', 'fruits[1].seeds: expected an integer >= 0, found 0.5'),
    )
  })

  it('is not written with the hash that stands for nil', () => {
    expect(() => fruits.pack?.([{ ...pear, label: '0'.repeat(64) }], 'fruits')).toThrow(
      refusal('ERR_PREWARM_FMT_INVALID', 'fruits[0].label: expected a SHA-256'),
    )
  })

  it('cannot be made of a record with a field that fits into no column', () => {
    const nested = record('Basket', { fruit: [fruitSchema, ''] })
    expect(() => table(nested)).toThrow('Basket.fruit fits into no column')
    const optional = record('Basket', { owner: [nullable(text), ''] })
    expect(() => table(optional)).toThrow('Basket.owner fits into no column')
  })
})

describe('a stored table', () => {
  const numbers = (...values: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(8 * values.length))
    values.forEach((value, row) => {
      view.setFloat64(8 * row, value, true)
    })
    return new Uint8Array(view.buffer)
  }
  const texts = (lengths: readonly number[], all: string): unknown => {
    const view = new DataView(new ArrayBuffer(4 * lengths.length))
    lengths.forEach((length, row) => {
      view.setUint32(4 * row, length, true)
    })
    return { lengths: new Uint8Array(view.buffer), text: Buffer.from(all) }
  }

  it('is read from what FORMAT.md describes', () => {
    const stored = storedWith({
      name: texts([2, 1], 'aé☕'),
      kind: Uint8Array.of(2, 0),
      grams: numbers(0.25, 1e300),
      picker: numbers(NaN, 5),
      label: Uint8Array.from({ length: 64 }, (_, at) => (at < 32 ? 0 : 0xc0)),
    })
    expect(fruits.parse(stored, 'fruits')).toEqual([
      { ...pear, name: 'aé', kind: 'plum', grams: 0.25, picker: null },
      { ...pear, name: '☕', kind: 'apple', grams: 1e300, picker: 5, label: 'c0'.repeat(32) },
    ])
  })

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no number of rows', { rows: null }, 'fruits.rows: expected an integer'],
    ['half a row', { rows: 1.5 }, 'fruits.rows: expected an integer'],
    ['more rows than cells', { rows: 3 }, 'fruits[].name.lengths: 8 bytes for 3 rows of 4'],
    ['fewer rows than cells', { rows: 1 }, 'fruits[].name.lengths: 8 bytes for 1 rows of 4'],
    ['a column that is missing', { grams: undefined }, 'fruits[].grams: expected bytes, found nil'],
    ['a column of plain numbers', { grams: [1, 2] }, 'fruits[].grams: expected bytes'],
    ['a column that is cut off', { grams: new Uint8Array(15) }, '15 bytes for 2 rows of 8'],
    [
      'a column of hashes that is cut off',
      { hash: new Uint8Array(63) },
      '63 bytes for 2 rows of 32',
    ],
    [
      'a column of choices that is too long',
      { kind: new Uint8Array(3) },
      '3 bytes for 2 rows of 1',
    ],
    [
      'nil where it is not allowed',
      { grams: numbers(1, NaN) },
      'fruits[].grams: expected a number',
    ],
    [
      'no hash where it is not allowed',
      { hash: new Uint8Array(64) },
      'fruits[].hash: expected a SHA',
    ],
    [
      'a negative amount',
      { ripeAtMs: numbers(1, -1) },
      'fruits[].ripeAtMs: expected a number >= 0',
    ],
    ['an infinite amount', { grams: numbers(Infinity, 1) }, 'fruits[].grams: expected a number'],
    [
      'a fraction',
      { seeds: numbers(1, 1.5) },
      'fruits[].seeds: expected an integer >= 0, found 1.5',
    ],
    ['a number that is not exact', { picker: numbers(2 ** 53, 1) }, 'fruits[].picker: expected an'],
    [
      'a choice that is none',
      { kind: Uint8Array.of(0, 3) },
      'fruits[].kind: expected one of apple',
    ],
    ['texts that are plain text', { name: 'ab' }, 'fruits[].name: expected a map'],
    [
      'texts without lengths',
      { name: { text: new Uint8Array(2) } },
      'name.lengths: expected bytes',
    ],
    ['texts without text', { name: { lengths: new Uint8Array(8) } }, 'name.text: expected bytes'],
    ['lengths beyond the text', { name: texts([1, 2], 'ab') }, 'fruits[].name: 3 of 2 code units'],
    ['lengths that leave text over', { name: texts([1, 0], 'ab') }, '1 of 2 code units'],
    [
      'lengths beyond any text',
      { name: texts([2 ** 32 - 1, 2 ** 32 - 1], 'ab') },
      'of 2 code units',
    ],
  ])('is refused with %s', (_title, change, message) => {
    expect(() => fruits.parse(storedWith(change), 'fruits')).toThrow(
      refusal('ERR_PREWARM_FMT_INVALID', message),
    )
  })

  it('is refused with more rows than the limit, before anything is made of them', () => {
    const rows = limits.entries + 1
    expect(() => fruits.parse({ rows }, 'fruits')).toThrow(
      refusal('ERR_PREWARM_FMT_LIMIT', `fruits: ${rows} rows`),
    )
  })

  it('is refused with a text over the limit', () => {
    const length = limits.stringLength + 1
    expect(() =>
      fruits.parse(storedWith({ name: texts([0, length], 'x'.repeat(length)) }), 'fruits'),
    ).toThrow(refusal('ERR_PREWARM_FMT_LIMIT', `fruits[].name: ${length} characters`))
  })

  it('gives a coded error or rows, whatever its bytes are', () => {
    const bytes = fc.uint8Array({ maxLength: 20 })
    const change = fc.record(
      {
        rows: fc.oneof(fc.nat(3), fc.double()),
        name: fc.oneof(bytes, fc.record({ lengths: bytes, text: bytes })),
        kind: bytes,
        seeds: fc.uint8Array({ minLength: 16, maxLength: 16 }),
        hash: fc.uint8Array({ minLength: 64, maxLength: 64 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(change, (changes) => {
        try {
          expect(fruits.parse(storedWith(changes), 'fruits')).toHaveLength(2)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_PREWARM_FMT_INVALID' })
        }
      }),
    )
  })
})
