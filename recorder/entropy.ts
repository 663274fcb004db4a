/** Shorter ones cannot be told from ids. */
const minLength = 24
/** Base64, base64url, hexadecimal, and the letters and digits of most tokens. */
const candidate = /[\w+/-]{24,}={0,2}/g
/**
 * What looks like chance and opens nothing, by its form: object ids, UUIDs, SHA-1, SHA-2, MD5, tags of content, trace contexts, ULIDs, KSUIDs, cuids,
 * the public ids of payments, of places and of clicks.
 */
const knownIds = [
  /^sha(?:1|256|384|512)-/,
  /^[\da-f]{24}$/i,
  /^[\da-f]{32}(?:[\da-f]{8}|[\da-f]{24}|[\da-f]{32}|[\da-f]{64}|[\da-f]{96})?$/i,
  /^(?:[\w-]+[_-])?[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?:-\w{1,12})?$/i,
  /^(?:\d{2}-)?[\da-f]{32}-[\da-f]{16}(?:-[\da-f]{1,2})?$/i,
  /^1-[\da-f]{8}-[\da-f]{24}$/i,
  /^(?:[a-z]+_)?[0-7][\dA-HJKMNP-TV-Z]{25}$/i,
  /^[0-3][\dA-Za-z]{26}$/,
  /^c[\da-z]{23,24}$/,
  /^(?:acct|card|ch|cs|cus|evt|in|ord|pi|pm|po|price|prod|re|si|sub|tr|txn)_(?:test_|live_)?\w+$/,
  /^ChIJ[\w-]{23}$/,
]
/** What stands before chance that is none of a credential: data, clicks on advertisements, boundaries. */
const harmlessBefore =
  /(?:;base64,|\b(?:fbclid|gclid|dclid|gbraid|wbraid|msclkid|ttclid|twclid|boundary)=-*)$/i
/** Of random base64 nearly always less is in such runs of letters as words are made of. */
const maxWordShare = 0.5
const maxLookBehind = 16

/**
 * Where a text has something that looks like a random credential, by entropy; -1: nowhere. Base64 of a text is no chance:
 * `isSecret` judges what is in it.
 */
export function findRandomToken(text: string, isSecret: (inside: string) => boolean): number {
  for (const { 0: found, index } of text.matchAll(candidate)) {
    if (harmlessBefore.test(text.slice(Math.max(0, index - maxLookBehind), index))) continue
    const inside = textInBase64(found)
    if (inside !== undefined) {
      if (isSecret(inside)) return index
      continue
    }
    // In a path a slash separates; in base64 it is a digit, and none of its parts is a word.
    const parts = found.split('/')
    const tokens = parts.some(isPlain) ? parts : [found]
    let start = index
    for (const token of tokens) {
      if (isRandom(token)) return start
      start += token.length + 1
    }
  }
  return -1
}

/** Bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => {
    const share = count / text.length
    return bits - share * Math.log2(share)
  }, 0)
}

function isRandom(token: string): boolean {
  const body = token.replace(/=+$/, '')
  if (body.length < minLength || knownIds.some((id) => id.test(body))) return false
  const bits = entropyOf(body)
  if (/^[\da-f]+$/i.test(body)) return /[a-f]/i.test(body) && bits >= 3
  // Of so short a text even chance has less than 6 bits a digit of base64.
  const isBothCases = /[a-z]/.test(body) && /[A-Z]/.test(body)
  return isBothCases
    ? bits >= Math.min(4.3, 0.835 * Math.log2(body.length)) && isScattered(body)
    : bits >= 3.7 && hasManyNumbers(body)
}

/** Digits, capitals and small letters as they fall, and not words in camel case with a number. */
function isScattered(text: string): boolean {
  const words = text.match(/[A-Z]?[a-z]{4,}|[A-Z]{5,}/g)?.join('') ?? ''
  const changes = text.match(/[a-z](?![a-z]|$)|[A-Z](?![A-Z]|$)|\d(?!\d|$)/g)?.length ?? 0
  return (
    /\d/.test(text) && changes / text.length >= 0.33 && words.length / text.length <= maxWordShare
  )
}

/** Letters of one case and digits as they fall, in one piece; words with numbers have hyphens between them. */
function hasManyNumbers(text: string): boolean {
  return text
    .split(/[-_+/]/)
    .some((part) => part.length >= 20 && (part.match(/\d+/g)?.length ?? 0) >= 4)
}

function isPlain(part: string): boolean {
  return /^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d+|v\d+)?$/.test(part)
}

function textInBase64(token: string): string | undefined {
  const text = Buffer.from(token, 'base64').toString('utf8')
  return /^[\P{C}\s]*$/u.test(text) && !text.includes('\uFFFD') ? text : undefined
}
