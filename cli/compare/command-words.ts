/**
 * Splits a command as a shell would that knows nothing but quotes: words between spaces, `'...'` and `"..."` taken as they
 * stand. A backslash is a character like any other, as in paths of Windows. Undefined when a quote is not closed.
 */
export function commandWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  const piece = /\s+|'([^']*)'|"([^"]*)"|([^\s'"]+)|(['"])/gy
  let word: string | undefined
  for (const [all, single, double, plain, open] of text.matchAll(piece)) {
    if (open !== undefined) return undefined
    const part = single ?? double ?? plain
    if (part !== undefined) word = (word ?? '') + part
    else if (all !== '' && word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}
