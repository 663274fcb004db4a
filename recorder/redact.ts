import { isVariable } from './routes.ts'
import { hasSecret, hasTokenShape, SecretNames } from './secrets.ts'

/** Headers that tell a client's address: the value is replaced. */
const addressHeaders = ['forwarded', '*-forwarded-for', '*-ip', '*-ipv4', '*-ipv6', '*-clientip']
const addressHeader = new RegExp(`^(?:${addressHeaders.join('|').replaceAll('*', '.*')})$`)
/** Documentation addresses of RFC 5737: what stands in for a client's. */
const exampleAddress = '192.0.2.1'
const replacement = 'redacted'

/** Takes out of a request what must never be written to a profile; rather too much than too little. */
export class Redactor {
  /** Patterns of the names whose values it does not let through. */
  readonly headers: readonly string[]
  readonly keys: readonly string[]
  readonly #names: SecretNames

  /** @param more - names that are secret as a header, a query key or a body key */
  constructor(more: readonly string[]) {
    this.#names = new SecretNames(more)
    this.headers = [...this.#names.patterns, ...addressHeaders]
    this.keys = this.#names.patterns
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
      else if (lower === 'referer') kept.push(name, this.redactUrl(value))
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

  /** Parameters (`;jsessionid=...`) are cut off; what follows the name of a secret is taken for one, as in `/reset-password/9f1c2ab4`. */
  #redactPath(path: string): string {
    const segments = path.split('/').map((segment) => segment.replace(/(?:;|%3b).*/is, ''))
    return segments
      .map((segment, index) => {
        const before = segments[index - 1] ?? ''
        const isSecret =
          hasSecret(segment, this.#names) ||
          /:.*@/s.test(segment) ||
          (isVariable(segment) && this.#names.has(before))
        return isSecret ? replacement : segment
      })
      .join('/')
  }

  #redactPairs(pairs: string): string {
    return pairs
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=')
        const key = equals < 0 ? pair : pair.slice(0, equals)
        const name = decode(key)
        if (hasTokenShape(name)) return replacement
        if (equals < 0) return pair
        const value = decode(pair.slice(equals + 1))
        const kept = this.#names.has(name) ? replacement : this.#redactText(value)
        return kept === value ? pair : `${key}=${encodeURIComponent(kept)}`
      })
      .join('&')
  }

  #redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.#redactText(value)
    if (Array.isArray(value)) return value.map((item) => this.#redactValue(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        hasTokenShape(key) ? replacement : key,
        this.#names.has(key) ? replacement : this.#redactValue(item),
      ]),
    )
  }

  /** JSON inside of a text is redacted as JSON; any other text is kept or not. */
  #redactText(text: string): string {
    if (/^\s*[[{"]/.test(text)) {
      const value = parseJson(text)
      if (value !== undefined) return JSON.stringify(this.#redactValue(value))
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
