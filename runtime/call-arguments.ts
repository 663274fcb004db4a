import { isUtf8 } from 'node:buffer'
import { types } from 'node:util'
import { limits } from '../formats/limits.ts'
import type { ArgumentCodec } from './argument-codec.ts'

/*
 * Arguments are kept as JSON since objects out of JSON.parse have the hidden class of an object literal with the same keys
 * in the same order; out of v8.deserialize or structuredClone they have another, and V8 would learn what no real call
 * shows it. What JSON.parse cannot make as it was is not kept at all: an instance of a class, an object without a
 * prototype, a frozen one, an array with holes. What stands beside plain data is put in afterwards, which changes no
 * class of the object around it.
 */

/** `{ "$prewarm": "date", "value": 0 }` stands for what JSON has no form for. */
const tagKey = '$prewarm'
const maxDepth = 32
/** More would hardly fit into the text; arrays, maps and sets count once more by their length, before they are looked into. */
const maxValues = limits.bodyBytes / 2

/** What cannot be kept, as in `a function`. */
class Obstacle extends Error {}

/** The arguments as a value that survives JSON, or why there is none: `argument 0: a function`. Never throws. */
export function encodeArguments(
  args: readonly unknown[],
  codec: ArgumentCodec | undefined,
): { readonly value: unknown } | { readonly obstacle: string } {
  const encoder = new Encoder()
  let place = 'serialize()'
  try {
    if (codec !== undefined) return { value: encoder.encode(codec.serialize(args)) }
    const value = args.map((arg, index) => {
      place = `argument ${index}`
      return encoder.encode(arg)
    })
    return { value }
  } catch (error) {
    return { obstacle: `${place}: ${error instanceof Obstacle ? error.message : 'it threw'}` }
  }
}

/** A new argument list each time, since a call may change it. Throws what `deserialize` throws. */
export function decodeArguments(
  text: string,
  codec: ArgumentCodec | undefined,
): readonly unknown[] {
  const parsed: unknown = JSON.parse(text)
  const value = text.includes(tagKey) ? revive(parsed) : parsed
  const args = codec === undefined ? value : codec.deserialize(value)
  if (!Array.isArray(args)) throw new TypeError('The recorded arguments are not a list')
  return args
}

class Encoder {
  #values = 0
  #characters = 0

  encode(value: unknown, depth = 0): unknown {
    if (depth > maxDepth) throw new Obstacle('nested deeper than 32 levels')
    this.#spend(1, 0)
    switch (typeof value) {
      case 'boolean':
        return value
      case 'string':
        this.#spend(0, value.length)
        return value
      case 'number':
        if (Object.is(value, -0)) throw new Obstacle('the number -0')
        if (!Number.isFinite(value)) throw new Obstacle(`the number ${value}`)
        return value
      case 'undefined':
        return tagged('undefined', null)
      case 'object':
        return value === null ? null : this.#encodeObject(value, depth + 1)
      default:
        throw new Obstacle(`a ${typeof value}`)
    }
  }

  #spend(values: number, characters: number): void {
    this.#values += values
    this.#characters += characters
    if (this.#values > maxValues || this.#characters > limits.bodyBytes) {
      throw new Obstacle('more than 64 KiB')
    }
  }

  #encodeObject(value: object, depth: number): unknown {
    if (types.isProxy(value)) throw new Obstacle('a proxy')
    const prototype: unknown = Object.getPrototypeOf(value)
    if (!Object.isExtensible(value)) throw new Obstacle('an object that is frozen or sealed')
    if (prototype === Object.prototype) return Object.fromEntries(this.#entriesOf(value, depth))
    if (prototype === Array.prototype && Array.isArray(value)) return this.#items(value, depth)
    if (prototype === Buffer.prototype) return tagged('buffer', this.#textOf(value as Buffer))
    if (prototype === Uint8Array.prototype) {
      return tagged('bytes', this.#textOf(value as Uint8Array))
    }
    if (prototype === Date.prototype && types.isDate(value)) return encodeDate(value)
    if (prototype === Map.prototype && types.isMap(value)) return this.#encodeMap(value, depth)
    if (prototype === Set.prototype && types.isSet(value)) {
      this.#spend(value.size, 0)
      return tagged('set', this.#items([...withoutExtras(value)], depth))
    }
    throw new Obstacle(classOf(prototype))
  }

  /** Reads no accessor: the recorder runs no code of the application that would not run without it. */
  #entriesOf(value: object, depth: number): [string, unknown][] {
    return Reflect.ownKeys(value).map((key) => {
      const property = Object.getOwnPropertyDescriptor(value, key)
      if (typeof key === 'symbol') throw new Obstacle('a property with a symbol for a name')
      if (key === tagKey) throw new Obstacle(`a property ${tagKey}`)
      if (property?.writable !== true || property.enumerable !== true || !property.configurable) {
        throw new Obstacle('a property that is an accessor, hidden or read-only')
      }
      this.#spend(0, key.length)
      return [key, this.encode(property.value, depth)]
    })
  }

  #items(items: readonly unknown[], depth: number): unknown[] {
    this.#spend(items.length, 0)
    // `length` is a property too.
    if (Reflect.ownKeys(items).length !== items.length + 1) {
      throw new Obstacle('an array with holes or other properties')
    }
    return items.map((item) => this.encode(item, depth))
  }

  /** As an object, so that what its keys name is redacted like properties of that name. */
  #encodeMap(map: Map<unknown, unknown>, depth: number): unknown {
    this.#spend(map.size, 0)
    const entries = [...withoutExtras(map)].map(([key, item]): [string, unknown] => {
      if (typeof key !== 'string') throw new Obstacle('a Map with keys that are no strings')
      this.#spend(0, key.length)
      return [key, this.encode(item, depth)]
    })
    const content = Object.fromEntries(entries)
    if (Object.keys(content).some((key, index) => key !== entries[index]?.[0])) {
      throw new Obstacle('a Map with keys that look like numbers')
    }
    return tagged('map', content)
  }

  /** Bytes that are not text cannot be searched for secrets. */
  #textOf(bytes: Uint8Array): string {
    this.#spend(0, bytes.length)
    if (!isUtf8(bytes)) throw new Obstacle('bytes that are not text')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  }
}

function encodeDate(date: Date): unknown {
  const ms = withoutExtras(date).getTime()
  if (Number.isNaN(ms)) throw new Obstacle('an invalid Date')
  return tagged('date', ms)
}

function withoutExtras<T extends object>(value: T): T {
  if (Reflect.ownKeys(value).length > 0) throw new Obstacle('a Date, Map or Set with properties')
  return value
}

function tagged(tag: string, value: unknown): unknown {
  return { [tagKey]: tag, value }
}

/** Replaces what stands for something else where it stands, so that all around it stays what JSON.parse has made. */
function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, unknown>
  for (const key of Object.keys(holder)) {
    const before = holder[key]
    const after = revive(before)
    if (after !== before) holder[key] = after
  }
  if (!Object.hasOwn(holder, tagKey)) return holder
  return untagged(holder[tagKey], holder['value'])
}

function untagged(tag: unknown, value: unknown): unknown {
  switch (tag) {
    case 'undefined':
      return undefined
    case 'date':
      return new Date(value as number)
    case 'map':
      return new Map(Object.entries(value as object))
    case 'set':
      return new Set(value as unknown[])
    case 'buffer':
      return Buffer.from(value as string, 'utf8')
    case 'bytes':
      return new Uint8Array(Buffer.from(value as string, 'utf8'))
    default:
      throw new TypeError(`Unknown form ${String(tag)} in recorded arguments`)
  }
}

/** `an instance of Job`, by the class's own name and no accessor. */
function classOf(prototype: unknown): string {
  if (typeof prototype !== 'object' || prototype === null) return 'an object without a prototype'
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  const name: unknown =
    typeof constructor === 'function'
      ? Object.getOwnPropertyDescriptor(constructor, 'name')?.value
      : undefined
  return typeof name === 'string' && name !== ''
    ? `an instance of ${name}`
    : 'an instance of a class'
}
