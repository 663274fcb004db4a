import type { Profile } from './profile.ts'
import { selfTimes, stacklessNote } from './self-times.ts'

/*
 * Numbers of fields are those of https://github.com/google/pprof/blob/main/proto/profile.proto; the encoding is that of
 * https://protobuf.dev/programming-guides/encoding/. There are few enough fields to need no library.
 */

/** A profile for `go tool pprof` and what reads its files, not compressed: each function as one sample without callers. */
export function toPprof(profile: Pick<Profile, 'functions' | 'modules' | 'meta'>): Uint8Array {
  const { meta } = profile
  const strings = new Map<string, number>([['', 0]])
  const text = (value: string): number => {
    const index = strings.get(value) ?? strings.size
    strings.set(value, index)
    return index
  }
  const valueType = (type: string, unit: string): Encoded =>
    message(whole(1, text(type)), whole(2, text(unit)))
  const entries = selfTimes(profile)
  const createdMs = Date.parse(meta.createdAt)
  const parts = [
    nested(1, valueType('samples', 'count')),
    nested(1, valueType('cpu', 'nanoseconds')),
    // One that has names, files and lines, so that nobody looks for a binary to have them from.
    nested(
      3,
      message(whole(1, 1), whole(5, text(meta.appId)), whole(7, 1), whole(8, 1), whole(9, 1)),
    ),
    ...entries.flatMap((entry, index) => {
      // Ids are not 0.
      const id = index + 1
      const name = text(entry.name || '(anonymous)')
      return [
        nested(2, message(packed(1, [id]), packed(2, [entry.samples, entry.selfMicros * 1000]))),
        nested(
          4,
          message(
            whole(1, id),
            whole(2, 1),
            nested(4, message(whole(1, id), whole(2, entry.line), whole(3, entry.column))),
          ),
        ),
        nested(
          5,
          message(
            whole(1, id),
            whole(2, name),
            whole(3, name),
            whole(4, text(entry.file)),
            whole(5, entry.line),
          ),
        ),
      ]
    }),
    ...(Number.isNaN(createdMs) ? [] : [bigWhole(9, BigInt(createdMs) * 1_000_000n)]),
    bigWhole(
      10,
      BigInt(Math.round(Math.min(meta.durationMs, Number.MAX_SAFE_INTEGER))) * 1_000_000n,
    ),
    nested(11, valueType('cpu', 'nanoseconds')),
    whole(12, meta.samplingMicros * 1000),
    packed(13, [text(stacklessNote), text(`${meta.appId}, Node ${meta.node}`)]),
    whole(14, text('cpu')),
  ]
  // After all others: only now is every text known.
  const table = [...strings.keys()].map((each) => nested(6, [...new TextEncoder().encode(each)]))
  return joined([...parts, ...table])
}

type Encoded = readonly number[]

function message(...fields: readonly Encoded[]): Encoded {
  return fields.flat()
}

function whole(field: number, value: number): Encoded {
  return [...varint(field << 3), ...varint(value)]
}

function bigWhole(field: number, value: bigint): Encoded {
  return [...varint(field << 3), ...bigVarint(value)]
}

function packed(field: number, values: readonly number[]): Encoded {
  return nested(field, values.flatMap(varint))
}

/** Strings, messages and packed lists have their length before them. */
function nested(field: number, content: Encoded): Encoded {
  return [...varint((field << 3) | 2), ...varint(content.length), ...content]
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  return value > 0x7fffffff ? bigVarint(BigInt(value)) : bytesOf(value)
}

function bytesOf(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

function bigVarint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value < 0n ? 0n : BigInt.asUintN(63, value)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

function joined(parts: readonly Encoded[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
