/**
 * Names whose values are never kept, whether of a header, a key or a path segment. `*` stands for anything; a pattern is
 * held against the name without its punctuation and against each word of it, in lower case: `token` is in `token[0]`,
 * `auth` is in `X-Auth-Key` and not in `author`.
 */
const secretNames = [
  ...['*password*', '*passwd*', '*passphrase*', '*passcode*', '*pwd', 'pass', '*credential*'],
  ...[
    '*token',
    '*tokens',
    '*secret',
    '*secrets',
    '*jwt*',
    '*csrf*',
    '*xsrf*',
    'saml*',
    'assertion',
  ],
  ...[
    '*authorization*',
    '*authentication*',
    'auth',
    'oauth',
    'bearer',
    '*signature*',
    'sig',
    'hmac',
  ],
  ...['*cookie', 'session', '*sessionid', '*sessid', 'sess', 'sid', '*clientcert*'],
  ...['*apikey*', '*accesskey*', '*secretkey*', '*privatekey*', '*authkey*', '*accountkey*'],
  ...['*signingkey*', '*encryptionkey*', '*masterkey*', '*sharedkey*', '*sessionkey*'],
  ...[
    '*licensekey*',
    '*subscriptionkey*',
    '*functionskey*',
    '*securitycode*',
    '*verificationcode*',
  ],
  ...['otp', 'totp', 'pin', 'cvc', 'cvv', 'ssn', 'iban', '*cardnumber*', '*creditcard*'],
]
/** Only as the whole name: the code of OAuth is a secret, that of a country is none. */
const secretWholeNames = ['code']
/** `max_tokens` and `passwordLength` measure a secret and are none. */
const measures = /^(?:max|min|num|count|limit|length|size|total)$/
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
    const words = name.split(wordBreak).map((word) => word.toLowerCase())
    if (words.some((word) => measures.test(word))) return false
    return secretName.test(plain) || words.some((word) => secretName.test(word))
  }
}

const secretName = new RegExp(`^(?:${secretNames.join('|').replaceAll('*', '.*')})$`)

/** `accessToken`, `access-token` and `access_token` are one name. */
function withoutPunctuation(name: string): string {
  return name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}

/** A bearer token, a JSON web token, a well-known kind of key, a user and password in a URL: wherever they stand. */
const tokenShape = new RegExp(
  [
    String.raw`\b[Bb]earer\s+\S`,
    // Both its header and its payload begin with an encoded `{"`.
    String.raw`eyJ[\w-]{8,2000}\.[\w-]`,
    String.raw`\b(?:gh[opsru]_|github_pat_|glpat-|xox[abeprs]-|[rs]k_live_|npm_)[\w-]{16}`,
    String.raw`\bA(?:KIA|SIA)[A-Z0-9]{16}`,
    'PRIVATE KEY-----',
    String.raw`//[^/\s:@]{0,200}:[^/\s@]{1,200}@`,
  ].join('|'),
)
/** A name, as in `name=value`, `name: value` and `"name": value`; it begins where no other name does, so that this is linear. */
const assignment = /(?<![\w.$[\]-])([\w.$[\]-]+)["'\\\s,]*[:=]\s*(?=\S)/g
const deepestEncoding = 4

export function hasTokenShape(text: string): boolean {
  return tokenShape.test(text)
}

/** Whether a text holds a secret that can be told by its shape or by its name, however often it is percent-encoded. */
export function hasSecret(text: string, names: SecretNames): boolean {
  let plain = text
  for (let level = 0; level < deepestEncoding; level++) {
    if (tokenShape.test(plain)) return true
    if (isGraphQl(plain) ? documentAssigns(plain, names) : assigns(plain, names)) return true
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
