import { FramedReader, type Tell, type Unclear, type WireAccess } from './messages.ts'
import { accessOfSql } from './sql.ts'

const headerBytes = 4
/** A packet of this length is continued by the next one. */
const fullPacket = 0xffffff

const flagCompress = 0x20
const flagProtocol41 = 0x200
const flagSsl = 0x800
const flagZstd = 0x400_0000

/** Capabilities (4 bytes), longest packet (4), character set (1), filler. */
const greetingBytes = 32
const fillerAt = 9
/** The rest of the filler MariaDB uses. */
const fillerEnd = 28

/**
 * Whether a client's first bytes are the beginning of its answer to a MySQL server's greeting; undefined: so far they could be.
 * Over TLS that answer is the second packet of the client.
 */
export function opensMysql(bytes: Buffer): boolean | undefined {
  if (bytes.length < headerBytes) return undefined
  const sequence = bytes[3]
  const length = bytes.readUIntLE(0, 3)
  if ((sequence !== 1 && sequence !== 2) || length < greetingBytes) return false
  if (bytes.length < headerBytes + greetingBytes) return undefined
  const flags = bytes.readUInt32LE(headerBytes)
  if ((flags & flagProtocol41) === 0) return false
  if (sequence === 2 && (flags & flagSsl) === 0) return false
  const filler = bytes.subarray(headerBytes + fillerAt, headerBytes + fillerEnd)
  return filler.every((byte) => byte === 0)
}

const comQuery = 0x03
const comChangeUser = 0x11
const comPrepare = 0x16
const comExecute = 0x17

/** By the first byte of a command; others are unknown. */
const commands: Readonly<Record<number, WireAccess>> = {
  0x01: 'read', // quit
  0x02: 'read', // init db
  0x04: 'read', // field list
  0x05: 'write', // create db
  0x06: 'write', // drop db
  0x07: 'write', // refresh
  0x08: 'write', // shutdown
  0x09: 'read', // statistics
  0x0a: 'read', // process info
  0x0c: 'write', // process kill
  0x0e: 'read', // ping
  0x18: 'read', // statement: long data
  0x19: 'read', // statement: close
  0x1a: 'read', // statement: reset
  0x1b: 'read', // set option
  0x1c: 'read', // statement: fetch
  0x1f: 'read', // reset connection
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html */
export class MysqlReader extends FramedReader {
  #phase: 'greeting' | 'authentication' | 'commands' = 'greeting'
  #isContinued = false
  /** An execution names a number that the server has given, so which statement it executes cannot be told. */
  #hasPreparedWrites = false

  protected override lengthOf(bytes: Buffer, start: number): number | Unclear {
    if (bytes.length - start < headerBytes) return 'more'
    return headerBytes + bytes.readUIntLE(start, 3)
  }

  protected override message(
    bytes: Buffer,
    isWhole: boolean,
    tell: Tell | undefined,
  ): 'lost' | undefined {
    const wasContinued = this.#isContinued
    this.#isContinued = bytes.readUIntLE(0, 3) === fullPacket
    if (wasContinued) return undefined
    if (this.#phase === 'greeting') return this.#greet(bytes, tell)
    const isCommand = bytes[3] === 0 && bytes.length > headerBytes
    if (isCommand) this.#phase = 'commands'
    if (this.#phase === 'authentication') tell?.('read')
    // An answer within a command: the content of a local file.
    else if (!isCommand) tell?.('unknown')
    else return this.#command(bytes, isWhole, tell)
    return undefined
  }

  #greet(bytes: Buffer, tell: Tell | undefined): 'lost' | undefined {
    if (bytes.length < headerBytes + 4) return 'lost'
    const flags = bytes.readUInt32LE(headerBytes)
    const isTlsRequest = bytes.length === headerBytes + greetingBytes && (flags & flagSsl) !== 0
    if (!isTlsRequest) this.#phase = 'authentication'
    // Whether it will be compressed the server decides.
    if ((flags & (flagCompress | flagZstd)) !== 0 && !isTlsRequest) return 'lost'
    tell?.('read')
    return undefined
  }

  #command(bytes: Buffer, isWhole: boolean, tell: Tell | undefined): 'lost' | undefined {
    const command = bytes[headerBytes] ?? 0
    if (command === comQuery) {
      if (tell !== undefined) tell(isWhole ? accessOfQuery(bytes) : 'unknown')
    } else if (command === comPrepare) {
      const access = isWhole ? accessOf(bytes, headerBytes + 1) : 'unknown'
      if (access !== 'read') this.#hasPreparedWrites = true
      tell?.(access)
    } else if (command === comExecute) tell?.(this.#hasPreparedWrites ? 'write' : 'read')
    // It starts over with an authentication whose packets look like any others.
    else if (command === comChangeUser) return 'lost'
    else tell?.(commands[command] ?? 'unknown')
    return undefined
  }
}

/** In front of the SQL a client that has negotiated them sends query attributes. */
function accessOfQuery(bytes: Buffer): WireAccess {
  const at = headerBytes + 1
  if (bytes[at] === 0 && bytes[at + 1] === 1) return accessOf(bytes, at + 2)
  return (bytes[at] ?? 0) < 0x09 ? 'unknown' : accessOf(bytes, at)
}

function accessOf(bytes: Buffer, start: number): WireAccess {
  return accessOfSql(bytes.toString('latin1', start), 'mysql')
}
