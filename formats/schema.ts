import { PrewarmError } from './errors.ts'
import { limits } from './limits.ts'

/**
 * Schemas as values: one declaration gives the TypeScript type, the check of a decoded file and the tables of
 * FORMAT.md. Hand-written since the replayer's bundle pays for every kilobyte at each start.
 */
export interface Schema<T> {
  /** How FORMAT.md names the type. */
  readonly type: string
  /** How a field of this type is stored in a table; absent: it cannot be in one. */
  readonly column?: Column
  /** Returns a decoded `value` with its type, or throws `ERR_PREWARM_FMT_INVALID` naming the place. */
  parse(value: unknown, at: string): T
  /** What to encode for `value`, checked; absent: `value` itself. Asked of whole sections only. */
  pack?(value: T, at: string): unknown
}

export type Column = 'text' | 'number' | 'sha256' | { readonly choices: readonly string[] }

export type Infer<S> = S extends Schema<infer T> ? T : never

function refuse(at: string, expected: string, value: unknown): never {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeName(value)
  throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `${at}: expected ${expected}, found ${shown}`)
}

function typeName(value: unknown): string {
  if (value === null) return 'nil'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`
}

export const text: Schema<string> = {
  type: 'string',
  column: 'text',
  parse(value, at) {
    if (typeof value !== 'string') refuse(at, 'a string', value)
    if (value.length > limits.stringLength) {
      throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${at}: ${value.length} characters`)
    }
    return value
  },
}

/** A SHA-256 in lower-case hexadecimal. All zeros are not one: they stand for nil in a table. */
export const sha256Hex: Schema<string> = {
  type: 'SHA-256, hex',
  column: 'sha256',
  parse(value, at) {
    if (typeof value !== 'string' || !/^(?!0{64})[0-9a-f]{64}$/.test(value)) {
      refuse(at, 'a SHA-256', value)
    }
    return value
  },
}

/** A finite number, zero or more: durations, counts of milliseconds. */
export const amount: Schema<number> = {
  type: 'number >= 0',
  column: 'number',
  parse(value, at) {
    if (typeof value !== 'number' || !(value >= 0) || value === Infinity) {
      refuse(at, 'a number >= 0', value)
    }
    return value
  },
}

/** A finite number of either sign. */
export const number: Schema<number> = {
  type: 'number',
  column: 'number',
  parse(value, at) {
    if (typeof value !== 'number' || !Number.isFinite(value)) refuse(at, 'a number', value)
    return value
  },
}

/** A whole number, zero or more, exactly representable. */
export const whole: Schema<number> = {
  type: 'integer >= 0',
  column: 'number',
  parse(value, at) {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      refuse(at, 'an integer >= 0', value)
    }
    return value
  },
}

export const bytes: Schema<Uint8Array> = {
  type: 'bytes',
  parse(value, at) {
    if (!(value instanceof Uint8Array)) refuse(at, 'bytes', value)
    return value
  },
}

export function oneOf<const T extends readonly string[]>(...values: T): Schema<T[number]> {
  return {
    type: values.map((value) => `"${value}"`).join(' or '),
    column: { choices: values },
    parse(value, at) {
      if (!values.includes(value as string)) refuse(at, `one of ${values.join(', ')}`, value)
      return value as T[number]
    },
  }
}

export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return {
    type: `${inner.type}, or nil`,
    ...(inner.column === 'number' || inner.column === 'sha256' ? { column: inner.column } : {}),
    parse: (value, at) => (value === null ? null : inner.parse(value, at)),
  }
}

/** A field that most records of its kind do without. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return {
    type: `${inner.type}, or absent`,
    parse: (value, at) => (value === undefined ? undefined : inner.parse(value, at)),
  }
}

export function list<T>(
  inner: Schema<T>,
  maxEntries: number = limits.entries,
): Schema<readonly T[]> {
  return {
    type: `list of ${inner.type}`,
    parse(value, at) {
      if (!Array.isArray(value)) refuse(at, 'an array', value)
      if (value.length > maxEntries) {
        throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${at}: ${value.length} entries`)
      }
      for (let index = 0; index < value.length; index++)
        inner.parse(value[index], `${at}[${index}]`)
      return value as T[]
    },
  }
}

/** One field of a record: its schema and the sentence that FORMAT.md prints beside it. */
export type Field<T = unknown> = readonly [schema: Schema<T>, meaning: string]

export interface RecordSchema<T> extends Schema<T> {
  readonly name: string
  readonly fields: Readonly<Record<string, Field>>
}

type Fields = Readonly<Record<string, Field>>

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends Infer<F[K][0]> ? K : never
}[keyof F]

type RecordOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K][0]>
} & { readonly [K in OptionalKeys<F>]?: Exclude<Infer<F[K][0]>, undefined> }

/** A MessagePack map. Every field that is not optional must be there; unknown keys are left alone for the sake of later minor versions. */
export function record<const F extends Readonly<Record<string, Field>>>(
  name: string,
  fields: F,
): RecordSchema<RecordOf<F>> {
  const entries = Object.entries(fields)
  return {
    name,
    type: name,
    fields,
    parse(value, at) {
      // A Buffer is an object too, and has fields of its own: `length`, `offset`.
      if (
        typeof value !== 'object' ||
        value === null ||
        Array.isArray(value) ||
        value instanceof Uint8Array
      ) {
        refuse(at, `a map (${name})`, value)
      }
      for (const [key, [schema]] of entries) {
        schema.parse((value as Record<string, unknown>)[key], `${at}.${key}`)
      }
      return value as RecordOf<F>
    },
  }
}
