import type { Profile } from '../formats/profile.ts'
import { findRandomToken } from './entropy.ts'
import { spellingsOf, type SecretValue } from './secret-values.ts'
import { hasSecret, hasTokenShape, SecretNames } from '../runtime/secrets.ts'

/** Keys and indices that lead to a text: `requests`, `routes`, 3, `exemplars`, 0, `headers`, 5. */
export type Place = readonly (string | number)[]

/** A secret that a profile would hold. */
export interface Finding {
  readonly place: Place
  /** `the value of API_TOKEN`; never the value. */
  readonly what: string
  /** Where in the text it begins, UTF-16 code units, or bytes of a code cache; undefined: it is not there as it is. */
  readonly offset: number | undefined
}

interface Found {
  readonly what: string
  readonly offset: number | undefined
}

/** Sections with what clients and upstreams said; the rest comes from the application, whose names may look like chance. */
const saidByOthers: ReadonlySet<string | number> = new Set(['requests', 'ledger', 'tapes', 'work'])
/** Headers that hold chance by design: tags of content, marks of one request, boundaries between parts. */
const randomHeader =
  /^(?:etag|if-(?:none-)?match|if-range|content-type|content-(?:digest|md5)|(?:repr-)?digest|sec-websocket-(?:key|accept)|traceparent|tracestate|baggage|(?:x-)?b3(?:-.*)?|sentry-trace|x-cloud-trace-context|uber-trace-id|cf-ray|content-security-policy.*|report-to|nel|.*-(?:request|trace|correlation|span|transaction)-?id|x-amz-id-2)$/i
const deepestEncoding = 4

/** Looks for secrets in whatever a profile holds as text, also in parts of it that this file has never heard of. */
export class Scanner {
  readonly #names = new SecretNames([])
  readonly #values: readonly { readonly what: string; readonly spellings: readonly string[] }[]
  readonly #plain: readonly SecretValue[]
  /** Texts that hold none; headers above all come again and again. */
  readonly #clean = new Set<string>()

  constructor(values: readonly SecretValue[]) {
    this.#plain = values.filter(
      ({ value }, index) => values.findIndex((each) => each.value === value) === index,
    )
    this.#values = this.#plain.map(({ name, value }) => ({
      what: `the value of ${name}`,
      spellings: spellingsOf(value),
    }))
  }

  /** At most one for each text. */
  scan(profile: Profile): Finding[] {
    const findings: Finding[] = []
    const walk = (value: unknown, place: Place, header: string): void => {
      const found = this.#findIn(value, place, header)
      if (found !== undefined) findings.push({ place, ...found })
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
      const isHeaders = place.at(-1) === 'headers'
      for (const [key, item] of Object.entries(value)) {
        const index = Array.isArray(value) ? Number(key) : key
        const isValue = isHeaders && typeof index === 'number' && index % 2 === 1
        const name: unknown = isValue ? (value as unknown[])[index - 1] : ''
        walk(item, [...place, index], String(name))
      }
    }
    for (const [name, section] of Object.entries(profile)) {
      if (name !== 'codecache') walk(section, [name], '')
    }
    return findings
  }

  /**
   * The same for code caches. A value that is in there is a literal in a source of the application: it is where the
   * application itself is, too.
   */
  scanCaches({ modules, codecache }: Profile): Finding[] {
    const ends = modules.map(
      (
        (end) =>
        ({ cacheBytes }) =>
          (end += cacheBytes)
      )(0),
    )
    return this.#plain.flatMap(({ name, value }) => {
      const offset = offsetIn(codecache, value)
      if (offset < 0) return []
      const module = ends.findIndex((end) => offset < end)
      return { place: ['modules', module, 'codecache'], what: `the value of ${name}`, offset }
    })
  }

  /** Whether a text may be shown: a place is told by names, which may hold a secret themselves. */
  isClean(text: string): boolean {
    return this.#findInText(text, true) === undefined
  }

  #findIn(value: unknown, place: Place, header: string): Found | undefined {
    const isChanceOdd = saidByOthers.has(place[0] ?? '') && !randomHeader.test(header)
    if (typeof value === 'string') return this.#findInText(value, isChanceOdd)
    if (!(value instanceof Uint8Array)) return undefined
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
    return this.#findInText(text, isChanceOdd) ?? this.#findWide(value)
  }

  #findInText(text: string, isChanceOdd: boolean): Found | undefined {
    const known = `${isChanceOdd ? 1 : 0}${text}`
    if (this.#clean.has(known)) return undefined
    let form = text
    for (let level = 0; level < deepestEncoding; level++) {
      const found = this.#findInForm(form, isChanceOdd)
      if (found !== undefined) return level === 0 ? found : { ...found, offset: undefined }
      const decoded = decodePercent(form)
      if (decoded === form) break
      form = decoded
    }
    this.#clean.add(known)
    return undefined
  }

  #findInForm(text: string, isChanceOdd: boolean): Found | undefined {
    for (const { what, spellings } of this.#values) {
      for (const spelling of spellings) {
        const offset = text.indexOf(spelling)
        if (offset >= 0) return { what, offset }
      }
    }
    if (hasTokenShape(text)) return { what: 'what has the form of a credential', offset: undefined }
    if (!isChanceOdd) return undefined
    const offset = findRandomToken(text, (inside) => hasSecret(inside, this.#names))
    return offset < 0 ? undefined : { what: 'what looks like a random credential', offset }
  }

  #findWide(bytes: Uint8Array): Found | undefined {
    const found = this.#plain.find(({ value }) => offsetIn(bytes, value) >= 0)
    return found && { what: `the value of ${found.name}`, offset: offsetIn(bytes, found.value) }
  }
}

/** In UTF-8, or in UTF-16, which is how V8 keeps a text with characters beyond Latin-1. */
function offsetIn(bytes: Uint8Array, value: string): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // As bytes: a search for a text in UTF-16 only looks at even offsets.
  const forms = (['utf8', 'latin1', 'utf16le'] as const).map((form) =>
    buffer.indexOf(Buffer.from(value, form)),
  )
  return forms.find((offset) => offset >= 0) ?? -1
}

/** What is not encoded stays as it is. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}
