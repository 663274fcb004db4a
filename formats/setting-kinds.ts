/** Makes a path absolute, from where it was written: the working folder, or that of the configuration file. */
export type Resolve = (path: string) => string

/** How the text of a variable, or a value in a configuration file, becomes the value of a setting. */
export interface Kind<Value, Input> {
  /** What a configuration file may hold, for people. */
  readonly type: string
  /** Completes the sentence `Expected ...`. */
  readonly expected: string
  /** undefined: it cannot be used. */
  parse(given: unknown, resolve: Resolve): Value | undefined
  /** What a configuration file may hold, for TypeScript; never there. */
  readonly input?: Input
}

/** Longest delay of a timer, ms: Node shortens a longer one to 1 ms. */
export const maxTimeoutMs = 2 ** 31 - 1

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** In milliseconds; both ends included. */
export function duration(smallestMs: number): Kind<number, number | string> {
  return {
    type: 'duration',
    expected: `500ms, 2s or 1m, from ${smallestMs}ms to ${maxTimeoutMs}ms`,
    parse(given) {
      const [, whole, decimal, unit] =
        /^(?:(\d+)|(\d+(?:\.\d+)?)\s*(ms|s|m))$/.exec(plainText(given)) ?? []
      const ms = Number(whole ?? decimal) * (unitMs[unit ?? 'ms'] ?? NaN)
      return ms >= smallestMs && ms <= maxTimeoutMs ? ms : undefined
    },
  }
}

/** Both ends included. */
export function wholeNumber(
  smallest: number,
  largest: number = Number.MAX_SAFE_INTEGER,
): Kind<number, number> {
  return {
    type: 'whole number',
    expected: `a whole number from ${smallest} to ${largest}`,
    parse(given) {
      const text = plainText(given)
      const value = Number(text)
      return /^\d+$/.test(text) && value >= smallest && value <= largest ? value : undefined
    },
  }
}

export function choice<const T extends readonly string[]>(
  ...values: T
): Kind<T[number], T[number]> {
  const expected = `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`
  return {
    type: values.map((value) => `\`${value}\``).join(', '),
    expected,
    parse: (given) => values.find((value) => value === given),
  }
}

/** In one text they have commas between them; those of a list may have commas inside. */
export const names: Kind<readonly string[], readonly string[]> = {
  type: 'list',
  expected: 'a list of names',
  parse(given) {
    const entries: unknown = typeof given === 'string' ? given.split(',') : given
    if (!Array.isArray(entries)) return undefined
    const texts = entries.filter((entry): entry is string => typeof entry === 'string')
    if (texts.length < entries.length) return undefined
    return texts.map((entry) => entry.trim()).filter((entry) => entry !== '')
  },
}

/** Others than `x-` ones would do something to the connection, or to how the request is understood. */
export const headerName: Kind<string, string> = {
  type: 'header name',
  expected: 'a name that begins with x-',
  parse(given) {
    const name = plainText(given).toLowerCase()
    return /^x-[\w-]{1,60}$/.test(name) ? name : undefined
  },
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
])

export const flag: Kind<boolean, boolean> = {
  type: '`true`, `false`',
  expected: '1 or 0, true or false',
  parse: (given) => flags.get(String(given)),
}

/** Absolute once it is parsed. */
export const filePath: Kind<string, string> = {
  type: 'path',
  expected: 'a path',
  parse: (given, resolve) =>
    typeof given === 'string' && given !== '' ? resolve(given) : undefined,
}

/** An absolute path, or `off`. */
export const filePathOrOff: Kind<string, string> = {
  type: 'path, `off`',
  expected: 'a path or off',
  parse: (given, resolve) => (given === 'off' ? given : filePath.parse(given, resolve)),
}

function plainText(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number' ? String(given) : ''
}
