import { FramedReader, type Tell, type Unclear, type WireAccess } from './messages.ts'
import { accessOfSql } from './sql.ts'

/** What is sent before the protocol proper begins has no type: length, then one of these or a version. */
const sslRequest = 80877103
const gssRequest = 80877104
const cancelRequest = 80877102
/** The server's own limit. */
const maxStartupBytes = 10_000

/** Prepared statements and portals by name that are remembered; of others it is not known what they do. */
const maxNames = 400
const maxNameLength = 63

/**
 * Whether a client's first bytes are the beginning of PostgreSQL's protocol, version 3; undefined: so far they could be.
 * A startup packet has to be there as a whole: other protocols begin with a length and two small numbers, too.
 */
export function opensPostgres(bytes: Buffer): boolean | undefined {
  if (bytes.length < 8) return bytes[0] === 0 && (bytes[1] ?? 0) === 0 ? undefined : false
  const length = bytes.readUInt32BE(0)
  const code = bytes.readUInt32BE(4)
  if (code === sslRequest || code === gssRequest) return length === 8
  if (code === cancelRequest) return length >= 16 && length <= 268
  if (code >>> 16 !== 3 || length < 16 || length > maxStartupBytes) return false
  if (bytes.length < length) return undefined
  const parameters = bytes.toString('latin1', 8, length)
  return parameters.endsWith('\0\0') && /(?:^|\0)user\0/.test(parameters)
}

/** SQL that is read only when somebody wants to know. */
class Statement {
  readonly #sql: string
  #access: WireAccess | undefined

  constructor(sql: string) {
    this.#sql = sql
  }

  get access(): WireAccess {
    return (this.#access ??= accessOfSql(this.#sql, 'postgres'))
  }
}

interface Known {
  readonly access: WireAccess
}

const unknown: Known = { access: 'unknown' }

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class PostgresReader extends FramedReader {
  #hasStarted = false
  readonly #statements = new Names()
  readonly #portals = new Names()

  protected override lengthOf(bytes: Buffer, start: number): number | Unclear {
    const there = bytes.length - start
    if (!this.#hasStarted) {
      if (there < 4) return 'more'
      const length = bytes.readUInt32BE(start)
      return length < 8 || length > maxStartupBytes ? 'lost' : length
    }
    if (there < 5) return 'more'
    const length = bytes.readInt32BE(start + 1)
    return length < 4 ? 'lost' : 1 + length
  }

  protected override message(
    bytes: Buffer,
    isWhole: boolean,
    tell: Tell | undefined,
  ): 'lost' | undefined {
    if (!this.#hasStarted) {
      const code = bytes.readUInt32BE(4)
      if (code === cancelRequest) tell?.('write')
      else {
        this.#hasStarted = code !== sslRequest && code !== gssRequest
        tell?.('read')
      }
      return undefined
    }
    const type = String.fromCharCode(bytes[0] ?? 0)
    const text = new CStrings(bytes, 5)
    switch (type) {
      case 'Q':
        tell?.(isWhole ? accessOfSql(text.next(), 'postgres') : 'unknown')
        return undefined
      case 'P': {
        const name = text.next()
        const statement = isWhole ? new Statement(text.next()) : unknown
        this.#statements.set(name, statement)
        tell?.(statement.access)
        return undefined
      }
      case 'B': {
        const portal = text.next()
        const statement = this.#statements.get(text.next())
        this.#portals.set(portal, statement)
        tell?.(statement.access)
        return undefined
      }
      case 'E':
        tell?.(this.#portals.get(text.next()).access)
        return undefined
      case 'C': {
        const names = bytes[5] === 0x53 /* S */ ? this.#statements : this.#portals
        names.close(new CStrings(bytes, 6).next())
        tell?.('read')
        return undefined
      }
      // Describe, flush, sync, terminate, password, failing COPY.
      case 'D':
      case 'H':
      case 'S':
      case 'X':
      case 'p':
      case 'f':
        tell?.('read')
        return undefined
      // COPY data and its end, function call.
      case 'd':
      case 'c':
      case 'F':
        tell?.('write')
        return undefined
      default:
        return 'lost'
    }
  }
}

/** What statements or portals do. */
class Names {
  readonly #named = new Map<string, Known>()
  #unnamed: Known = unknown

  get(name: string): Known {
    return name === '' ? this.#unnamed : (this.#named.get(name) ?? unknown)
  }

  set(name: string, known: Known): void {
    if (name === '') {
      this.#unnamed = known
      return
    }
    const before = this.#named.get(name)
    // The server refuses to define a name again, and goes on with what it was before.
    if (before !== undefined && before.access !== 'read') return
    if (before === undefined && (this.#named.size >= maxNames || name.length > maxNameLength))
      return
    // Without its text, which would have to be kept.
    this.#named.set(name, { access: known.access })
  }

  /** Names of writes stay: after an error earlier in the pipeline the server skips this. */
  close(name: string): void {
    if (this.#named.get(name)?.access === 'read') this.#named.delete(name)
  }
}

/** Strings that end with a NUL, one after the other. */
class CStrings {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#at = start
  }

  next(): string {
    const start = this.#at
    const end = this.#bytes.indexOf(0, start)
    this.#at = end === -1 ? this.#bytes.length : end + 1
    return this.#bytes.toString('latin1', start, end === -1 ? this.#bytes.length : end)
  }
}
