import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeProfile } from './codec.ts'
import { toPprof } from './pprof.ts'

const profile = decodeProfile(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))

/** Values of each field of a protobuf message, by its number; those that have a length are bytes. */
function fieldsOf(bytes: Uint8Array): Map<number, (bigint | Uint8Array)[]> {
  const fields = new Map<number, (bigint | Uint8Array)[]>()
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const key = Number(varint(bytes, cursor))
    const type = key & 7
    if (type !== 0 && type !== 2) throw new Error(`wire type ${type} at ${cursor.at}`)
    let value: bigint | Uint8Array = varint(bytes, cursor)
    if (type === 2) {
      const end = cursor.at + Number(value)
      if (end > bytes.length) throw new Error(`a field ends after its message, at ${cursor.at}`)
      value = bytes.subarray(cursor.at, end)
      cursor.at = end
    }
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value])
  }
  return fields
}

function varint(bytes: Uint8Array, cursor: { at: number }): bigint {
  for (let value = 0n, shift = 0n; ; shift += 7n) {
    const byte = bytes[cursor.at++]
    if (byte === undefined) throw new Error('a number is cut off')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
}

function packed(bytes: bigint | Uint8Array | undefined): number[] {
  const values: number[] = []
  const cursor = { at: 0 }
  if (!(bytes instanceof Uint8Array)) throw new Error('not packed')
  while (cursor.at < bytes.length) values.push(Number(varint(bytes, cursor)))
  return values
}

/** By the field numbers of profile.proto. */
function read(bytes: Uint8Array) {
  const file = fieldsOf(bytes)
  const messages = (number: number) =>
    (file.get(number) ?? []).map((each) => fieldsOf(each as Uint8Array))
  const strings = (file.get(6) ?? []).map((each) => new TextDecoder().decode(each as Uint8Array))
  const one = (message: ReturnType<typeof fieldsOf>, number: number): number =>
    Number(message.get(number)?.[0] ?? 0n)
  const textOf = (message: ReturnType<typeof fieldsOf>, number: number): string | undefined =>
    strings[one(message, number)]
  const functions = new Map(
    messages(5).map((each) => [
      one(each, 1),
      { name: textOf(each, 2), file: textOf(each, 4), line: one(each, 5) },
    ]),
  )
  const mappings = new Set(messages(3).map((each) => one(each, 1)))
  const locations = new Map(
    messages(4).map((each) => {
      expect(mappings).toContain(one(each, 2))
      const line = fieldsOf(each.get(4)?.[0] as Uint8Array)
      return [one(each, 1), { ...functions.get(one(line, 1)), column: one(line, 3) }]
    }),
  )
  const valueTypes = (number: number) =>
    messages(number).map((each) => `${textOf(each, 1) ?? ''}/${textOf(each, 2) ?? ''}`)
  return {
    strings,
    sampleTypes: valueTypes(1),
    periodTypes: valueTypes(11),
    samples: messages(2).map((each) => ({
      stack: packed(each.get(1)?.[0]).map((id) => locations.get(id)),
      values: packed(each.get(2)?.[0]),
    })),
    timeNanos: file.get(9)?.[0],
    durationNanos: file.get(10)?.[0],
    period: file.get(12)?.[0],
    comments: packed(file.get(13)?.[0]).map((index) => strings[index]),
    defaultType: strings[Number(file.get(14)?.[0])],
  }
}

test('has one sample for each function, with its samples and its time', () => {
  const { samples, sampleTypes, defaultType } = read(toPprof(profile))
  expect(sampleTypes).toEqual(['samples/count', 'cpu/nanoseconds'])
  expect(defaultType).toBe('cpu')
  const sorted = [...profile.functions].sort((a, b) => b.selfMs - a.selfMs)
  expect(samples).toEqual(
    sorted.map(({ name, module, line, column, samples: count, selfMs }) => ({
      stack: [{ name: name || '(anonymous)', file: profile.modules[module]?.path, line, column }],
      values: [count, selfMs * 1e6],
    })),
  )
})

test('says when and how long, and that there are no stacks', () => {
  const { timeNanos, durationNanos, period, periodTypes, comments, strings } = read(
    toPprof(profile),
  )
  expect(strings[0]).toBe('')
  expect(timeNanos).toBe(BigInt(Date.parse(profile.meta.createdAt)) * 1_000_000n)
  expect(durationNanos).toBe(BigInt(Math.round(profile.meta.durationMs)) * 1_000_000n)
  expect([periodTypes, period]).toEqual([['cpu/nanoseconds'], 1_000_000n])
  expect(comments[0]).toContain('no stacks')
})

test('holds what a file may claim', () => {
  const [first] = profile.functions
  if (first === undefined) throw new Error('The fixture has no functions')
  const huge = {
    ...first,
    name: 'ünï\n'.repeat(100),
    samples: Number.MAX_SAFE_INTEGER,
    selfMs: 1e300,
  }
  const meta = {
    ...profile.meta,
    createdAt: 'never',
    durationMs: 1e300,
    samplingMicros: 2 ** 53 - 1,
  }
  const { samples, timeNanos } = read(toPprof({ ...profile, meta, functions: [huge] }))
  expect(samples[0]?.stack[0]?.name).toBe(huge.name)
  expect(samples[0]?.values).toEqual([huge.samples, 86_400e12 / 1000])
  expect(timeNanos).toBeUndefined()
})
