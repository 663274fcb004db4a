import { PrewarmError } from './errors.ts'
import { limits } from './limits.ts'

/**
 * Reads one MessagePack value that takes up the whole of `input`; bytes inside it are views into `input`. Throws
 * `ERR_PREWARM_FMT_INVALID` or `ERR_PREWARM_FMT_LIMIT` and allocates nothing for what is only claimed: lengths beyond
 * the end or over a limit, deep nesting, too many values. Extension types, keys that are not strings, the key
 * `__proto__` and bytes left over are refused.
 *
 * Hand-written since a replayer reads with code that has never run: a general decoder builds short strings character
 * by character, and needs a second walk that keeps it from allocating what a hostile file claims.
 * Layout: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function decodeMessagePack(input: Uint8Array, at: string): unknown {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const buffer = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  let position = 0
  let values = 0

  const invalid = (what: string): never => {
    throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `${at}: ${what}`)
  }
  const overLimit = (what: string): never => {
    throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${at}: ${what}`)
  }
  /** Where the next `count` bytes begin. */
  const take = (count: number): number => {
    const start = position
    position += count
    if (position > input.length) invalid('a value runs past the end')
    return start
  }
  const size = (width: 1 | 2 | 4): number => {
    const start = take(width)
    return width === 1
      ? view.getUint8(start)
      : width === 2
        ? view.getUint16(start)
        : view.getUint32(start)
  }
  const text = (length: number): string => {
    const start = take(length)
    // A UTF-16 code unit takes three bytes of UTF-8 at most; the schema counts the units themselves.
    if (length > 3 * limits.stringLength) overLimit(`a string of ${length} bytes`)
    return buffer.toString('utf8', start, position)
  }
  const bytes = (length: number): Uint8Array => {
    const start = take(length)
    return input.subarray(start, position)
  }
  const enter = (entries: number, valuesEach: 1 | 2, depth: number): void => {
    // Every value takes a byte at least, so an honest count never exceeds what is left.
    if (entries * valuesEach > input.length - position) invalid('a value runs past the end')
    if (entries > limits.entries) overLimit(`${entries} entries`)
    if (entries > 0 && depth >= limits.depth) overLimit(`nested deeper than ${limits.depth}`)
  }
  const list = (length: number, depth: number): unknown[] => {
    enter(length, 1, depth)
    const entries: unknown[] = []
    for (let index = 0; index < length; index++) entries.push(value(depth + 1))
    return entries
  }
  const map = (length: number, depth: number): Record<string, unknown> => {
    enter(length, 2, depth)
    const fields: Record<string, unknown> = {}
    for (let index = 0; index < length; index++) {
      const key = value(depth + 1)
      if (typeof key !== 'string') return invalid('a key is not a string')
      if (key === '__proto__') invalid('the key __proto__ is not allowed')
      fields[key] = value(depth + 1)
    }
    return fields
  }
  const value = (depth: number): unknown => {
    if (++values > limits.values) overLimit(`more than ${limits.values} values`)
    const tag = view.getUint8(take(1))
    if (tag <= 0x7f) return tag
    if (tag <= 0x8f) return map(tag & 0x0f, depth)
    if (tag <= 0x9f) return list(tag & 0x0f, depth)
    if (tag <= 0xbf) return text(tag & 0x1f)
    if (tag >= 0xe0) return tag - 0x100
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return bytes(size(1))
      case 0xc5:
        return bytes(size(2))
      case 0xc6:
        return bytes(size(4))
      case 0xca:
        return view.getFloat32(take(4))
      case 0xcb:
        return view.getFloat64(take(8))
      case 0xcc:
        return view.getUint8(take(1))
      case 0xcd:
        return view.getUint16(take(2))
      case 0xce:
        return view.getUint32(take(4))
      case 0xcf:
        return Number(view.getBigUint64(take(8)))
      case 0xd0:
        return view.getInt8(take(1))
      case 0xd1:
        return view.getInt16(take(2))
      case 0xd2:
        return view.getInt32(take(4))
      case 0xd3:
        return Number(view.getBigInt64(take(8)))
      case 0xd9:
        return text(size(1))
      case 0xda:
        return text(size(2))
      case 0xdb:
        return text(size(4))
      case 0xdc:
        return list(size(2), depth)
      case 0xdd:
        return list(size(4), depth)
      case 0xde:
        return map(size(2), depth)
      case 0xdf:
        return map(size(4), depth)
      default:
        return invalid(`type byte 0x${tag.toString(16)} is not used in profiles`)
    }
  }

  const found = value(0)
  if (position !== input.length) invalid(`${input.length - position} bytes left over`)
  return found
}
