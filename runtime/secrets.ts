/**
 * Names whose values are never kept, whether of a header, a key or a path segment. `*` stands for anything; a pattern is
 * held against the name without its punctuation and against each word of it, in lower case: `token` is in `token[0]`,
 * `auth` is in `X-Auth-Key` and not in `author`.
 */
const secretNames = [
  ...list('*password* *passwd* *passphrase* *passkey* *pwd pass pw pin *pincode* otp totp'),
  ...list('*credential* *token *tokens *secret *secrets *jwt* *csrf* *xsrf* saml* assertion'),
  ...list('*authorization* *authentication* auth oauth bearer *signature* sig hmac'),
  ...list('*cookie session *sessionid *sessid sess sid *clientcert*'),
  ...list('dsn *connectionstring* *mnemonic* *seedphrase* cvc cvv ssn iban *cardnum* *creditcard*'),
  ...list('access account api auth encryption functions license master priv private').map(key),
  ...list('secret session shared signing subscription').map(key),
  ...list('access activation auth backup confirmation invite login mfa otp pass').map(code),
  ...list('recovery reset security sms verification').map(code),
]
/** Only as the whole name: the code of OAuth and the ticket of CAS are secrets, those of a country and of a cinema are none. */
const secretWholeNames = ['code', 'ticket']
/** `passwordLength` and `max_tokens` measure a secret and are none; `rate_limit_token` is one. */
const measures = new Set(list('max min count limit length size total'))
const countable = new Set(list('tokens secrets passwords credentials'))
const wordBreak = /(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z]+/

/** Tells the names of secrets from others. */
export class SecretNames {
  /** What it goes by, for the reader of a profile. */
  readonly patterns: readonly string[]
  readonly #whole: ReadonlySet<string>

  /** @param more - names that are secret as a whole, whatever their case and punctuation */
  constructor(more: readonly string[]) {
    this.patterns = [...new Set([...secretNames, ...secretWholeNames, ...more])]
    this.#whole = new Set([...secretWholeNames, ...more].map(withoutPunctuation))
  }

  has(name: string): boolean {
    const plain = withoutPunctuation(name)
    if (this.#whole.has(plain)) return true
    const words = wordsOf(name)
    if (isMeasure(words)) return false
    return secretName.test(plain) || words.some((word) => secretName.test(word))
  }
}

const secretName = matcherOf(secretNames)

/** Of lower-case names with `*` for anything. */
export function matcherOf(patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) => `^${pattern}$`.replace('^*', '').replace('*$', ''))
  return new RegExp(sources.join('|'))
}

/** In lower case: `X-authToken2` is `x`, `auth` and `token`. */
export function wordsOf(name: string): string[] {
  return name
    .split(wordBreak)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

function isMeasure(words: readonly string[]): boolean {
  const last = words.at(-1) ?? ''
  const isCount = countable.has(last) && words.some((word) => word === 'num' || measures.has(word))
  return isCount || measures.has(last)
}

function list(names: string): string[] {
  return names.split(' ')
}

function key(kind: string): string {
  return `*${kind}key*`
}

function code(kind: string): string {
  return `*${kind}code*`
}

/** `accessToken`, `access-token` and `access_token` are one name. */
function withoutPunctuation(name: string): string {
  return name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}

/** A bearer token, a JSON web token, a well-known kind of key, a user and password in a URL: wherever they stand. */
const tokenShape = new RegExp(
  [
    String.raw`\b[Bb]earer\s+\S`,
    // Both the header and the payload of a JSON web token begin with an encoded `{"`. From the dot backwards this is linear.
    String.raw`\.(?<=eyJ[\w-]{8,}\.)[\w-]`,
    String.raw`\b(?:gh[opsru]_|github_pat_|glpat-|xox[abeprs]-|npm_|AIza)[\w-]{16}`,
    String.raw`\b[rs]k_(?:live|test)_[\w-]{16}`,
    String.raw`\bsk-(?:(?:admin|ant|or|proj|svcacct)-[\w-]{16}|[A-Za-z0-9]{20})`,
    String.raw`\bA(?:KIA|SIA)[A-Z0-9]{16}`,
    'PRIVATE KEY-----',
    String.raw`//[^/\s:@]{0,200}:[^/\s@]{1,200}@`,
  ].join('|'),
)
const basicScheme = /\bbasic\s+([\w+/-]{4,})/gi
/** A name, as in `name=value`, `name: value` and `"name": value`; it begins where no other name does, so that this is linear. */
const assignment = /(?<![\w.$[\]-])([\w.$[\]-]+)["'\\\s,]*[:=]\s*(?=\S)/g
const deepestEncoding = 4

export function hasTokenShape(text: string): boolean {
  return tokenShape.test(text) || hasBasicCredentials(text)
}

/** RFC 7617: what is encoded has a colon between user and password; of an ordinary word the decoded bytes are not text. */
function hasBasicCredentials(text: string): boolean {
  return [...text.matchAll(basicScheme)].some(([, encoded = '']) =>
    /^[^\p{Cc}]*:/u.test(Buffer.from(encoded, 'base64').toString('latin1')),
  )
}

/** Whether a text holds a secret that can be told by its shape or by its name, however often it is percent-encoded. */
export function hasSecret(text: string, names: SecretNames): boolean {
  let plain = text
  for (let level = 0; level < deepestEncoding; level++) {
    if (hasTokenShape(plain)) return true
    const mayAssign = /[:=]/.test(plain)
    if (mayAssign && (isGraphQl(plain) ? documentAssigns : assigns)(plain, names)) return true
    if (!plain.includes('%')) return false
    const decoded = decodePercent(plain)
    if (decoded === plain) return false
    plain = decoded
  }
  return true
}

function assigns(text: string, names: SecretNames): boolean {
  return [...text.matchAll(assignment)].some(([, name = '']) => names.has(name))
}

function isGraphQl(text: string): boolean {
  return /^\s*(?:\{|(?:query|mutation|subscription|fragment)\b)/.test(text)
}

/** In GraphQL a colon also stands before the type of a variable and before a variable; those are no values. */
function documentAssigns(document: string, names: SecretNames): boolean {
  const bare = document
    .replaceAll(/\$\w+[\s,]*:[\s,]*[\w![\]]+(?![\w![\]])(?![\s,]*=)/g, '')
    .replaceAll(/:[\s,]*\$\w+/g, '')
  // A comment may stand between a name and its value, and what looks like a comment may be in a string.
  return assigns(bare, names) || assigns(bare.replaceAll(/#.*/g, ''), names)
}

/** Never throws: what is not an encoded byte stays as it is. Names and shapes are all ASCII. */
function decodePercent(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_encoded, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
