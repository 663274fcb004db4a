import { hasSecret, hasTokenShape, matcherOf, SecretNames } from './secrets.ts'
import { isSecretSegment, Segments } from './segments.ts'

/** Headers that tell a client's address: the value is replaced. */
const addressHeaders = ['forwarded', '*-forwarded-for', '*-ip', '*-ipv4', '*-ipv6', '*-clientip']
const addressHeader = matcherOf(addressHeaders)
/** Headers that hold a URL: its parts are redacted one by one. */
const urlHeader = matcherOf(['referer', '*-url', '*-uri', '*-path'])
/** Documentation addresses of RFC 5737: what stands in for a client's. */
const exampleAddress = '192.0.2.1'
const replacement = 'redacted'
/** Deeper JSON is replaced as a whole: a client can nest it deeper than the stack is. */
const maxDepth = 64
/** Of the keys above a value so many characters are looked at, so that long keys do not count many times. */
const maxPlaceLength = 64

/** Takes out of a request what must never be written to a profile; rather too much than too little. */
export class Redactor {
  /** Patterns of the names whose values it does not let through. */
  readonly headers: readonly string[]
  readonly keys: readonly string[]
  /** Tells secrets in paths, for the names of routes too. */
  readonly segments: Segments
  readonly #names: SecretNames

  /** @param more - names that are secret as a header, a query key or a body key */
  constructor(more: readonly string[]) {
    this.#names = new SecretNames(more)
    this.headers = [...this.#names.patterns, ...addressHeaders]
    this.keys = this.#names.patterns
    this.segments = new Segments(this.#names)
  }

  /** Names and values in turn. Secret headers are dropped; a placeholder would not get in either. */
  redactHeaders(raw: readonly string[]): string[] {
    const kept: string[] = []
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = raw[index] ?? ''
      const value = raw[index + 1] ?? ''
      const lower = name.toLowerCase()
      if (this.#names.has(name)) continue
      if (addressHeader.test(lower)) kept.push(name, exampleAddress)
      else if (urlHeader.test(lower)) kept.push(name, this.redactUrl(value))
      // A host may be called `auth`, and then its port would look like a secret.
      else if (lower === 'host' || !hasSecret(value, this.#names)) kept.push(name, value)
    }
    return kept
  }

  /** A request target or a whole URL. */
  redactUrl(url: string): string {
    const mark = url.indexOf('?')
    const path = this.#redactPath(mark < 0 ? url : url.slice(0, mark))
    return mark < 0 ? path : `${path}?${this.#redactPairs(url.slice(mark + 1))}`
  }

  /** A value out of JSON; the result is another one, with the rest in its order. */
  redactJson(value: unknown): unknown {
    return this.#redactValue(value)
  }

  /** Undefined: of a kind that cannot be searched for secrets, so it must not be kept. */
  redactBody(body: Buffer, contentType: string, contentEncoding = ''): Buffer | undefined {
    if (contentEncoding !== '' && contentEncoding !== 'identity') return undefined
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    try {
      if (type === 'application/json' || type.endsWith('+json')) {
        // Always written anew: of two equal keys in the original, only the last one has been looked at.
        return Buffer.from(JSON.stringify(this.#redactValue(JSON.parse(body.toString('utf8')))))
      }
      if (type === 'application/x-www-form-urlencoded') {
        return Buffer.from(this.#redactPairs(body.toString('latin1')), 'latin1')
      }
    } catch {
      return undefined
    }
    const isClean = type === 'application/graphql' && !hasSecret(body.toString(), this.#names)
    return isClean ? body : undefined
  }

  #redactPath(path: string): string {
    return this.segments.replace(path, (segment, kind) => {
      const isSecret =
        kind === 'variable' ? isSecretSegment(segment, this.#names) : kind === 'secret'
      return isSecret ? replacement : segment
    })
  }

  #redactPairs(pairs: string): string {
    return pairs
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=')
        const key = equals < 0 ? pair : pair.slice(0, equals)
        const name = decode(key)
        if (hasSecret(name, this.#names)) return replacement
        if (equals < 0) return pair
        const value = decode(pair.slice(equals + 1))
        const kept = this.#names.has(name) ? replacement : this.#redactText(value)
        return kept === value ? pair : `${key}=${encodeURIComponent(kept)}`
      })
      .join('&')
  }

  /** @param place - the keys above a value, as in `card.number` */
  #redactValue(value: unknown, depth = 0, place = ''): unknown {
    if (depth > maxDepth) return replacement
    if (typeof value === 'string') return this.#redactText(value, depth, place)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item) => this.#redactValue(item, depth + 1, place))
    const entries = Object.entries(value)
    const isPair = entries.some(([key, item]) => this.#isLabel(key, item))
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const whole = `${place}.${key}`
        const isSecret =
          (isPair && key.toLowerCase() === 'value') ||
          this.#names.has(key) ||
          (place !== '' && this.#names.has(whole))
        const inside = whole.slice(-maxPlaceLength)
        return [
          hasTokenShape(key) ? replacement : key,
          isSecret ? replacement : this.#redactValue(item, depth + 1, inside),
        ]
      }),
    )
  }

  /** `{ "name": "Authorization", "value": "..." }` */
  #isLabel(key: string, item: unknown): boolean {
    return /^(?:name|key|header)$/i.test(key) && typeof item === 'string' && this.#names.has(item)
  }

  /** JSON inside of a text is redacted as JSON; any other text is kept or not. */
  #redactText(text: string, depth = 0, place = ''): string {
    if (/^\s*[[{"]/.test(text)) {
      const value = parseJson(text)
      if (value !== undefined) return JSON.stringify(this.#redactValue(value, depth + 1, place))
    }
    return hasSecret(text, this.#names) ? replacement : text
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
