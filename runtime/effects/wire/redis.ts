import { MessageReader, type Tell, type Unclear, type WireAccess } from './messages.ts'
import { accessOfCommand } from './redis-commands.ts'

/** Whether a client's first bytes are the beginning of Redis' protocol; undefined: so far they could be. */
export function opensRedis(bytes: Buffer): boolean | undefined {
  const start = bytes.toString('latin1', 0, 16)
  if (/^\*[1-9]\d{0,6}\r\n\$/.test(start)) return true
  return /^(?:\*(?:[1-9]\d{0,6}(?:\r\n?)?)?)?$/.test(start) ? undefined : false
}

const star = 0x2a
const dollar = 0x24
const minus = 0x2d
const zero = 0x30
const cr = 0x0d
const lf = 0x0a
const maxDigits = 10
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

  protected override take(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear {
    if (this.#missing > 0) return this.#takeArgument(bytes, start, tell)
    if (bytes[start] !== star) return takeInline(bytes, start, tell)
    const line = numberLine(bytes, start)
    if (typeof line === 'string') return line
    if (line.value > maxArguments) return 'lost'
    this.#missing = this.#count = line.value
    this.#name = this.#second = ''
    this.#mayStore = false
    return line.length
  }

  #takeArgument(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear {
    if (bytes[start] !== dollar) return 'lost'
    const line = numberLine(bytes, start)
    if (typeof line === 'string') return line
    const { value: length } = line
    if (length > maxArgumentBytes) return 'lost'
    const from = start + line.length
    const to = from + Math.min(length, maxNameBytes)
    if (bytes.length < to) return 'more'
    const position = this.#count - this.#missing--
    // What is not watched as a whole is not known, and so it is taken for a write.
    if (tell === undefined) this.#name = ''
    else {
      if (position === 0) this.#name = bytes.toString('latin1', from, to).toLowerCase()
      else if (position === 1) this.#second = bytes.toString('latin1', from, to).toLowerCase()
      else if (length === 'store'.length || length === 'storedist'.length)
        this.#mayStore ||= isStore(bytes.toString('latin1', from, to).toLowerCase())
      if (this.#missing === 0) tell(this.#access())
    }
    return line.length + length + 2
  }

  #access(): WireAccess {
    return accessOfCommand({
      name: this.#name,
      second: this.#second,
      argumentCount: this.#count,
      mayStore: this.#mayStore,
    })
  }
}

function isStore(argument: string): boolean {
  return argument === 'store' || argument === 'storedist'
}

/** A number behind a first character, and the length of its line; less than nothing is nothing. */
function numberLine(bytes: Buffer, start: number): { value: number; length: number } | Unclear {
  const isNegative = bytes[start + 1] === minus
  const first = start + (isNegative ? 2 : 1)
  let value = 0
  let at = first
  for (let digit: number; (digit = (bytes[at] ?? 0) - zero) >= 0 && digit <= 9; at++)
    value = value * 10 + digit
  if (at - first > maxDigits) return 'lost'
  if (at + 1 >= bytes.length) return at < bytes.length && bytes[at] !== cr ? 'lost' : 'more'
  if (at === first || bytes[at] !== cr || bytes[at + 1] !== lf) return 'lost'
  return { value: isNegative ? 0 : value, length: at + 2 - start }
}

/** A command as people type it. */
function takeInline(bytes: Buffer, start: number, tell: Tell | undefined): number | Unclear {
  const end = bytes.indexOf(lf, start)
  if (end === -1) return 'more'
  if (tell !== undefined) {
    const line = bytes.toString('latin1', start, end).replace(/\r$/, '')
    const [name, second = '', ...others] = line.toLowerCase().split(' ').filter(Boolean)
    const argumentCount = 1 + (second === '' ? 0 : 1) + others.length
    // Names could be quoted or escaped.
    if (/["'\\\t]/.test(line)) tell('unknown')
    else if (name !== undefined)
      tell(accessOfCommand({ name, second, argumentCount, mayStore: others.some(isStore) }))
  }
  return end + 1 - start
}
