/** `postgres-escapes`: PostgreSQL with `standard_conforming_strings` off. */
export type Lexicon = 'postgres' | 'postgres-escapes' | 'mysql'

const word = String.raw`[A-Za-z_\x80-\xff][\w$\x80-\xff]*`
const number = String.raw`\d+(?:\.\d*)?(?:[eE][+-]?\d+)?`
const plainString = String.raw`'[^']*(?:''[^']*)*'`
const escapedString = String.raw`'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'`
const dollarQuote = String.raw`\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$`

/** A quote that nothing closes is left over as a `stray`. */
const tokens: Record<Lexicon, RegExp> = {
  postgres: lexer({
    blank: String.raw`\s+|--[^\n\r]*`,
    literal: `[eE]${escapedString}|${plainString}|${number}`,
    opening: String.raw`/\*|${dollarQuote}`,
    quoted: String.raw`"[^"]*(?:""[^"]*)*"`,
    word,
  }),
  'postgres-escapes': lexer({
    blank: String.raw`\s+|--[^\n\r]*`,
    literal: `${escapedString}|${number}`,
    opening: String.raw`/\*|${dollarQuote}`,
    quoted: String.raw`"[^"]*(?:""[^"]*)*"`,
    word,
  }),
  mysql: lexer({
    // Two dashes begin a comment only before white space. What stands in a conditional comment is executed.
    blank: String.raw`\s+|--(?=[\0-\x20]|$)[^\n]*|#[^\n]*|/\*M?!\d*|\*/`,
    literal: `${escapedString}|${number}`,
    opening: String.raw`/\*`,
    quoted: String.raw`"[^"\\]*(?:(?:\\[^]|"")[^"\\]*)*"|` + '`[^`]*(?:``[^`]*)*`',
    word: String.raw`[A-Za-z_$\x80-\xff][\w$\x80-\xff]*`,
  }),
}

function lexer(groups: Record<string, string>): RegExp {
  const alternatives = Object.entries(groups).map(([name, pattern]) => `(?<${name}>${pattern})`)
  return new RegExp([...alternatives, String.raw`(?<stray>['"` + '`' + `])`, '[^]'].join('|'), 'y')
}

/**
 * The words of each statement outside of literals and comments, upper case, with `(` behind them when they are called as
 * a function; of quoted identifiers only those that are called.
 * @param sql - decoded as latin1
 * @returns undefined: a literal or a comment is not closed, so that it was not understood
 */
export function wordsOf(sql: string, lexicon: Lexicon): string[][] | undefined {
  const statements: string[][] = [[]]
  const token = tokens[lexicon]
  /** What a parenthesis would call. */
  let name: string | undefined
  for (let at = 0; at < sql.length;) {
    token.lastIndex = at
    const match = token.exec(sql)
    if (match === null) return undefined
    const [text] = match
    const groups: Record<string, string | undefined> = match.groups ?? {}
    at += text.length
    if (groups['stray'] !== undefined) return undefined
    if (groups['blank'] !== undefined) continue
    if (groups['opening'] !== undefined) {
      const end = endOf(text, sql, at, lexicon)
      if (end === undefined) return undefined
      at = end
      if (text !== '/*') name = undefined
    } else if (groups['word'] !== undefined) {
      name = text.toUpperCase()
      statements.at(-1)?.push(name)
    } else if (groups['quoted'] !== undefined) {
      name = text.slice(1, -1).toUpperCase()
    } else {
      if (text === '(' && name !== undefined) statements.at(-1)?.push(`${name}(`)
      if (text === ';') statements.push([])
      name = undefined
    }
  }
  return statements.filter(({ length }) => length > 0)
}

/** Where a comment or a dollar-quoted literal ends whose opening stands before `at`. */
function endOf(opening: string, sql: string, at: number, lexicon: Lexicon): number | undefined {
  if (opening !== '/*' || lexicon === 'mysql') {
    const closing = opening === '/*' ? '*/' : opening
    const end = sql.indexOf(closing, at)
    return end === -1 ? undefined : end + closing.length
  }
  const edge = /\/\*|\*\//g
  edge.lastIndex = at
  for (let depth = 1; depth > 0;) {
    const found = edge.exec(sql)
    if (found === null) return undefined
    depth += found[0] === '/*' ? 1 : -1
  }
  return edge.lastIndex
}
