import { readFileSync } from 'node:fs'
import { decode, encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { decodeProfile } from './codec.ts'
import { effectSchema } from './effects.ts'
import * as profileModule from './profile.ts'
import { sections, type SectionName } from './profile.ts'
import type { RecordSchema, Schema } from './schema.ts'

const small = decodeProfile(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))
const place = { route: 0, exemplar: 0 }
const latency = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 }
/** Every kind of record is in it. */
const profile = {
  ...small,
  resolutions: [{ from: 0, specifier: './db', how: 'require', to: 0 }],
  ledger: [
    {
      ...place,
      outcome: 'passed',
      status: 200,
      effects: [{ kind: 'redis', access: 'read', target: 'localhost:6379' }],
      note: '',
    },
  ],
  tapes: [
    {
      ...place,
      method: 'GET',
      url: 'http://stock/1',
      status: 200,
      headers: [],
      body: new Uint8Array(2),
    },
  ],
  work: [
    {
      name: 'resize',
      count: 1,
      cold: latency,
      steady: latency,
      samples: [{ arguments: '[]', outcome: 'returned', tried: 'passed', effects: [], note: '' }],
      unreplayable: 0,
      obstacle: '',
    },
  ],
} as const
const names = Object.keys(sections) as SectionName[]

function expectRefused(read: () => unknown, what: string): void {
  expect(read, what).toThrow(
    expect.objectContaining({ name: 'PrewarmError', code: 'ERR_PREWARM_FMT_INVALID' }),
  )
}

describe('a field of the wrong type', () => {
  const isRecord = (value: unknown): value is RecordSchema<unknown> =>
    typeof value === 'object' && value !== null && 'fields' in value
  const exported: readonly unknown[] = [...Object.values(profileModule), effectSchema]
  const records = new Map(exported.filter(isRecord).map((schema) => [schema.name, schema]))
  const listOf = (type: string): string =>
    type.replace(/^(list|table) of /, '').replace(/, or nil$/, '')

  // As files are read: bytes inside a Buffer decode to Buffers, which have more properties than Uint8Arrays.
  const throughFile = (value: unknown): unknown => decode(Buffer.from(encode(value)))

  const isOptional = (type: string): boolean => type.endsWith(', or absent')

  /** What the name of a type in FORMAT.md promises, written down a second time. */
  const accepts = (type: string, value: unknown): boolean => {
    if (isOptional(type)) return accepts(type.slice(0, -', or absent'.length), value)
    if (type.endsWith(', or nil')) return value === null || accepts(type.slice(0, -8), value)
    if (type === 'string') return typeof value === 'string'
    if (type === 'SHA-256, hex') return value === 'ab'.repeat(32)
    if (type === 'number >= 0') return value === 1.5 || value === 2 ** 60
    if (type === 'integer >= 0') return false
    if (type === 'bytes') return value instanceof Uint8Array
    if (type.startsWith('list of ')) return Array.isArray(value) && value.length === 0
    if (type.startsWith('"')) return false
    if (!records.has(type)) throw new Error(`unknown type ${type}`)
    return false
  }
  const wrong: readonly unknown[] = [
    NaN,
    Infinity,
    -Infinity,
    -1,
    -0.5,
    1.5,
    2 ** 60,
    'text',
    'ab'.repeat(32),
    'AB'.repeat(32),
    true,
    null,
    new Uint8Array(100),
    [],
    [[]],
    [null],
    {},
    { length: 1 },
  ]

  /** Every record of a section with its type, found through the schemas. */
  function* recordsIn(value: unknown, type: string): Generator<[RecordSchema<unknown>, object]> {
    if (value === null) return
    if (Array.isArray(value)) {
      for (const entry of value) yield* recordsIn(entry, listOf(type))
      return
    }
    const schema = records.get(listOf(type))
    if (schema === undefined || typeof value !== 'object') return
    yield [schema, value]
    for (const [key, [field]] of Object.entries(schema.fields)) {
      yield* recordsIn((value as Record<string, unknown>)[key], field.type)
    }
  }

  it('is refused, whichever field and whichever value', () => {
    const tried = new Set<string>()
    for (const name of names) {
      const schema: Schema<unknown> = sections[name]
      const content: unknown = structuredClone(profile[name])
      // A table has no place for most wrong values: it refuses to be written. table.test.ts has what can be read.
      const read = (): unknown =>
        schema.pack?.(content, name) ?? schema.parse(throughFile(content), name)
      for (const [{ name: type, fields }, place] of recordsIn(content, schema.type)) {
        const target = place as Record<string, unknown>
        for (const [key, [field]] of Object.entries(fields)) {
          const before = target[key]
          for (const value of wrong) {
            const what = `${type}.${key} as ${JSON.stringify(value)}`
            target[key] = value
            if (accepts(field.type, value)) expect(read, what).not.toThrow()
            else expectRefused(read, what)
          }
          Reflect.deleteProperty(target, key)
          if (isOptional(field.type)) expect(read).not.toThrow()
          else expectRefused(read, `${type}.${key} left out`)
          if (before !== undefined) target[key] = before
          tried.add(`${type}.${key}`)
        }
      }
    }
    const all = [...records.values()].flatMap((schema) =>
      Object.keys(schema.fields).map((key) => `${schema.name}.${key}`),
    )
    expect([...tried].sort()).toEqual(all.sort())
  })
})
