import pc from 'picocolors'

export const lineWidth = 100

/** Only for people: by itself picocolors also colours what CI systems send into files and pipes. */
export const { bold, dim } = pc.createColors(isColourful(process.env, process.stdout.isTTY))

/** @param isTerminal - undefined: no */
export function isColourful(env: NodeJS.ProcessEnv, isTerminal: boolean | undefined): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
  return isTerminal === true && env['TERM'] !== 'dumb'
}

export function titled(title: string, content: string, note = ''): string {
  return `${bold(title)}${note === '' ? '' : dim(`  ${note}`)}\n${content}`
}

/** Text out of a profile with nothing in it that can steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

/** `text` on one line of at most `maxWidth` columns: the middle gives way, and nothing in it can steer a terminal. */
export function shorten(text: string, maxWidth: number): string {
  const clean = printable(text)
  if (clean.length <= maxWidth) return clean
  const tail = Math.ceil(((maxWidth - 3) * 2) / 3)
  return `${clean.slice(0, maxWidth - 3 - tail)}...${clean.slice(-tail)}`
}

/** A sentence in lines of at most `maxWidth` columns, broken between words; nothing in it can steer a terminal. */
export function wrapWords(text: string, maxWidth: number): string[] {
  const lines: string[] = []
  for (const word of printable(text).split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && longer.length <= maxWidth) lines[lines.length - 1] = longer
    else lines.push(shorten(word, maxWidth))
  }
  return lines
}
