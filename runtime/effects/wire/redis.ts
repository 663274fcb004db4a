import { MessageReader, type Tell, type Unclear } from './messages.ts'
import { accessOfCommand } from './redis-commands.ts'

/** Whether a client's first bytes are the beginning of Redis' protocol; undefined: so far they could be. */
export function opensRedis(bytes: Buffer): boolean | undefined {
  const start = bytes.toString('latin1', 0, 16)
  if (/^\*[1-9]\d{0,6}\r\n\$/.test(start)) return true
  return /^(?:\*(?:[1-9]\d{0,6}(?:\r\n?)?)?)?$/.test(start) ? undefined : false
}

const star = 0x2a
const dollar = 0x24
const maxLineBytes = 64
const maxArguments = 1024 * 1024
const maxArgumentBytes = 512 * 1024 * 1024
/** No command, subcommand or option is longer. */
const maxNameBytes = 32

/** https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export class RedisReader extends MessageReader {
  /** Arguments of this command that are still to come. */
  #missing = 0
  #count = 0
  #name = ''
  #second = ''
  #mayStore = false

  override get isMidMessage(): boolean {
    return this.#missing > 0 || super.isMidMessage
  }

  protected override take(bytes: Buffer, tell: Tell | undefined): number | Unclear {
    if (this.#missing > 0) return this.#takeArgument(bytes, tell)
    const end = bytes.indexOf('\r\n', 0, 'latin1')
    const isArray = bytes[0] === star
    if (end === -1) return isArray && bytes.length > maxLineBytes ? 'lost' : 'more'
    const line = bytes.toString('latin1', 0, end)
    if (!isArray) takeInline(line, tell)
    else {
      const count = numberIn(line, maxArguments)
      if (count === undefined) return 'lost'
      this.#missing = this.#count = count
      this.#name = this.#second = ''
      this.#mayStore = false
    }
    return end + 2
  }

  #takeArgument(bytes: Buffer, tell: Tell | undefined): number | Unclear {
    if (bytes[0] !== dollar) return 'lost'
    const end = bytes.subarray(0, maxLineBytes).indexOf('\r\n', 0, 'latin1')
    if (end === -1) return bytes.length < maxLineBytes ? 'more' : 'lost'
    const length = numberIn(bytes.toString('latin1', 0, end), maxArgumentBytes)
    if (length === undefined) return 'lost'
    const start = end + 2
    const seen = Math.min(length, maxNameBytes)
    if (bytes.length < start + seen) return 'more'
    const position = this.#count - this.#missing--
    if (position < 2 || length === 'store'.length || length === 'storedist'.length) {
      const text = bytes.toString('latin1', start, start + seen).toLowerCase()
      if (position === 0) this.#name = text
      else if (position === 1) this.#second = text
      else if (text === 'store' || text === 'storedist') this.#mayStore = true
    }
    if (this.#missing === 0) {
      tell?.(
        accessOfCommand({
          name: this.#name,
          second: this.#second,
          argumentCount: this.#count,
          mayStore: this.#mayStore,
        }),
      )
    }
    return start + length + 2
  }
}

/** A command as people type it. */
function takeInline(line: string, tell: Tell | undefined): void {
  const [name, second = '', ...others] = line.toLowerCase().split(' ').filter(Boolean)
  if (name === undefined || tell === undefined) return
  // Names could be quoted or escaped.
  if (/["'\\\t]/.test(line)) {
    tell('unknown')
    return
  }
  const argumentCount = 1 + (second === '' ? 0 : 1) + others.length
  const mayStore = others.some((other) => other === 'store' || other === 'storedist')
  tell(accessOfCommand({ name, second, argumentCount, mayStore }))
}

/** Behind the first character; less than nothing is nothing. */
function numberIn(line: string, most: number): number | undefined {
  if (!/^.-?\d{1,10}$/.test(line)) return undefined
  const number = Number(line.slice(1))
  return number > most ? undefined : Math.max(0, number)
}
