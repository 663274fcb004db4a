import { isUtf8 } from 'node:buffer'
import { limits } from '../formats/limits.ts'
import { exampleAddress } from '../runtime/client-address.ts'
import { decodeBody } from '../runtime/content-encoding.ts'
import { readParts, writeParts, type Part } from './multipart.ts'
import { isJsonPath, JsonPaths, type PathState } from './json-paths.ts'
import { hasSecret, hasTokenShape, matcherOf, SecretNames } from '../runtime/secrets.ts'
import { isSecretSegment, Segments } from '../runtime/segments.ts'

/** Headers that tell a client's address: the value is replaced. */
const addressHeaders = ['forwarded', '*-forwarded-for', '*-ip', '*-ipv4', '*-ipv6', '*-clientip']
const addressHeader = matcherOf(addressHeaders)
/** Headers that hold a URL: its parts are redacted one by one. */
const urlHeader = matcherOf(['referer', '*-url', '*-uri', '*-path'])
const replacement = 'redacted'
/** Deeper JSON is replaced as a whole: a client can nest it deeper than the stack is. */
const maxDepth = 64
/** Of the keys above a value so many characters are looked at, so that long keys do not count many times. */
const maxPlaceLength = 64
/** A longer file of a form is replaced. */
const maxFileBytes = 16 * 1024

/** Takes out of a request what must never be written to a profile; rather too much than too little. */
export class Redactor {
  /** Patterns of the names whose values it does not let through. */
  readonly headers: readonly string[]
  readonly keys: readonly string[]
  /** Tells secrets in paths, for the names of routes too. */
  readonly segments: Segments
  readonly #names: SecretNames
  readonly #paths: JsonPaths

  /**
   * Throws `ERR_PREWARM_CFG_VALUE` for a path that cannot be understood.
   *
   * @param more - names that are secret as a header, a query key or a body key, and paths into bodies: `$.customer.email`
   */
  constructor(more: readonly string[]) {
    const paths = more.filter(isJsonPath)
    this.#names = new SecretNames(more.filter((name) => !isJsonPath(name)))
    this.#paths = new JsonPaths(paths)
    this.headers = [...this.#names.patterns, ...addressHeaders]
    this.keys = [...this.#names.patterns, ...paths]
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
    return this.#redactValue(value, this.#paths.root)
  }

  /**
   * Decompressed. Undefined: of a kind that cannot be searched for secrets, so it must not be kept, or longer than what is kept
   * once it is decompressed.
   */
  redactBody(body: Buffer, contentType: string, contentEncoding = ''): Buffer | undefined {
    const plain = decodeBody(body, contentEncoding, limits.bodyBytes)
    return plain && this.#redactPlain(plain, contentType)
  }

  #redactPlain(body: Buffer, contentType: string): Buffer | undefined {
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    try {
      if (type === 'application/json' || type.endsWith('+json')) {
        // Always written anew: of two equal keys in the original, only the last one has been looked at.
        const value: unknown = JSON.parse(body.toString('utf8'))
        return Buffer.from(JSON.stringify(this.#redactValue(value, this.#paths.root)))
      }
      if (type === 'application/x-www-form-urlencoded') {
        return Buffer.from(this.#redactPairs(body.toString('latin1')), 'latin1')
      }
      if (type === 'multipart/form-data') return this.#redactForm(body, contentType)
    } catch {
      return undefined
    }
    return type === 'application/graphql' && this.isClean(body.toString()) ? body : undefined
  }

  /** Whether a text holds no secret that can be told. */
  isClean(text: string): boolean {
    return !hasSecret(text, this.#names)
  }

  #redactForm(body: Buffer, contentType: string): Buffer | undefined {
    const parts = readParts(body, contentType)
    if (parts === undefined) return undefined
    if (parts.some(({ head }) => hasSecret(head.join('\n'), this.#names))) return undefined
    const kept = parts.map((part) => {
      const { name, filename, content } = part
      const isFile = filename !== undefined
      const { isMeant, below } = this.#paths.enterField(name)
      const isSecret = isMeant || this.#names.has(name) || (isFile && content.length > maxFileBytes)
      const redacted = isSecret ? undefined : this.#redactPart(part, below)
      return { ...part, content: redacted ?? Buffer.from(replacement) }
    })
    return writeParts(kept, contentType)
  }

  /** Undefined: it must not be kept. What is no text cannot be searched. */
  #redactPart({ name, type, content }: Part, paths: PathState): Buffer | undefined {
    if (type === 'application/json' || type.endsWith('+json'))
      return this.#redactPlain(content, type)
    if (type.startsWith('multipart/') || !isText(content)) return undefined
    const text = content.toString('utf8')
    const kept = this.#redactText(text, paths, 0, name.slice(-maxPlaceLength))
    return kept === text ? content : Buffer.from(kept)
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
        const { isMeant, below } = this.#paths.enterField(name)
        const isSecret = isMeant || this.#names.has(name)
        const kept = isSecret ? replacement : this.#redactText(value, below)
        return kept === value ? pair : `${key}=${encodeURIComponent(kept)}`
      })
      .join('&')
  }

  /**
   * @param paths - what of it is meant by paths
   * @param place - the keys above a value, as in `card.number`
   */
  #redactValue(value: unknown, paths: PathState, depth = 0, place = ''): unknown {
    if (depth > maxDepth) return replacement
    if (typeof value === 'string') return this.#redactText(value, paths, depth, place)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      const { isMeant, below } = this.#paths.enterList(paths)
      return value.map((item) =>
        isMeant ? replacement : this.#redactValue(item, below, depth + 1, place),
      )
    }
    const entries = Object.entries(value)
    const isPair = entries.some(([key, item]) => this.#isLabel(key, item))
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const whole = `${place}.${key}`
        const { isMeant, below } = this.#paths.enter(paths, key)
        const isSecret =
          isMeant ||
          (isPair && key.toLowerCase() === 'value') ||
          this.#names.has(key) ||
          (place !== '' && this.#names.has(whole))
        const inside = whole.slice(-maxPlaceLength)
        return [
          hasTokenShape(key) ? replacement : key,
          isSecret ? replacement : this.#redactValue(item, below, depth + 1, inside),
        ]
      }),
    )
  }

  /** `{ "name": "Authorization", "value": "..." }` */
  #isLabel(key: string, item: unknown): boolean {
    return /^(?:name|key|header)$/i.test(key) && typeof item === 'string' && this.#names.has(item)
  }

  /** JSON inside of a text is redacted as JSON; any other text is kept or not. */
  #redactText(text: string, paths: PathState, depth = 0, place = ''): string {
    if (/^\s*[[{"]/.test(text)) {
      const value = parseJson(text)
      if (value !== undefined)
        return JSON.stringify(this.#redactValue(value, paths, depth + 1, place))
    }
    return hasSecret(text, this.#names) ? replacement : text
  }
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0)
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
