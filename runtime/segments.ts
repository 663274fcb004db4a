import { hasSecret, type SecretNames, wordsOf } from './secrets.ts'

/** A `variable` names one thing of many and has not been searched for secrets; a `secret` must not be kept. */
export type SegmentKind = 'literal' | 'variable' | 'secret'

interface Literal {
  readonly segment: string
  readonly isSecret: boolean
  readonly isPlain: boolean
  /** How many of the segments after this one may be tokens; undefined: nobody has asked yet. */
  reach: number | undefined
}

/** Few enough that ids which do not look like ids cannot fill the memory. */
const maxLiterals = 2000
const maxLiteralLength = 64
/** Words of segments before a token, which may be the second one behind: `/verify/email/kJ8dhGFD`, `/reset/42/kJ8dhGFD`. */
const actions = new Set(
  [
    'activate activation confirm confirmation forgot invitation invitations invite invites magic',
    'optin optout recover recovery reset unlock unsubscribe verification verify',
  ].flatMap((words) => words.split(' ')),
)
/** Words as people write them: `form`, `set-password`, `resetPassword`, `v2`, `2fa`, `index.html`. */
const plain =
  /^\d?[A-Za-z][a-z]{0,19}(?:(?:[_-][A-Za-z]?|[A-Z])[a-z]{1,19}){0,4}\d?(?:\.[a-z]{2,4})?$/
const parameters = /(?:;|%3b).*/is
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Tells what the segments of a path are. It runs for every request, so it remembers those that are no variables. */
export class Segments {
  readonly #names: SecretNames
  readonly #literals = new Map<string, Literal>()

  constructor(names: SecretNames) {
    this.#names = names
  }

  /** A path with its segments replaced. Parameters (`;jsessionid=...`) are cut off before. */
  replace(path: string, replacer: (segment: string, kind: SegmentKind) => string): string {
    const hasParameters = path.includes(';') || path.includes('%')
    let result = ''
    let copied = 0
    let first: Literal | undefined
    let second: Literal | undefined
    for (let start = 0; start <= path.length;) {
      const slash = path.indexOf('/', start)
      const end = slash < 0 ? path.length : slash
      const raw = path.slice(start, end)
      const segment = hasParameters ? raw.replace(parameters, '') : raw
      const literal = this.#literalOf(segment)
      const isPlain = literal?.isPlain ?? false
      const isToken = !isPlain && (this.#reachOf(first) >= 2 || this.#reachOf(second) >= 1)
      const kind = literal === undefined ? 'variable' : literal.isSecret ? 'secret' : 'literal'
      const replaced = replacer(segment, isToken ? 'secret' : kind)
      if (replaced !== raw) {
        result += path.slice(copied, start) + replaced
        copied = end
      }
      first = second
      second = literal
      start = end + 1
    }
    return result + path.slice(copied)
  }

  #literalOf(segment: string): Literal | undefined {
    const known = this.#literals.get(segment)
    if (known !== undefined || isVariable(segment)) return known
    if (this.#literals.size >= maxLiterals) this.#literals.clear()
    const literal = {
      segment,
      isSecret: isSecretSegment(segment, this.#names),
      isPlain: segment === '' || plain.test(segment),
      reach: undefined,
    }
    this.#literals.set(segment, literal)
    return literal
  }

  #reachOf(literal: Literal | undefined): number {
    if (literal === undefined) return 0
    if (literal.reach !== undefined) return literal.reach
    const { segment } = literal
    const isAction = wordsOf(segment).some((word) => actions.has(word))
    // CAS has its tickets in the query; in a path they are those of a help desk.
    literal.reach = isAction ? 2 : this.#names.has(segment) && segment !== 'ticket' ? 1 : 0
    return literal.reach
  }
}

/** By what it looks like alone, wherever it stands. */
export function isSecretSegment(segment: string, names: SecretNames): boolean {
  const colon = segment.indexOf(':')
  const hasUser = colon >= 0 && segment.lastIndexOf('@') > colon
  return hasUser || hasSecret(segment, names)
}

/** Whether a segment names a thing rather than a kind of things, of which there are too many to remember. */
function isVariable(segment: string): boolean {
  const { length } = segment
  if (length > maxLiteralLength) return true
  let digits = 0
  let lower = 0
  let upper = 0
  let marks = 0
  for (let index = 0; index < length; index++) {
    const code = segment.charCodeAt(index)
    if (code >= 48 && code <= 57) digits++
    else if (code >= 97 && code <= 122) lower++
    else if (code >= 65 && code <= 90) upper++
    else if (code === 45 || code === 95) marks++
    else if (code === 61) return true
  }
  // Base64 is longer than hashes, object ids and the like, and mixes more.
  const isBase64 = length >= 16 && digits > 0 && lower > 0 && upper > 0
  const isHash = length >= 8 && digits >= length / 4
  const isWord = digits + lower + upper + marks === length
  return (length > 0 && digits === length) || (isWord && (isHash || isBase64)) || uuid.test(segment)
}
